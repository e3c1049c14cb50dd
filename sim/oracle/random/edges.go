package random

import (
	"net/netip"
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Keys returns the connections at the edges of every set and named port of a
// model, inside and outside, and a few that it may not speak of, in order.
func Keys(m *model.Model) []uint32 { return keys(m) }

// keys returns the connections at the edges of every set and named port of a
// model, inside and outside, and a few that it may not speak of.
func keys(m *model.Model) []uint32 {
	out := []uint32{
		algebra.ConnKey(algebra.IPv4, algebra.TCP, 80),
		algebra.ConnKey(algebra.IPv6, algebra.UDP, 53),
		algebra.ConnKey(algebra.IPv4, algebra.SCTP, 7777),
		algebra.ConnKey(algebra.IPv4, algebra.ICMP, 8<<8),
		algebra.ConnKey(algebra.IPv6, algebra.ICMPv6, 128<<8),
		algebra.ConnKey(algebra.IPv4, algebra.Protocol(47), 0),
	}
	for p := range policies(m) {
		out = appendEdges(out, p.Domain)
		for i := range p.Rules {
			out = appendEdges(out, p.Rules[i].Traffic.Conns)
		}
	}
	for i := range m.Endpoints {
		for _, port := range m.Endpoints[i].Ports {
			out = appendEdges(out, algebra.Ports(port.Protocol, port.Port, port.Port))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func appendEdges(out []uint32, s algebra.Set) []uint32 {
	whole := algebra.AllConns()
	for _, x := range s {
		for _, k := range []uint32{x.Lo - 1, x.Lo, x.Hi, x.Hi + 1} {
			if whole.Contains(k) { // 0 - 1 is not
				out = append(out, k)
			}
		}
	}
	return out
}

// outside returns the addresses at the edges of every block of a model, inside
// and outside, that are of no endpoint, and a few that it may not speak of.
func outside(m *model.Model) []netip.Addr {
	out := []netip.Addr{
		netip.MustParseAddr("8.8.8.8"), netip.MustParseAddr("203.0.113.9"), netip.MustParseAddr("2001:db8::9"),
	}
	for p := range policies(m) {
		for i := range p.Rules {
			for _, peer := range p.Rules[i].Peers {
				if peer.Block != nil {
					out = appendBounds(out, peer.Block.Addrs)
				}
			}
		}
	}
	out = slices.DeleteFunc(out, func(a netip.Addr) bool {
		return !a.IsValid() || slices.ContainsFunc(m.Endpoints, func(e model.Endpoint) bool { return slices.Contains(e.IPs, a) })
	})
	slices.SortFunc(out, netip.Addr.Compare)
	return slices.Compact(out)
}

func appendBounds(out []netip.Addr, s algebra.AddrSet) []netip.Addr {
	for _, r := range s {
		// Prev and Next of a family's ends are not valid.
		out = append(out, r.From.Prev(), r.From, r.To, r.To.Next())
	}
	return out
}
