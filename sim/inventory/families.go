package inventory

import (
	"net/netip"
	"strings"
)

// families collects which IP families the addresses of a snapshot are of.
type families struct{ v4, v6 bool }

// addr notes an address.
func (f *families) addr(a netip.Addr) {
	if a.Is4() {
		f.v4 = true
	} else {
		f.v6 = true
	}
}

// name notes a family by its API name.
func (f *families) name(s string) {
	f.v4 = f.v4 || s == "IPv4"
	f.v6 = f.v6 || s == "IPv6"
}

// join adds what other collected.
func (f *families) join(other families) {
	f.v4 = f.v4 || other.v4
	f.v6 = f.v6 || other.v6
}

// answer returns the families the cluster may use: both where nothing is known.
func (f *families) answer() (v4, v6 bool) {
	if !f.v4 && !f.v6 {
		return true, true
	}
	return f.v4, f.v6
}

// parseAddr reads an address as the API server does: leading zeros in IPv4 are
// accepted in old objects (k8s.io/utils/net.ParseIPSloppy), IPv4 in IPv6 form is
// IPv4.
func parseAddr(s string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(s)
	if err != nil {
		a, err = netip.ParseAddr(withoutLeadingZeros(s))
	}
	if err != nil || a.Zone() != "" {
		return netip.Addr{}, false
	}
	return a.Unmap(), true
}

// withoutLeadingZeros turns "010.0.0.01" into "10.0.0.1".
func withoutLeadingZeros(s string) string {
	parts := strings.Split(s, ".")
	if len(parts) != 4 {
		return s
	}
	for i, p := range parts {
		for len(p) > 1 && p[0] == '0' {
			p = p[1:]
		}
		parts[i] = p
	}
	return strings.Join(parts, ".")
}

// prefix notes the family of an address range.
func (f *families) prefix(s string) {
	addr, _, _ := strings.Cut(s, "/")
	if a, ok := parseAddr(addr); ok {
		f.addr(a)
	}
}
