package algebra

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

const universe = 64 // values of the small sets, placed at either end of uint32

// sample returns a random set and its members as a bitmap. The values lie in offset..offset+universe-1.
func sample(r *rand.Rand, offset uint32) (Set, [universe]bool) {
	var bits [universe]bool
	var b Builder
	for range r.IntN(7) {
		lo := r.IntN(universe)
		hi := min(lo+r.IntN(12), universe-1)
		b.Add(offset+uint32(lo), offset+uint32(hi))
		for v := lo; v <= hi; v++ {
			bits[v] = true
		}
	}
	return b.Set(), bits
}

func forSamples(t *testing.T, check func(t *testing.T, r *rand.Rand, offset uint32)) {
	t.Helper()
	for _, offset := range []uint32{0, 1000, math.MaxUint32 - universe + 1} {
		for seed := range uint64(3000) {
			if check(t, rand.New(rand.NewPCG(seed, 1)), offset); t.Failed() {
				t.Fatalf("offset %d, seed %d", offset, seed)
			}
		}
	}
}

func checkCanonical(t *testing.T, s Set) {
	t.Helper()
	for i, x := range s {
		if x.Lo > x.Hi {
			t.Errorf("%v: interval %d is empty", s, i)
		}
		if i > 0 && uint64(s[i-1].Hi)+1 >= uint64(x.Lo) {
			t.Errorf("%v: interval %d touches the one before", s, i)
		}
	}
}

// checkBits compares s with the naive answer.
func checkBits(t *testing.T, name string, s Set, offset uint32, want func(v int) bool) {
	t.Helper()
	checkCanonical(t, s)
	n := uint64(0)
	for v := range universe {
		if want(v) {
			n++
		}
		if got := s.Contains(offset + uint32(v)); got != want(v) {
			t.Errorf("%s: Contains(offset+%d) = %v in %v", name, v, got, s)
		}
	}
	if s.Size() != n {
		t.Errorf("%s: Size() = %d, want %d", name, s.Size(), n)
	}
	if s.Empty() != (n == 0) {
		t.Errorf("%s: Empty() = %v with %d values", name, s.Empty(), n)
	}
}

func TestSetAgreesWithBitmap(t *testing.T) {
	forSamples(t, func(t *testing.T, r *rand.Rand, offset uint32) {
		a, x := sample(r, offset)
		b, y := sample(r, offset)
		before := [2]Set{slices.Clone(a), slices.Clone(b)}
		checkBits(t, "a", a, offset, func(v int) bool { return x[v] })
		checkBits(t, "union", a.Union(b), offset, func(v int) bool { return x[v] || y[v] })
		checkBits(t, "intersect", a.Intersect(b), offset, func(v int) bool { return x[v] && y[v] })
		checkBits(t, "subtract", a.Subtract(b), offset, func(v int) bool { return x[v] && !y[v] })
		overlaps, subset := false, true
		for v := range universe {
			overlaps = overlaps || x[v] && y[v]
			subset = subset && (!x[v] || y[v])
		}
		if a.Overlaps(b) != overlaps || a.SubsetOf(b) != subset || a.Equal(b) != (x == y) {
			t.Errorf("%v, %v: overlaps %v, subset %v, equal %v", a, b, a.Overlaps(b), a.SubsetOf(b), a.Equal(b))
		}
		if !a.Equal(before[0]) || !b.Equal(before[1]) {
			t.Errorf("an operand changed: %v to %v, %v to %v", before[0], a, before[1], b)
		}
	})
}

func TestAppendAgreesWithMethods(t *testing.T) {
	buf := make(Set, 0, 1)
	forSamples(t, func(t *testing.T, r *rand.Rand, offset uint32) {
		a, _ := sample(r, offset)
		b, _ := sample(r, offset)
		for _, c := range []struct {
			name string
			f    func(dst, a, b Set) Set
			want Set
		}{
			{"union", AppendUnion, a.Union(b)},
			{"intersect", AppendIntersect, a.Intersect(b)},
			{"subtract", AppendSubtract, a.Subtract(b)},
		} {
			if buf = c.f(buf, a, b); !buf.Equal(c.want) {
				t.Errorf("%s of %v and %v = %v, want %v", c.name, a, b, buf, c.want)
			}
		}
	})
}

