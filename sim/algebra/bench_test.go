package algebra

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
)

// Intervals of the sets: what most policies have, what a port list has, and the worst of an analyzer.
var benchSizes = []int{1, 8, 64, 4096}

func BenchmarkContains(b *testing.B) {
	for _, n := range benchSizes {
		s := spaced(n, 0, 20)
		b.Run(fmt.Sprintf("intervals=%d", n), func(b *testing.B) {
			v, hits := uint32(0), 0
			for b.Loop() {
				if s.Contains(v) {
					hits++
				}
				if v += 7919; v >= uint32(n)*20 {
					v %= 20
				}
			}
		})
	}
}

func benchPair(b *testing.B, f func(x, y Set) Set) {
	for _, n := range benchSizes {
		x, y := spaced(n, 0, 20), spaced(n, 5, 20)
		b.Run(fmt.Sprintf("intervals=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f(x, y)
			}
		})
	}
}

func BenchmarkUnion(b *testing.B)     { benchPair(b, Set.Union) }
func BenchmarkIntersect(b *testing.B) { benchPair(b, Set.Intersect) }
func BenchmarkSubtract(b *testing.B)  { benchPair(b, Set.Subtract) }

func BenchmarkAppendUnion(b *testing.B) {
	var buf Set
	benchPair(b, func(x, y Set) Set { buf = AppendUnion(buf, x, y); return buf })
}

func BenchmarkAppendIntersect(b *testing.B) {
	var buf Set
	benchPair(b, func(x, y Set) Set { buf = AppendIntersect(buf, x, y); return buf })
}

// A small set against a large one costs the logarithm of the large one.
func BenchmarkIntersectSmallWithLarge(b *testing.B) {
	small, large := Of(40_000, 40_300), spaced(4096, 0, 20)
	var buf Set
	for b.Loop() {
		buf = AppendIntersect(buf, small, large)
	}
}

func BenchmarkUnionAll(b *testing.B) {
	var sets []Set
	for i := range uint32(1000) {
		sets = append(sets, Ports(TCP, uint16(i*37), uint16(i*37)+3))
	}
	b.ReportAllocs()
	for b.Loop() {
		UnionAll(sets)
	}
}

// benchInterner knows 1000 sets, which 0, 1 or the most possible clones were made of.
func benchInterner(layers int) *Interner {
	in := NewInterner()
	for i := range uint16(1000) {
		in.ID(Ports(TCP, i*60, i*60+40))
	}
	for range layers {
		in = in.Clone()
		in.ID(Ports(UDP, uint16(in.Len()), 65535)) // or the clone of a clone would be free
	}
	return in
}

func BenchmarkInterner(b *testing.B) {
	for _, layers := range []int{0, 1, maxLayers - 1} {
		in := benchInterner(layers)
		var ids [256][2]ID
		r := rand.New(rand.NewPCG(9, 9))
		for i := range ids {
			ids[i] = [2]ID{ID(r.IntN(1000)), ID(r.IntN(1000))}
		}
		run := func(name string, f func(x, y ID)) {
			b.Run(fmt.Sprintf("%s/layers=%d", name, layers), func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					f(ids[i%len(ids)][0], ids[i%len(ids)][1])
				}
			})
		}
		run("union", func(x, y ID) { in.Union(x, y) })
		run("intersect", func(x, y ID) { in.Intersect(x, y) })
		run("subtract", func(x, y ID) { in.Subtract(x, y) })
		run("known", func(x, _ ID) { in.ID(in.Set(x)) })
		run("clone", func(_, _ ID) { in.Clone() })
	}
}

func BenchmarkFormatConns(b *testing.B) {
	s := AllConns().Subtract(Ports(TCP, 80, 80))
	for b.Loop() {
		FormatConns(s)
	}
}

func BenchmarkAddrSetContains(b *testing.B) {
	var ranges []AddrRange
	for i := range 256 {
		ranges = append(ranges, FromPrefix(netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i), 0, 0}), 24)))
	}
	s, a := NewAddrSet(ranges...), netip.MustParseAddr("10.77.0.9")
	for b.Loop() {
		s.Contains(a)
	}
}

func BenchmarkPartition(b *testing.B) {
	var sets []AddrSet
	for i := range 1000 {
		p := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 2), byte(i << 6), 0}), 26)
		sets = append(sets, PrefixSet(p.Masked()))
	}
	b.ReportAllocs()
	for b.Loop() {
		Partition(sets)
	}
}
