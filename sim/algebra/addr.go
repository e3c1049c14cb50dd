package algebra

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"strings"
)

// AddrRange is the closed range of the addresses From..To, both of one family and without zone. IPv4
// addresses are in their 4-byte form. The zero AddrRange is invalid and holds nothing.
type AddrRange struct{ From, To netip.Addr }

// AddrSet is an exact set of addresses of both families. It is canonical: IPv4 before IPv6, ranges
// sorted, disjoint and never adjacent. Nil is the empty set. Build one with [NewAddrSet] or
// [PrefixSet]; a literal must be canonical.
//
// An IPv4-mapped IPv6 address (::ffff:1.2.3.4) is the IPv4 address. An IPv6 range across that block
// is not cut by it, yet holds no address there. Addresses with a zone are in no set.
type AddrSet []AddrRange

// FromPrefix returns the range of the addresses of p, or the zero AddrRange when p is invalid.
func FromPrefix(p netip.Prefix) AddrRange {
	if !p.IsValid() {
		return AddrRange{}
	}
	from := p.Masked().Addr()
	return AddrRange{from, lastAddr(from, p.Bits())}.unmap()
}

// Valid reports whether r holds an address: both ends are of one family and without zone, and From is
// not after To.
func (r AddrRange) Valid() bool {
	return r.From.BitLen() == r.To.BitLen() && r.From.Zone() == "" && r.To.Zone() == "" &&
		r.From.IsValid() && r.From.Compare(r.To) <= 0
}

// Family returns the family of r.
func (r AddrRange) Family() Family {
	if r.From.Is4() {
		return IPv4
	}
	return IPv6
}

// String returns "10.0.0.0-10.255.255.255", or "10.0.0.1" for a single address.
func (r AddrRange) String() string {
	if r.From == r.To {
		return r.From.String()
	}
	return r.From.String() + "-" + r.To.String()
}

// unmap turns IPv4-mapped ends into IPv4, where that leaves both ends in one family.
func (r AddrRange) unmap() AddrRange {
	u := AddrRange{r.From.Unmap(), r.To.Unmap()}
	if u.From.Is4() && u.To.Is4() && r.From.Zone() == "" && r.To.Zone() == "" {
		return u
	}
	return r
}

// AllAddrs returns all addresses of both families.
func AllAddrs() AddrSet { return AddrSet{wholeFamily(IPv4), wholeFamily(IPv6)} }

// AllAddrsIn returns all addresses of family f.
func AllAddrsIn(f Family) AddrSet { return AddrSet{wholeFamily(f)} }

func wholeFamily(f Family) AddrRange {
	first := netip.IPv6Unspecified()
	if f == IPv4 {
		first = netip.IPv4Unspecified()
	}
	return AddrRange{first, lastAddr(first, 0)}
}

// Empty reports whether s holds no address.
func (s AddrSet) Empty() bool { return len(s) == 0 }

// Contains reports whether a is in s. An IPv4-mapped address is looked up as IPv4; an invalid address
// and one with a zone are in no set.
func (s AddrSet) Contains(a netip.Addr) bool {
	if a.Zone() != "" {
		return false // asked before Unmap, which drops the zone
	}
	a = a.Unmap()
	i := seekAddr(s, a)
	return i < len(s) && !a.Less(s[i].From)
}

// Equal reports whether s and t hold the same addresses.
func (s AddrSet) Equal(t AddrSet) bool { return slices.Equal(s, t) }

// Hash returns a hash of the addresses of s. Equal sets have equal hashes in every process.
func (s AddrSet) Hash() uint64 {
	h := uint64(len(s))
	for _, r := range s {
		for _, b := range [...][16]byte{r.From.As16(), r.To.As16()} {
			h = mix(h, binary.BigEndian.Uint64(b[:8]))
			h = mix(h, binary.BigEndian.Uint64(b[8:]))
		}
	}
	return h
}

// String returns the ranges joined by commas, or "none". [ParseAddrSet] reads it.
func (s AddrSet) String() string {
	if len(s) == 0 {
		return "none"
	}
	texts := make([]string, len(s))
	for i, r := range s {
		texts[i] = r.String()
	}
	return strings.Join(texts, ",")
}

// seekAddr returns the first index whose range ends at or after a, or len(s).
func seekAddr(s AddrSet, a netip.Addr) int {
	lo, hi := 0, len(s)
	for lo < hi {
		if m := int(uint(lo+hi) >> 1); s[m].To.Less(a) {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}