func TestSetLaws(t *testing.T) {
	all := Of(0, math.MaxUint32)
	forSamples(t, func(t *testing.T, r *rand.Rand, offset uint32) {
		a, _ := sample(r, offset)
		b, _ := sample(r, offset)
		c, _ := sample(r, offset)
		not := func(s Set) Set { return all.Subtract(s) }
		for _, law := range []struct {
			name     string
			lhs, rhs Set
		}{
			{"union commutes", a.Union(b), b.Union(a)},
			{"intersection commutes", a.Intersect(b), b.Intersect(a)},
			{"union associates", a.Union(b).Union(c), a.Union(b.Union(c))},
			{"intersection associates", a.Intersect(b).Intersect(c), a.Intersect(b.Intersect(c))},
			{"intersection distributes", a.Intersect(b.Union(c)), a.Intersect(b).Union(a.Intersect(c))},
			{"union distributes", a.Union(b.Intersect(c)), a.Union(b).Intersect(a.Union(c))},
			{"De Morgan of union", not(a.Union(b)), not(a).Intersect(not(b))},
			{"De Morgan of intersection", not(a.Intersect(b)), not(a).Union(not(b))},
			{"double complement", not(not(a)), a},
			{"difference is meet with complement", a.Subtract(b), a.Intersect(not(b))},
			{"difference and meet rebuild", a.Subtract(b).Union(a.Intersect(b)), a},
			{"union is idempotent", a.Union(a), a},
			{"intersection is idempotent", a.Intersect(a), a},
			{"absorption", a.Union(a.Intersect(b)), a},
			{"difference with itself", a.Subtract(a), nil},
			{"UnionAll is a chain of Union", UnionAll([]Set{a, b, c}), a.Union(b).Union(c)},
		} {
			checkCanonical(t, law.lhs)
			if !law.lhs.Equal(law.rhs) {
				t.Errorf("%s: %v, %v with a=%v b=%v c=%v", law.name, law.lhs, law.rhs, a, b, c)
			}
			if law.lhs.Hash() != law.rhs.Hash() {
				t.Errorf("%s: hashes of %v differ", law.name, law.lhs)
			}
		}
	})
}

// A published analyzer answers with nothing for one of these orders.
func TestIntersectRangesInBothOrders(t *testing.T) {
	a, b, want := Ports(TCP, 10, 20), Ports(TCP, 15, 30), Ports(TCP, 15, 20)
	if got := a.Intersect(b); !got.Equal(want) {
		t.Errorf("a and b: %v", got)
	}
	if got := b.Intersect(a); !got.Equal(want) {
		t.Errorf("b and a: %v", got)
	}
}

// The gallop of a search matters only with many intervals.
func TestManyIntervals(t *testing.T) {
	var b Builder
	for v := range uint32(5000) {
		b.Add(v*4, v*4+1)
	}
	many := b.Set()
	r := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		lo := r.Uint32N(20100)
		few := NewSet(Interval{lo, lo + r.Uint32N(9)}, Interval{lo + 3000, lo + 3000 + r.Uint32N(9)})
		var in, out Builder
		for v := range few.Values() {
			if v < 20000 && v%4 < 2 {
				in.Add(v, v)
			} else {
				out.Add(v, v)
			}
		}
		if got := few.Intersect(many); !got.Equal(in.Set()) {
			t.Fatalf("%v: intersection %v, want %v", few, got, in.Set())
		}
		if got := many.Intersect(few); !got.Equal(in.Set()) {
			t.Fatalf("%v: intersection the other way %v, want %v", few, got, in.Set())
		}
		if got := few.Subtract(many); !got.Equal(out.Set()) {
			t.Fatalf("%v: difference %v, want %v", few, got, out.Set())
		}
		if got, want := few.Overlaps(many), !in.Set().Empty(); got != want || many.Overlaps(few) != want {
			t.Fatalf("%v: overlaps %v, want %v", few, got, want)
		}
		if got, want := few.SubsetOf(many), out.Set().Empty(); got != want {
			t.Fatalf("%v: subset %v, want %v", few, got, want)
		}
	}
}
