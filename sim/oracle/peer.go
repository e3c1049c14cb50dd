package oracle

import (
	"net/netip"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// isPeer tells whether a rule's peer is the other end of the connection.
func (p *point) isPeer(peer *model.Peer) algebra.Tri {
	match := p.selects(peer)
	return match.And(p.holds(peer.Uncertain))
}

// holds tells whether what a reason puts in doubt holds: as the assignment says
// where it settles the doubt, otherwise it may.
func (p *point) holds(r *model.Reason) algebra.Tri {
	if r == nil {
		return algebra.Yes
	}
	if holds, settled := p.inForce[r.Doubt()]; settled {
		return algebra.TriOf(holds)
	}
	return algebra.Maybe
}

func (p *point) selects(peer *model.Peer) algebra.Tri {
	e := p.peerEndpoint()
	switch {
	case peer.Pods != nil:
		return algebra.TriOf(e != nil && peer.Pods.Matches(e, model.LabelsOf(p.nsLabels, e)))
	case peer.Nodes != nil:
		return p.onNode(peer.Nodes, e)
	case peer.Block != nil && e != nil:
		return p.endpointIn(peer.Block, e)
	case peer.Block != nil:
		return p.outsideIn(peer.Block.Addrs)
	case peer.Domains != nil && p.peer.Kind == model.PartyAddress:
		return algebra.Maybe // which addresses a name has, only DNS knows
	case peer.Domains != nil && p.peer.Kind == model.PartyHost:
		return algebra.TriOf(matchesAny(peer.Domains.Patterns, p.peer.Host))
	}
	return algebra.No
}

// onNode tells whether an endpoint is a node of the selector, or stands at the
// addresses of one: a pod on the host network does at those of the node it runs on.
func (p *point) onNode(s *model.NodeSelector, e *model.Endpoint) algebra.Tri {
	switch {
	case e == nil || (e.Kind == model.Pod && !e.HostNetwork):
		return algebra.No
	case e.Kind == model.Node:
		return algebra.TriOf(s.Labels.Matches(e.Labels))
	case e.Node == "":
		return p.onSomeNode(s, e.Cluster)
	}
	for i := range p.m.Endpoints {
		if n := &p.m.Endpoints[i]; n.Kind == model.Node && n.Name == e.Node && n.Cluster == e.Cluster {
			return algebra.TriOf(s.Labels.Matches(n.Labels))
		}
	}
	return algebra.Maybe // the node has a name, but nothing else is known of it
}

// onSomeNode tells whether a pod on the host network of a node that is not known
// may be on one of the selector: not if none of the cluster's nodes is.
func (p *point) onSomeNode(s *model.NodeSelector, cluster string) algebra.Tri {
	known := false
	for i := range p.m.Endpoints {
		n := &p.m.Endpoints[i]
		if n.Kind != model.Node || n.Cluster != cluster {
			continue
		}
		if s.Labels.Matches(n.Labels) {
			return algebra.Maybe
		}
		known = true
	}
	if known {
		return algebra.No
	}
	return algebra.Maybe
}

// endpointIn tells whether a block holds an endpoint's address and means it.
func (p *point) endpointIn(b *model.Block, e *model.Endpoint) algebra.Tri {
	scope := b.Scope.Pods
	if e.Kind == model.Node || e.HostNetwork {
		scope = b.Scope.Nodes
	}
	if len(e.IPs) == 0 {
		return scope.And(covers(b.Addrs.In(p.q.Family), p.mayHave(e)))
	}
	in := holds(b.Addrs, addressesIn(e.IPs, p.q.Family))
	if in == algebra.Maybe && e.Kind == model.Pod && !e.HostNetwork {
		in = algebra.Yes // the API gives a pod one address of a family
	}
	return scope.And(in)
}

// holds tells whether a block holds the address that is used of several: it may
// where it holds only some of them.
func holds(addrs algebra.AddrSet, ips []netip.Addr) algebra.Tri {
	in := 0
	for _, ip := range ips {
		if addrs.Contains(ip) {
			in++
		}
	}
	switch in {
	case 0:
		return algebra.No
	case len(ips):
		return algebra.Yes
	}
	return algebra.Maybe
}

// outsideIn tells whether a block holds the address of a peer outside the
// cluster. One that is not known is in a block of the whole family and not in
// one of nothing of it.
func (p *point) outsideIn(addrs algebra.AddrSet) algebra.Tri {
	if p.peer.Kind == model.PartyAddress {
		return algebra.TriOf(addrs.Contains(p.peer.Addr))
	}
	return covers(addrs.In(p.q.Family), algebra.AllAddrsIn(p.q.Family))
}

// mayHave returns the addresses that an endpoint may have in the family, where
// its own are not known.
func (p *point) mayHave(e *model.Endpoint) algebra.AddrSet {
	if pods := p.m.PodAddrs.In(p.q.Family); e.Kind == model.Pod && !e.HostNetwork && !pods.Empty() {
		return pods
	}
	return algebra.AllAddrsIn(p.q.Family)
}

// covers tells whether an address that is one of those possible is in a set.
func covers(set, possible algebra.AddrSet) algebra.Tri {
	common := set.Intersect(possible)
	switch {
	case common.Empty():
		return algebra.No
	case common.Equal(possible):
		return algebra.Yes
	}
	return algebra.Maybe
}
