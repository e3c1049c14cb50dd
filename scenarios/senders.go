package scenarios

import (
	"net/netip"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// sent lists a request of each of a subject: of every endpoint, and of an address
// of each range that rules tell apart by every way in from outside.
func (a *asker) sent(from *ends, req sim.Call) []model.Flow {
	var out []model.Flow
	for _, src := range a.sources(question{from: from, to: from}) {
		f := a.v.sim.Flow(src, req)
		if src.Kind != model.PartyAddress || a.v.entered(req) {
			out = append(out, f)
		}
		// Where a gateway takes every host, the Service is another way in.
		i := a.v.sim.ServiceNamed(req.Host)
		if src.Kind == model.PartyAddress && f.To.Kind == model.PartyHost && i >= 0 && a.v.m.Services[i].Exposed() {
			f.To = model.Party{Kind: model.PartyService, Index: i}
			out = append(out, f)
		}
	}
	return out
}

// entered tells whether the host of a request could be asked for from outside the
// cluster: it is no host of somebody else.
func (v *view) entered(req sim.Call) bool {
	if len(v.m.Gateways) > 0 || v.sim.ServiceNamed(req.Host) >= 0 {
		return true
	}
	anyone := model.Party{Kind: model.PartyAddress, Addr: netip.IPv4Unspecified()}
	to := v.sim.Flow(anyone, req).To.Kind
	return to != model.PartyHost && to != model.PartyAddress
}

// counts tells whether a request that is not refused gets through by more than what
// statements about everything leave out: a pod's access to itself, and what the
// platform grants a pod's own node though the policies refuse it.
func (a *asker) counts(from model.Party, verdict *model.Verdict) bool {
	if from.Kind != model.PartyEndpoint || len(verdict.Hops) == 0 {
		return true
	}
	for i := range verdict.Hops {
		h := &verdict.Hops[i]
		if h.From == from && h.Outcome != model.Denied && !a.itself(h) && !a.granted(h) {
			return true
		}
	}
	return false
}

// ownOnly tells whether a request comes to its own sender alone.
func (a *asker) ownOnly(from model.Party, verdict *model.Verdict) bool {
	for i := range verdict.Hops {
		if verdict.Hops[i].From == from && !a.itself(&verdict.Hops[i]) {
			return false
		}
	}
	return len(verdict.Hops) > 0
}

// itself tells whether a hop is of a pod to itself.
func (a *asker) itself(h *model.Hop) bool {
	return h.From == h.To && h.From.Kind == model.PartyEndpoint && !a.v.m.Endpoints[h.From.Index].Template
}

// granted tells whether a hop is of a node to a pod of its own which policies do
// not let in.
func (a *asker) granted(h *model.Hop) bool {
	if h.From.Kind != model.PartyEndpoint || h.To.Kind != model.PartyEndpoint || !a.v.isHost(h.From.Index) || a.v.isHost(h.To.Index) {
		return false
	}
	value := a.p.One(a.v.e.ClassOf(h.From.Index), a.v.e.ClassOf(h.To.Index))
	for _, fam := range h.Families {
		if a.p.Conns(value.May).Contains(algebra.ConnKey(fam, h.Protocol, h.Port)) {
			return false
		}
	}
	return true
}
