package algebra

import (
	"net/netip"
	"slices"
)

// NewAddrSet returns the set of the addresses in any of the ranges, given in any order and overlapping
// as they like. Ranges that are not Valid are ignored, after IPv4-mapped ends were turned into IPv4.
func NewAddrSet(ranges ...AddrRange) AddrSet {
	valid := make(AddrSet, 0, len(ranges))
	for _, r := range ranges {
		if r = r.unmap(); r.Valid() {
			valid = append(valid, r)
		}
	}
	return mergeAddrs(valid)
}

// PrefixSet returns the addresses of cidr that are in none of the prefixes except. An invalid prefix
// holds no address.
func PrefixSet(cidr netip.Prefix, except ...netip.Prefix) AddrSet {
	holes := make([]AddrRange, len(except))
	for i, p := range except {
		holes[i] = FromPrefix(p)
	}
	return NewAddrSet(FromPrefix(cidr)).Subtract(NewAddrSet(holes...))
}

// In returns the addresses of s that are of family f.
func (s AddrSet) In(f Family) AddrSet {
	n := slices.IndexFunc(s, func(r AddrRange) bool { return r.Family() == IPv6 })
	if n < 0 {
		n = len(s)
	}
	if f == IPv4 {
		return s[:n:n]
	}
	return s[n:]
}

// Union returns the addresses that are in s or in t.
func (s AddrSet) Union(t AddrSet) AddrSet {
	switch {
	case t.SubsetOf(s):
		return s
	case s.SubsetOf(t):
		return t
	}
	return mergeAddrs(slices.Concat(s, t))
}

// Intersect returns the addresses that are in both s and t.
func (s AddrSet) Intersect(t AddrSet) AddrSet {
	var out AddrSet
	for i, j := 0, 0; i < len(s) && j < len(t); {
		from, to := s[i].From, s[i].To
		if from.Less(t[j].From) {
			from = t[j].From
		}
		if t[j].To.Less(to) {
			to = t[j].To
			j++
		} else {
			i++
		}
		// Ends of two families never meet here: all of IPv4 is less than all of IPv6.
		if !to.Less(from) {
			out = append(out, AddrRange{from, to})
		}
	}
	return out
}

// Subtract returns the addresses of s that are not in t.
func (s AddrSet) Subtract(t AddrSet) AddrSet {
	if !s.Overlaps(t) {
		return s
	}
	var out AddrSet
	j := 0
	for _, r := range s {
		from, done := r.From, false
		for ; j < len(t) && !r.To.Less(t[j].From); j++ {
			if t[j].To.Less(from) {
				continue
			}
			if from.Less(t[j].From) {
				out = append(out, AddrRange{from, t[j].From.Prev()})
			}
			// A range of t that reaches past r may also cover the next of s, so it stays current.
			if done = !t[j].To.Less(r.To); done {
				break
			}
			from = t[j].To.Next()
		}
		if !done {
			out = append(out, AddrRange{from, r.To})
		}
	}
	return out
}

// Overlaps reports whether s and t have an address in common.
func (s AddrSet) Overlaps(t AddrSet) bool {
	for i, j := 0, 0; i < len(s) && j < len(t); {
		switch {
		case s[i].To.Less(t[j].From):
			i++
		case t[j].To.Less(s[i].From):
			j++
		default:
			return true
		}
	}
	return false
}

// SubsetOf reports whether every address of s is in t.
func (s AddrSet) SubsetOf(t AddrSet) bool {
	for _, r := range s {
		// t is canonical, so a range of s lies in t exactly when one range of t covers it.
		j := seekAddr(t, r.From)
		if j == len(t) || r.From.Less(t[j].From) || t[j].To.Less(r.To) {
			return false
		}
		t = t[j:]
	}
	return true
}

// mergeAddrs makes valid ranges canonical in place.
func mergeAddrs(ranges AddrSet) AddrSet {
	slices.SortFunc(ranges, func(a, b AddrRange) int { return a.From.Compare(b.From) })
	out := ranges[:0] // never longer than what was read
	for _, r := range ranges {
		n := len(out)
		// The last address of a family has no Next, and the zero Addr is less than every other.
		if n == 0 || out[n-1].To.Less(r.From) && out[n-1].To.Next() != r.From {
			out = append(out, r)
		} else if out[n-1].To.Less(r.To) {
			out[n-1].To = r.To
		}
	}
	return out
}
