package algebra

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
)

// ParseAddrSet reads what [AddrSet.String] writes and what people write: a list, separated by commas,
// of addresses ("1.2.3.4"), prefixes ("10.0.0.0/8", whose host bits are ignored) and ranges
// ("10.0.0.5-10.0.0.9") of either family; or "none", or "all". IPv4-mapped IPv6 is IPv4. It fails on
// zones, on ranges that are backwards or of two families, and on all else, and says which item is wrong.
func ParseAddrSet(text string) (AddrSet, error) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "none":
		return nil, nil
	case "all":
		return AllAddrs(), nil
	}
	var ranges []AddrRange
	for item := range strings.SplitSeq(text, ",") {
		r, err := parseRange(strings.TrimSpace(item))
		if err != nil {
			return nil, fmt.Errorf("addresses %q: %w", text, err)
		}
		ranges = append(ranges, r)
	}
	return NewAddrSet(ranges...), nil
}

func parseRange(item string) (AddrRange, error) {
	if item == "" {
		return AddrRange{}, errors.New("an item is empty: want an address, a prefix or a range, " +
			`such as "10.0.0.1", "10.0.0.0/8" or "10.0.0.1-10.0.0.9"`)
	}
	if strings.Contains(item, "/") {
		p, err := netip.ParsePrefix(item)
		if err != nil {
			return AddrRange{}, fmt.Errorf(`%q is not a prefix: want one such as "10.0.0.0/8" or "fd00::/8"`, item)
		}
		return FromPrefix(p), nil
	}
	first, last, isRange := strings.Cut(item, "-")
	from, err := parseAddr(first)
	if err != nil {
		return AddrRange{}, err
	}
	to := from
	if isRange {
		if to, err = parseAddr(last); err != nil {
			return AddrRange{}, err
		}
	}
	r := AddrRange{from, to}.unmap()
	switch {
	case r.From.BitLen() != r.To.BitLen():
		return AddrRange{}, fmt.Errorf("the ends of %q are of two families", item)
	case !r.Valid():
		return AddrRange{}, fmt.Errorf("%q is backwards: want the smaller address first", item)
	}
	return r, nil
}

func parseAddr(text string) (netip.Addr, error) {
	text = strings.TrimSpace(text)
	a, err := netip.ParseAddr(text)
	switch {
	case err != nil:
		return a, fmt.Errorf(`%q is not an address: want one such as "10.0.0.1" or "fd00::1"`, text)
	case a.Zone() != "":
		return a, fmt.Errorf("%q has a zone: a set holds addresses without zone", text)
	}
	return a, nil
}
