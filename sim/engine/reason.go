package engine

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// reason tells why a rule may or may not match the connection.
func (w *walker) reason(p *policy, index int) *model.Reason {
	rule := &p.src.Rules[index]
	if p.src.Uncertain != nil {
		return p.src.Uncertain
	}
	if rule.Uncertain != nil {
		return rule.Uncertain
	}
	if w.peer.Kind == model.PartyHost {
		return w.hostReason(rule)
	}
	if len(rule.Traffic.Named) > 0 && w.onHostNetwork() && w.e.m.Profile != nil {
		return w.e.m.Profile.HostPodPeers.Undefined(rule.Origin)
	}
	for i := range p.rules[index] {
		v := &p.rules[index][i]
		if v.peer >= 0 && w.selects(v) && (!v.certain || v.doubt != nil) {
			return w.peerReason(&rule.Peers[v.peer])
		}
	}
	return &model.Reason{Kind: model.MissingFact, Text: whyUnknown, Origin: rule.Origin}
}

// onHostNetwork tells whether the other end is a pod on the host network.
func (w *walker) onHostNetwork() bool {
	return w.d == model.Egress && w.peer.Kind == model.PartyEndpoint && w.e.m.Endpoints[w.peer.Index].HostNetwork
}

// hostReason returns why a rule may match a host name.
func (w *walker) hostReason(rule *model.Rule) *model.Reason {
	for i := range rule.Peers {
		p := &rule.Peers[i]
		if t := hostPeer(p, w.peer.Host, w.key); t == algebra.Maybe || t == algebra.Yes && p.Uncertain != nil {
			return w.peerReason(p)
		}
	}
	return &model.Reason{Kind: model.MissingFact, Text: whyUnknown, Origin: rule.Origin}
}

// peerReason returns why a peer may match that selects the connection's other end.
func (w *walker) peerReason(p *model.Peer) *model.Reason {
	switch {
	case p.Uncertain != nil:
		return p.Uncertain
	case p.Domains != nil && p.Domains.Reason != nil:
		return p.Domains.Reason
	case p.Nodes != nil:
		return &model.Reason{Kind: model.MissingFact, Origin: p.Origin, Text: "the node that the pod runs on is not known"}
	case p.Block != nil:
		if r := w.blockReason(p); r != nil {
			return r
		}
	}
	return &model.Reason{Kind: model.MissingFact, Text: whyUnknown, Origin: p.Origin}
}

func (w *walker) blockReason(p *model.Peer) *model.Reason {
	if w.peer.Kind == model.PartyHost {
		return &model.Reason{Kind: model.MissingFact, Origin: p.Origin, Text: "the addresses of " + w.peer.Host + " are not known"}
	}
	if w.peer.Kind != model.PartyEndpoint {
		return p.Block.Scope.Reason
	}
	e := &w.e.m.Endpoints[w.peer.Index]
	scope, reason := p.Block.Scope.Pods, p.Block.Scope.Reason
	if e.Kind == model.Node || e.HostNetwork {
		scope = p.Block.Scope.Nodes
		if p.Block.Scope.NodesReason != nil {
			reason = p.Block.Scope.NodesReason
		}
	}
	if scope == algebra.Yes && len(e.IPs) > 1 {
		return &model.Reason{Kind: model.MissingFact, Origin: p.Origin,
			Text: "which of the addresses of " + e.ID() + " is used is not known, and the block holds only some of them"}
	}
	if scope == algebra.Yes {
		return &model.Reason{Kind: model.MissingFact, Origin: p.Origin,
			Text: "the address of " + e.ID() + " is not known (state the pods' addresses with --pod-cidr)"}
	}
	return reason
}
