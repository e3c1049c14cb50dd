package engine

import (
	"net/netip"
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// addrClass is a known address of a class of pods.
type addrClass struct {
	addr  netip.Addr
	class uint32
}

// match is one part of what a peer selects: classes and external addresses, in
// the families given, for certain or perhaps.
type match struct {
	classes algebra.Set
	ext     algebra.AddrSet
	fam     uint8 // the match holds for connections of these families
	certain bool
}

// peer appends what a peer selects.
func (r *resolver) peer(out []match, p *model.Peer) []match {
	switch {
	case p.Pods != nil:
		return append(out, match{classes: r.selector(p.Pods), fam: famBoth, certain: true})
	case p.Nodes != nil:
		yes, maybe := r.nodeSelector(p.Nodes)
		return append(out, match{classes: yes, fam: famBoth, certain: true}, match{classes: maybe, fam: famBoth})
	case p.Block != nil:
		return r.block(out, p.Block)
	case p.Domains != nil:
		// A connection by address may be to an address that the name resolves to.
		return append(out, match{ext: algebra.AllAddrs(), fam: famBoth})
	}
	return out
}

// block appends what an address block selects, family by family: a connection
// of one family does not meet a block of the other.
func (p *places) block(out []match, b *model.Block) []match {
	for _, f := range [...]algebra.Family{algebra.IPv4, algebra.IPv6} {
		addrs := b.Addrs.In(f)
		if addrs.Empty() {
			continue
		}
		fam := famV4
		if f == algebra.IPv6 {
			fam = famV6
		}
		yes, maybe := p.blockClasses(addrs, f, b.Scope)
		out = append(out, match{classes: yes, ext: addrs, fam: fam, certain: true})
		if !maybe.Empty() {
			out = append(out, match{classes: maybe, fam: fam})
		}
	}
	return out
}

// blockClasses returns the classes whose addresses a block of one family holds.
func (p *places) blockClasses(addrs algebra.AddrSet, f algebra.Family, scope model.Scope) (yes, maybe algebra.Set) {
	var sets [algebra.Yes + 1]algebra.Builder
	if scope.Pods != algebra.No {
		p.podsIn(&sets[scope.Pods], addrs, f)
		if len(p.unknown) > 0 {
			sets[scope.Pods.And(p.coversUnknown(addrs, f))].AddSet(p.unknown)
		}
	}
	if scope.Nodes != algebra.No {
		for _, list := range [...][]uint32{p.nodes, p.hosts} {
			for _, k := range list {
				sets[scope.Nodes.And(p.holdsHost(addrs, f, k))].Add(k, k)
			}
		}
	}
	return sets[algebra.Yes].Set(), sets[algebra.Maybe].Set()
}

// coversUnknown tells whether a block holds the addresses of pods that are not known.
func (p *places) coversUnknown(addrs algebra.AddrSet, f algebra.Family) algebra.Tri {
	universe := p.m.PodAddrs.In(f)
	if universe.Empty() {
		universe = algebra.AllAddrsIn(f)
	}
	return covers(addrs, universe)
}

// covers tells whether an address somewhere in the universe is in addrs.
func covers(addrs, universe algebra.AddrSet) algebra.Tri {
	switch {
	case universe.SubsetOf(addrs):
		return algebra.Yes
	case universe.Overlaps(addrs):
		return algebra.Maybe
	}
	return algebra.No
}

func (p *places) holdsHost(addrs algebra.AddrSet, f algebra.Family, k uint32) algebra.Tri {
	e := &p.m.Endpoints[p.c.list[k].rep]
	if len(e.IPs) == 0 {
		return covers(addrs, algebra.AllAddrsIn(f))
	}
	return holds(addrs, f, e.IPs)
}

// holds tells whether a block holds the address of a family that is used of
// several: it may where it holds only some of them.
func holds(addrs algebra.AddrSet, f algebra.Family, ips []netip.Addr) algebra.Tri {
	in, out := false, false
	for _, ip := range ips {
		if familyOf(ip) == f {
			held := addrs.Contains(ip)
			in, out = in || held, out || !held
		}
	}
	switch {
	case !in:
		return algebra.No
	case !out:
		return algebra.Yes
	}
	return algebra.Maybe
}

// podsIn adds the pod classes with a known address in the block. The cutter's
// classes are wholly inside or outside, so the representative decides.
func (p *places) podsIn(to *algebra.Builder, addrs algebra.AddrSet, f algebra.Family) {
	for _, rg := range addrs {
		if !p.c.hull.meets(rg, f) {
			continue // most blocks are of addresses outside the cluster
		}
		list := p.podAddrs(f)
		i, _ := slices.BinarySearchFunc(list, rg.From, func(a addrClass, ip netip.Addr) int { return a.addr.Compare(ip) })
		for ; i < len(list) && !rg.To.Less(list[i].addr); i++ {
			to.Add(list[i].class, list[i].class)
		}
	}
}

// podAddrs lists the representatives' addresses in order, made when first asked for.
func (p *places) podAddrs(f algebra.Family) []addrClass {
	at := &p.byAddr[f]
	at.once.Do(func() {
		for k := range p.c.list {
			cl := &p.c.list[k]
			if cl.host || cl.unknown {
				continue
			}
			for _, ip := range p.m.Endpoints[cl.rep].IPs {
				if familyOf(ip) == f {
					at.list = append(at.list, addrClass{ip, uint32(k)})
				}
			}
		}
		byAddr := func(a, b addrClass) int { return a.addr.Compare(b.addr) }
		if !slices.IsSortedFunc(at.list, byAddr) {
			slices.SortFunc(at.list, byAddr)
		}
	})
	return at.list
}
