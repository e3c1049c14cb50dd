package random

import (
	"net/netip"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// peer returns a peer of any kind.
func (g *gen) peer() model.Peer {
	p := model.Peer{Uncertain: g.doubt(8, "the peer may not match")}
	switch n := g.r.IntN(20); {
	case n < 9:
		s := g.selector()
		p.Pods = &s
	case n < 16:
		p.Block = g.block()
	case n < 18:
		p.Nodes = &model.NodeSelector{}
		if g.chance(70) {
			p.Nodes.Labels = g.expr(nodeVocabulary(), 1)
		}
	default:
		p.Domains = &model.Domains{Reason: because("only DNS knows the address")}
		for range 1 + g.upTo(1) {
			p.Domains.Patterns = append(p.Domains.Patterns, pick(g, "example.com", "*.example.com",
				"*.com", "API.Example.com.", "*.api.example.com", "example.org"))
		}
	}
	return p
}

// block returns a block whose edges lie among the addresses that are in use.
func (g *gen) block() *model.Block {
	addrs := g.addrs()
	if g.chance(25) {
		addrs = addrs.Union(g.addrs())
	}
	if g.chance(25) {
		addrs = addrs.Subtract(g.addrs())
	}
	b := &model.Block{Addrs: addrs, Scope: model.Scope{
		Pods:  pick(g, algebra.No, algebra.Maybe, algebra.Yes, algebra.Yes),
		Nodes: pick(g, algebra.No, algebra.Maybe, algebra.Yes, algebra.Yes),
	}}
	if b.Scope.Pods == algebra.Maybe || b.Scope.Nodes == algebra.Maybe {
		b.Scope.Reason = because("addresses inside the cluster")
		b.Scope.NodesReason = g.doubt(50, "addresses of nodes")
	}
	return b
}

func (g *gen) addrs() algebra.AddrSet {
	if g.chance(20) {
		return pick(g, algebra.AllAddrs(), algebra.AllAddrsIn(algebra.IPv4), algebra.AllAddrsIn(algebra.IPv6))
	}
	if g.chance(10) {
		return algebra.NewAddrSet(algebra.AddrRange{From: netip.MustParseAddr("10.0.0.3"), To: netip.MustParseAddr("10.0.0.5")})
	}
	return algebra.PrefixSet(netip.MustParsePrefix(pick(g,
		"10.0.0.0/8", "10.0.0.0/30", "10.0.0.4/30", "10.0.0.2/32", "10.0.0.128/25",
		"192.168.0.0/16", "192.168.0.0/31", "192.168.0.2/32", "203.0.113.0/24", "203.0.113.128/25",
		"fd00::/16", "fd00::/126", "fd00::2/128", "fd01::/127", "2001:db8::/32", "2001:db8:8000::/33")))
}
