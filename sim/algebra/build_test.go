package algebra

import (
	"math"
	"slices"
	"testing"
)

func TestNewSet(t *testing.T) {
	const last = math.MaxUint32
	for _, c := range []struct {
		name string
		in   []Interval
		want Set
	}{
		{"nothing", nil, nil},
		{"empty intervals", []Interval{{5, 4}, {last, 0}}, nil},
		{"any order", []Interval{{9, 9}, {1, 2}}, Set{{1, 2}, {9, 9}}},
		{"adjacent", []Interval{{3, 4}, {1, 2}}, Set{{1, 4}}},
		{"nested", []Interval{{1, 9}, {3, 4}, {8, 12}}, Set{{1, 12}}},
		{"gap of one", []Interval{{1, 2}, {4, 5}}, Set{{1, 2}, {4, 5}}},
		{"duplicates of zero", []Interval{{0, 0}, {0, 0}, {1, 1}}, Set{{0, 1}}},
		{"the last value", []Interval{{last, last}, {0, 0}}, Set{{0, 0}, {last, last}}},
		{"everything", []Interval{{1, last}, {0, 0}, {last, last}}, Set{{0, last}}},
	} {
		if got := NewSet(c.in...); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestOfAndSingle(t *testing.T) {
	if got := Of(2, 1); !got.Empty() {
		t.Errorf("Of(2, 1) = %v", got)
	}
	if got := Of(1, 1); !got.Equal(Single(1)) {
		t.Errorf("Of(1, 1) = %v", got)
	}
	if got := Of(0, math.MaxUint32).Size(); got != 1<<32 {
		t.Errorf("size of everything = %d", got)
	}
}

func TestBuilderIsReusable(t *testing.T) {
	var b Builder
	if got := b.Set(); got != nil {
		t.Errorf("a new Builder has %v", got)
	}
	b.Add(5, 6)
	b.Add(1, 2)
	first := b.Set()
	b.AddSet(Set{{3, 4}})
	second := b.Set()
	b.Reset()
	b.Add(100, 200)
	if want := (Set{{1, 2}, {5, 6}}); !first.Equal(want) {
		t.Errorf("first = %v, want %v", first, want)
	}
	if want := (Set{{1, 6}}); !second.Equal(want) {
		t.Errorf("second = %v, want %v", second, want)
	}
	if want := (Set{{100, 200}}); !b.Set().Equal(want) {
		t.Errorf("after Reset = %v, want %v", b.Set(), want)
	}
}

func TestUnionAll(t *testing.T) {
	a := Set{{1, 2}, {9, 9}}
	for _, c := range []struct {
		name string
		in   []Set
		want Set
	}{
		{"nothing", nil, nil},
		{"empty sets", []Set{nil, {}}, nil},
		{"one among empty", []Set{nil, a, nil}, a},
		{"the same twice", []Set{a, a}, a},
		{"three", []Set{{{3, 3}}, a, {{0, 0}}}, Set{{0, 3}, {9, 9}}},
	} {
		if got := UnionAll(c.in); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if !a.Equal(Set{{1, 2}, {9, 9}}) {
		t.Errorf("an operand changed: %v", a)
	}
}

func TestValuesAndMin(t *testing.T) {
	const last = math.MaxUint32
	s := Set{{0, 1}, {5, 5}, {last - 1, last}}
	if got, want := slices.Collect(s.Values()), []uint32{0, 1, 5, last - 1, last}; !slices.Equal(got, want) {
		t.Errorf("Values() = %v, want %v", got, want)
	}
	for v := range s.Values() {
		if v == 1 {
			break // must not run on
		}
	}
	if v, ok := s.Min(); v != 0 || !ok {
		t.Errorf("Min() = %d, %v", v, ok)
	}
	if _, ok := Set(nil).Min(); ok {
		t.Error("the empty set has a smallest value")
	}
}
