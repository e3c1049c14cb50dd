package engine

import (
	"net/netip"
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// hull is the span of the known addresses of pods, by family.
type hull struct{ lo, hi [2]netip.Addr }

// cutter holds the block boundaries that fall between addresses of pods: pods
// on different sides of one are in different classes.
type cutter struct {
	hull   hull
	bounds []netip.Addr // sorted; the first address of each part but the first
}

func (h *hull) add(ip netip.Addr) {
	f := familyOf(ip)
	if !h.lo[f].IsValid() || ip.Less(h.lo[f]) {
		h.lo[f] = ip
	}
	if !h.hi[f].IsValid() || h.hi[f].Less(ip) {
		h.hi[f] = ip
	}
}

// meets tells whether a range of a family has an address between the first and
// the last of a pod.
func (h *hull) meets(rg algebra.AddrRange, f algebra.Family) bool {
	return h.lo[f].IsValid() && !rg.To.Less(h.lo[f]) && !h.hi[f].Less(rg.From)
}

func familyOf(ip netip.Addr) algebra.Family {
	if ip.Is4() {
		return algebra.IPv4
	}
	return algebra.IPv6
}

// newCutter collects the boundaries of every block of the policies that may
// match pods by address.
func newCutter(m *model.Model, h hull) *cutter {
	c := &cutter{hull: h}
	if !c.hull.lo[0].IsValid() && !c.hull.lo[1].IsValid() {
		return c
	}
	for t := range m.Tiers {
		for _, p := range m.Tiers[t].Policies {
			c.bounds = c.appendCuts(c.bounds, p)
		}
	}
	slices.SortFunc(c.bounds, netip.Addr.Compare)
	c.bounds = slices.Compact(c.bounds)
	return c
}

// appendCuts adds the boundaries of a policy's blocks that part pods.
func (c *cutter) appendCuts(out []netip.Addr, p *model.Policy) []netip.Addr {
	for r := range p.Rules {
		for i := range p.Rules[r].Peers {
			b := p.Rules[r].Peers[i].Block
			if b == nil || b.Scope.Pods == algebra.No {
				continue
			}
			for _, rg := range b.Addrs {
				out = c.appendCut(out, rg.From)
				if next := rg.To.Next(); next.IsValid() {
					out = c.appendCut(out, next)
				}
			}
		}
	}
	return out
}

func (c *cutter) appendCut(out []netip.Addr, a netip.Addr) []netip.Addr {
	f := familyOf(a)
	if c.hull.lo[f].IsValid() && c.hull.lo[f].Less(a) && !c.hull.hi[f].Less(a) {
		out = append(out, a)
	}
	return out
}

// signature tells apart the parts that hold the addresses; equal signatures are
// on the same side of every boundary.
func (c *cutter) signature(ips []netip.Addr) uint64 {
	if len(c.bounds) == 0 || len(ips) == 0 {
		return 0
	}
	var sig uint64
	for _, ip := range ips {
		i, found := slices.BinarySearchFunc(c.bounds, ip, netip.Addr.Compare)
		if found {
			i++
		}
		sig = sig*0x9e3779b97f4a7c15 + uint64(i) + 1
	}
	return sig
}

// cutsNew tells whether a policy parts pods that the engine's classes hold together.
func (c *cutter) cutsNew(p *model.Policy) bool {
	for _, a := range c.appendCuts(nil, p) {
		if _, known := slices.BinarySearchFunc(c.bounds, a, netip.Addr.Compare); !known {
			return true
		}
	}
	return false
}
