package algebra

import (
	"cmp"
	"slices"
)

// NewSet returns the set of the values in any of the intervals, given in any order and overlapping as
// they like. Empty intervals (Lo > Hi) are ignored.
func NewSet(iv ...Interval) Set {
	var b Builder
	for _, x := range iv {
		b.Add(x.Lo, x.Hi)
	}
	return b.Set()
}

// UnionAll returns the union of all sets in O(n log n) of the total number n of intervals, where a
// chain of Union would take O(n) for each set.
func UnionAll(sets []Set) Set {
	n := 0
	var only Set
	for _, s := range sets {
		if n += len(s); n > 0 && n == len(s) {
			only = s
		}
	}
	if n == len(only) {
		return only
	}
	all := make(Set, 0, n)
	for _, s := range sets {
		all = append(all, s...)
	}
	return merge(all)
}

// Builder collects intervals in any order and makes a set of them. The zero Builder is ready to use.
type Builder struct{ iv Set }

// Add adds the values lo..hi, or nothing when lo > hi.
func (b *Builder) Add(lo, hi uint32) {
	if lo <= hi {
		b.iv = append(b.iv, Interval{lo, hi})
	}
}

// AddSet adds the values of s.
func (b *Builder) AddSet(s Set) { b.iv = append(b.iv, s...) }

// Set returns the set of all values added since the last Reset. It shares no memory with the Builder,
// to which more may be added.
func (b *Builder) Set() Set {
	b.iv = merge(b.iv)
	if len(b.iv) == 0 {
		return nil
	}
	return slices.Clone(b.iv)
}

// Reset forgets all values and keeps the memory for the next set.
func (b *Builder) Reset() { b.iv = b.iv[:0] }

// merge makes iv canonical in place.
func merge(iv Set) Set {
	byLo := func(x, y Interval) int { return cmp.Compare(x.Lo, y.Lo) }
	if !slices.IsSortedFunc(iv, byLo) {
		slices.SortFunc(iv, byLo)
	}
	out := iv[:0] // never longer than what was read
	for _, x := range iv {
		out = push(out, x)
	}
	return out
}
