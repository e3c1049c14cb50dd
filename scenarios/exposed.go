package scenarios

import (
	"context"
	"net/netip"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// exposed answers, where nothing may get through, for the ways from outside the
// cluster through Services: they may show the receiver the address of a node.
func (a *asker) exposed(ctx context.Context, q question, f func(finding) bool) error {
	if !q.deny || len(q.from.addrs) == 0 || len(q.to.endpoints) == 0 {
		return nil
	}
	inside := make(map[int]bool, len(q.to.endpoints))
	for _, i := range q.to.endpoints {
		inside[i] = true
	}
	for i := range a.v.m.Services {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !a.v.m.Services[i].Exposed() || !a.v.leads(i, inside) {
			continue
		}
		for _, addr := range a.v.pieces(model.Ingress, q.from.addrs) {
			if !a.through(q, i, addr, inside, f) {
				return nil
			}
		}
	}
	return nil
}

// leads tells whether a Service sends traffic to one of the endpoints.
func (v *view) leads(service int, endpoints map[int]bool) bool {
	for _, e := range v.behind(service).endpoints {
		if endpoints[e] {
			return true
		}
	}
	return false
}

// through answers for one address and each port of a Service.
func (a *asker) through(q question, service int, addr netip.Addr, inside map[int]bool, f func(finding) bool) bool {
	s := &a.v.m.Services[service]
	for _, p := range s.Ports {
		fl := model.Flow{From: model.Party{Kind: model.PartyAddress, Addr: addr}, To: model.Party{Kind: model.PartyService, Index: service},
			Protocol: p.Protocol, Port: p.Port}
		holds, passed := a.lands(q, fl, inside)
		if passed && !f(finding{holds: holds, flow: fl}) {
			return false
		}
	}
	return true
}

// lands tells whether a flow stays out of the endpoints, and whether it comes
// to them at all on a port that is asked for.
func (a *asker) lands(q question, fl model.Flow, inside map[int]bool) (algebra.Tri, bool) {
	allowed, denied, maybe := false, false, false
	for _, h := range a.v.sim.Verdict(fl).Hops {
		if h.To.Kind != model.PartyEndpoint || !inside[h.To.Index] ||
			!q.want.set.Contains(algebra.ConnKey(h.Families[0], h.Protocol, h.Port)) {
			continue
		}
		switch h.Outcome {
		case model.Allowed:
			allowed = true
		case model.Denied:
			denied = true
		default:
			maybe = true
		}
	}
	switch {
	case maybe || allowed && denied:
		return algebra.Maybe, true
	case allowed:
		return algebra.No, true
	}
	return algebra.Yes, denied
}
