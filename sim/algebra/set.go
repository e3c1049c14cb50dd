package algebra

import (
	"iter"
	"math/bits"
	"slices"
)

// Interval is the closed range of values Lo..Hi. It is empty when Lo > Hi.
type Interval struct{ Lo, Hi uint32 }

// Set is an exact set of uint32 values. It is canonical: intervals are sorted, disjoint and never
// adjacent, so two sets are equal exactly when their intervals are. Nil is the empty set. Build one
// with [NewSet], [Of], [Single], [UnionAll] or a [Builder]; a literal must be canonical.
type Set []Interval

// Of returns the set of the values lo..hi, empty when lo > hi.
func Of(lo, hi uint32) Set {
	if lo > hi {
		return nil
	}
	return Set{{lo, hi}}
}

// Single returns the set that holds v alone.
func Single(v uint32) Set { return Set{{v, v}} }

// Empty reports whether s holds no value.
func (s Set) Empty() bool { return len(s) == 0 }

// Contains reports whether v is in s.
func (s Set) Contains(v uint32) bool {
	lo, hi := 0, len(s)
	for lo < hi {
		if m := int(uint(lo+hi) >> 1); s[m].Hi < v {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo < len(s) && s[lo].Lo <= v
}

// Equal reports whether s and t hold the same values.
func (s Set) Equal(t Set) bool { return slices.Equal(s, t) }

// Overlaps reports whether s and t have a value in common.
func (s Set) Overlaps(t Set) bool {
	for i, j := 0, 0; i < len(s) && j < len(t); {
		if s[i].Lo > t[j].Hi {
			j = seek(t, j, s[i].Lo)
		} else if t[j].Lo > s[i].Hi {
			i = seek(s, i, t[j].Lo)
		} else {
			return true
		}
	}
	return false
}

// SubsetOf reports whether every value of s is in t.
func (s Set) SubsetOf(t Set) bool {
	j := 0
	for _, x := range s {
		// t is canonical, so an interval of s lies in t exactly when one interval of t covers it.
		j = seek(t, j, x.Lo)
		if j == len(t) || t[j].Lo > x.Lo || t[j].Hi < x.Hi {
			return false
		}
	}
	return true
}

// Size returns the number of values in s.
func (s Set) Size() uint64 {
	var n uint64
	for _, x := range s {
		n += uint64(x.Hi) - uint64(x.Lo) + 1
	}
	return n
}

// Min returns the smallest value of s, and false when s is empty.
func (s Set) Min() (uint32, bool) {
	if len(s) == 0 {
		return 0, false
	}
	return s[0].Lo, true
}

// Hash returns a hash of the values of s. Equal sets have equal hashes in every process.
func (s Set) Hash() uint64 {
	h := uint64(len(s))
	for _, x := range s {
		h = mix(h, uint64(x.Lo)<<32|uint64(x.Hi))
	}
	return h
}

// Values yields the values of s in ascending order. A set may hold up to 2^32 of them.
func (s Set) Values() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for _, x := range s {
			for v := x.Lo; ; v++ {
				if !yield(v) {
					return
				}
				// The test stands before the step because Hi may be the largest uint32.
				if v == x.Hi {
					break
				}
			}
		}
	}
}

// mix folds v into the hash h by the high and low halves of a product, which spreads every input bit.
func mix(h, v uint64) uint64 {
	hi, lo := bits.Mul64(h^v^0x9e3779b97f4a7c15, 0xd6e8feb86659fd93)
	return bits.RotateLeft64(h, 23) ^ hi ^ lo
}

// seek returns the first index from i on whose interval ends at or after v, or len(s). It gallops, so
// that a small set against a large one costs the logarithm of the distance and not the distance.
func seek(s Set, i int, v uint32) int {
	if i >= len(s) || s[i].Hi >= v {
		return i
	}
	step := 1
	for i+step < len(s) && s[i+step].Hi < v {
		i += step
		step *= 2
	}
	lo, hi := i+1, min(i+step, len(s))
	for lo < hi {
		if m := int(uint(lo+hi) >> 1); s[m].Hi < v {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}
