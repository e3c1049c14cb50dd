package engine

import (
	"net/netip"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Question is one concrete connection between two parties. From is an endpoint
// or an address; To is an endpoint, an address or a host name outside the cluster.
type Question struct {
	From, To model.Party
	Family   algebra.Family
	Protocol algebra.Protocol
	Port     uint16 // for ICMP: type<<8 | code
	// Hairpin tells that a pod reaches itself through a Service and that
	// policies hold for it; otherwise a pod to itself is allowed.
	Hairpin bool
}

// Decide returns the outcome of a connection. It does not allocate where both
// parties are endpoints or addresses.
func (e *Engine) Decide(q Question) model.Outcome {
	key := algebra.ConnKey(q.Family, q.Protocol, q.Port)
	from, to := q.From.Kind == model.PartyEndpoint, q.To.Kind == model.PartyEndpoint
	switch {
	case from && to:
		return e.decidePair(q.From.Index, q.To.Index, key, q.Hairpin)
	case !e.takesPart(q.From, key) || !e.takesPart(q.To, key):
		return model.Denied
	case !from && !to:
		return model.Allowed // no enforcement point of the cluster is passed
	case q.From.Kind == model.PartyHost || q.To.Kind == model.PartyHost:
		return e.decideHost(q)
	case from:
		return e.decideAddr(model.Egress, q.From.Index, q.To.Addr, key)
	}
	return e.decideAddr(model.Ingress, q.To.Index, q.From.Addr, key)
}

// Ingress returns the outcome at the destination of a connection alone, an endpoint;
// the source may be the address that it is translated to.
func (e *Engine) Ingress(q Question) model.Outcome {
	key := algebra.ConnKey(q.Family, q.Protocol, q.Port)
	switch {
	case !e.takesPart(q.From, key) || !e.takesPart(q.To, key):
		return model.Denied
	case q.From.Kind == model.PartyHost:
		return e.decideHost(q)
	case q.From.Kind == model.PartyAddress:
		return e.decideAddr(model.Ingress, q.To.Index, q.From.Addr, key)
	case !q.Hairpin && e.isSelf(q.From.Index, q.To.Index):
		return model.Allowed
	}
	a, b := e.c.of[q.From.Index], e.c.of[q.To.Index]
	if e.mayBeLocal(a, b) {
		return e.decideLocal(q.From.Index, q.To.Index, key)
	}
	return e.outcome(e.rows[model.Ingress].at(b).at(a), key)
}

// decidePair decides between two endpoints.
func (e *Engine) decidePair(from, to int, key uint32, hairpin bool) model.Outcome {
	if !hairpin && e.isSelf(from, to) {
		return model.Allowed
	}
	a, b := e.c.of[from], e.c.of[to]
	if !e.hasFamily(a, key) || !e.hasFamily(b, key) {
		return model.Denied
	}
	out := e.rows[model.Egress].at(a).at(b)
	if e.mayBeLocal(a, b) {
		return combine(e.outcome(out, key), e.decideLocal(from, to, key))
	}
	in := e.rows[model.Ingress].at(b).at(a)
	return combine(e.outcome(out, key), e.outcome(in, key))
}

// isSelf tells whether the two are one pod: the equal pods of a template are not.
func (e *Engine) isSelf(from, to int) bool { return from == to && !e.m.Endpoints[from].Template }

func (e *Engine) hasFamily(k uint32, key uint32) bool {
	return e.c.list[k].fam&(1<<(key>>24)) != 0
}

// takesPart tells whether a party may have an address of the connection's family.
func (e *Engine) takesPart(p model.Party, key uint32) bool {
	switch p.Kind {
	case model.PartyEndpoint:
		return e.hasFamily(e.c.of[p.Index], key)
	case model.PartyAddress:
		return uint32(familyOf(p.Addr)) == key>>24
	}
	return true
}

func (e *Engine) decideAddr(d model.Direction, endpoint int, a netip.Addr, key uint32) model.Outcome {
	return e.outcome(e.rows[d].at(e.c.of[endpoint]).atAddr(a), key)
}

// outcome returns what a value says of one connection.
func (e *Engine) outcome(v Value, key uint32) model.Outcome {
	if e.in.Set(v.Allow).Contains(key) {
		return model.Allowed
	}
	if v.May != v.Allow && e.in.Set(v.May).Contains(key) {
		return model.Undetermined
	}
	return model.Denied
}

// decideLocal decides the ingress of a pod from a host endpoint, which may be
// on the pod's node.
func (e *Engine) decideLocal(from, to int, key uint32) model.Outcome {
	w := walker{e: e, d: model.Ingress, subject: to, peer: model.Party{Kind: model.PartyEndpoint, Index: from}, key: key}
	return w.localPoint().outcome()
}

// decideHost decides where the other end is outside the cluster or a node, at
// an address that is not known.
func (e *Engine) decideHost(q Question) model.Outcome {
	w := walker{e: e, d: model.Egress, subject: q.From.Index, peer: q.To, key: algebra.ConnKey(q.Family, q.Protocol, q.Port)}
	if q.From.Kind == model.PartyHost {
		w.d, w.subject, w.peer = model.Ingress, q.To.Index, q.From
	}
	return w.point(false).outcome()
}
