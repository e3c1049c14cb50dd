package algebra

import (
	"net/netip"
	"testing"
)

// spaced returns a set of n intervals of ten values, the first at start and then every step.
func spaced(n int, start, step uint32) Set {
	var b Builder
	for i := range uint32(n) {
		b.Add(start+i*step, start+i*step+9)
	}
	return b.Set()
}

// What a single verdict runs must not allocate.
func TestHotPathDoesNotAllocate(t *testing.T) {
	var hit, miss bool
	for n := 1; n <= 8; n++ {
		s, other := spaced(n, 100, 100), spaced(n, 105, 100)
		buf := make(Set, 0, 2*n+1)
		for name, f := range map[string]func(){
			"Contains":        func() { hit, miss = s.Contains(105), s.Contains(uint32(n)*100+50) },
			"Overlaps":        func() { hit = s.Overlaps(other) },
			"SubsetOf":        func() { miss = s.SubsetOf(other) },
			"Equal":           func() { miss = s.Equal(other) },
			"Hash":            func() { _ = s.Hash() },
			"AppendUnion":     func() { buf = AppendUnion(buf, s, other) },
			"AppendIntersect": func() { buf = AppendIntersect(buf, s, other) },
			"AppendSubtract":  func() { buf = AppendSubtract(buf, s, other) },
			"union with part": func() { _ = s.Union(s[:1]) },
			"meet with whole": func() { _ = s[:1].Intersect(s) },
			"meet of nothing": func() { _ = s.Intersect(nil) },
			"minus nothing":   func() { _ = s.Subtract(nil) },
		} {
			if got := testing.AllocsPerRun(20, f); got != 0 {
				t.Errorf("%s on %d intervals: %v allocations", name, n, got)
			}
		}
		if !hit || miss {
			t.Errorf("%d intervals: hit %v, miss %v", n, hit, miss)
		}
	}
}

func TestKnownResultsDoNotAllocate(t *testing.T) {
	in := NewInterner()
	x, y := in.ID(Ports(TCP, 1, 9)), in.ID(Ports(TCP, 5, 20))
	in.Union(x, y)
	child, known := in.Clone(), in.Set(x)
	addrs, a := AllAddrs(), netip.MustParseAddr("10.0.0.1")
	if got := testing.AllocsPerRun(20, func() {
		_ = child.Union(x, y)
		_ = child.ID(known)
		_ = child.Set(x)
		_ = addrs.Contains(a)
	}); got != 0 {
		t.Errorf("%v allocations", got)
	}
}
