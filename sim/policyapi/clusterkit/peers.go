package clusterkit

import (
	"net/netip"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// rules translates rules; each may become none or several.
func (b *builder) rules(rules []Rule) [][]model.Rule {
	out := make([][]model.Rule, len(rules))
	for i := range rules {
		out[i] = b.rule(&rules[i])
	}
	return out
}

// rule translates one rule: its peers, the rules that peers bring along, and
// what becomes of it where the implementation lacks a part it uses.
func (b *builder) rule(r *Rule) []model.Rule {
	own := model.Rule{
		Action: r.Decides, Traffic: r.Traffic.Traffic(b.Profile), Uncertain: r.Uncertain, Origin: r.At.Origin(),
	}
	var before []model.Rule
	all := false
	if r.Named && b.Profile.NamedPorts.Value != model.Supported {
		return b.lacking(&own, r.At, &b.Profile.NamedPorts)
	}
	for i := range r.Peers {
		p := &r.Peers[i]
		if lacks := b.lacks(r, p); lacks != nil {
			switch lacks.Value {
			case model.SkipPeer:
			case model.FailClosedPeer:
				if own.Action != model.Allow {
					before = append(before, model.Rule{Action: model.Deny, AnyPeer: true, Traffic: own.Traffic, Origin: p.At.Origin()})
				}
			default:
				return b.lacking(&own, p.At, lacks)
			}
			continue
		}
		if p.Domains != nil && own.Action == model.Allow && b.Profile.DomainDNS.Value {
			before = append(before, b.dns(p))
		}
		own.Peers = append(own.Peers, b.peer(p))
		all = all || b.negative(p)
	}
	if all {
		return append(before, rulekit.Everything(b.Profile, own, r.PeersKey == "to")...)
	}
	return append(before, own)
}

// negative tells whether a peer matches everything since it says no more than
// which namespaces and pods it is not (N50).
func (b *builder) negative(p *Peer) bool {
	return p.Namespaces != nil && rulekit.Negative(b.Profile, nil, p.Namespaces) || p.Pods != nil && rulekit.Negative(b.Profile, p.Pods, p.Of)
}

// lacks returns the profile's word on a peer that the implementation does not
// support, nil where it does.
func (b *builder) lacks(r *Rule, p *Peer) *model.Choice[model.Unsupported] {
	var c *model.Choice[model.Unsupported]
	switch {
	case !p.known():
		c = &b.Profile.UnknownPeer
	case p.Nodes != nil:
		c = &b.Profile.NodesPeer
	case p.Domains != nil && r.Decides != model.Allow && b.Profile.DomainsPeer.Value == model.Supported:
		c = &b.Profile.DomainsDeny
	case p.Domains != nil:
		c = &b.Profile.DomainsPeer
	}
	if c == nil || c.Value == model.Supported {
		return nil
	}
	return c
}

// lacking returns what a rule becomes with a part that is not supported.
func (b *builder) lacking(own *model.Rule, at rulekit.At, c *model.Choice[model.Unsupported]) []model.Rule {
	closed := model.Rule{Action: model.Deny, AnyPeer: true, Traffic: model.Traffic{Any: true}, Origin: own.Origin}
	switch c.Value {
	case model.RejectPolicy:
		b.refuse(at, &c.Statement)
		return nil
	case model.NotKnown:
		b.Warn(at, "what this means is not defined: "+c.Text, "")
		b.unsure = c.Undefined(at.Origin())
		closed.Uncertain = b.unsure
		open := *own
		open.Peers, open.AnyPeer, open.Uncertain = nil, true, b.unsure
		if open.Action == model.Deny {
			return []model.Rule{closed}
		}
		return []model.Rule{open, closed}
	}
	b.Warn(at, b.Profile.Name+" fails closed: "+c.Text, "")
	if own.Action == model.Allow {
		return nil
	}
	return []model.Rule{closed}
}

// peer returns what a peer means that the implementation supports.
func (b *builder) peer(p *Peer) model.Peer {
	switch {
	case p.Nodes != nil:
		return model.Peer{Nodes: &model.NodeSelector{Labels: rulekit.Expr(p.Nodes)}, Origin: p.At.Origin()}
	case p.Networks != nil:
		return b.networks(p)
	case p.Domains != nil:
		return b.domains(p)
	}
	s := selector(&p.Subject)
	s.LocalCluster = b.Profile.LocalCluster.Value
	return model.Peer{Pods: s, Origin: p.At.Origin()}
}

func (b *builder) networks(p *Peer) model.Peer {
	ranges := make([]algebra.AddrRange, 0, len(p.Networks))
	for i, n := range p.Networks {
		var prefix netip.Prefix
		prefix, ok := b.ClusterCIDR(p.At.Item("networks", i), n)
		if ok {
			ranges = append(ranges, algebra.FromPrefix(prefix))
		}
	}
	return rulekit.Block(p.At, algebra.NewAddrSet(ranges...), &b.Profile.NetworksPods, &b.Profile.NetworksNodes)
}
