package oracle

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// acts tells whether a rule decides the connection. What is uncertain about the
// rule or its policy can only make a match doubtful, never make one.
func (p *point) acts(policy *model.Policy, r *model.Rule) algebra.Tri {
	match := p.peers(r).And(p.traffic(&r.Traffic))
	if r.Uncertain != nil || p.doubtful(policy) {
		match = match.And(algebra.Maybe)
	}
	return match
}

// peers tells whether one of the rule's peers is the connection's.
func (p *point) peers(r *model.Rule) algebra.Tri {
	if r.AnyPeer {
		return algebra.Yes
	}
	match := algebra.No
	for i := range r.Peers {
		match = match.Or(p.isPeer(&r.Peers[i]))
	}
	return match
}

// traffic tells whether the connection is among what a rule matches.
func (p *point) traffic(t *model.Traffic) algebra.Tri {
	if t.Any || t.Conns.Contains(p.key()) {
		return algebra.Yes
	}
	for _, name := range t.Named {
		if p.isNamed(name) {
			return p.namesHold()
		}
	}
	return algebra.No
}

// namesHold tells whether the receiver's port names are looked up at all.
func (p *point) namesHold() algebra.Tri {
	if p.dir == model.Egress && p.receiver().HostNetwork {
		return p.m.Profile.HostPodNames()
	}
	return algebra.Yes
}

// isNamed tells whether the connection goes to the port of that name on the
// endpoint that receives it.
func (p *point) isNamed(name model.PortName) bool {
	receiver := p.receiver()
	if receiver == nil || receiver.Kind != model.Pod {
		return false
	}
	for _, port := range receiver.Ports {
		if port.Name == name.Name && port.Protocol == p.q.Protocol && port.Port == p.q.Port &&
			(!name.HasProtocol || name.Protocol == port.Protocol) {
			return true
		}
	}
	return false
}

// receiver is the endpoint that the connection goes to: the subject of ingress,
// the peer of egress; nil when it goes outside.
func (p *point) receiver() *model.Endpoint {
	if p.dir == model.Ingress {
		return p.subject
	}
	return p.peerEndpoint()
}

// peerEndpoint is the other end, nil when it is not an endpoint.
func (p *point) peerEndpoint() *model.Endpoint {
	if p.peer.Kind != model.PartyEndpoint {
		return nil
	}
	return &p.m.Endpoints[p.peer.Index]
}
