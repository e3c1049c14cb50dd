package sim

import (
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/routing"
)

// Verdict answers a flow: its outcome, the symptom that the client sees, every
// hop with all that was considered, every blocker, and where the outcome is
// undetermined the reasons.
func (s *Simulator) Verdict(f model.Flow) model.Verdict {
	if s.l7 == nil && f.Request == nil {
		return s.connect(f, nil)
	}
	return s.request(f)
}

// families returns which address families to ask for.
func (s *Simulator) families(f *model.Flow) []algebra.Family {
	if len(f.Families) > 0 {
		return f.Families
	}
	// An address settles the family, also one the cluster is not known to use.
	for _, p := range [...]*model.Party{&f.From, &f.To} {
		if p.Kind == model.PartyAddress {
			if p.Addr.Is4() {
				return []algebra.Family{algebra.IPv4}
			}
			return []algebra.Family{algebra.IPv6}
		}
	}
	return s.fams
}

// familiesOf are the address families that a model's cluster uses.
func familiesOf(m *model.Model) []algebra.Family {
	var out []algebra.Family
	if m.V4 {
		out = append(out, algebra.IPv4)
	}
	if m.V6 {
		out = append(out, algebra.IPv6)
	}
	return slices.Clip(out)
}

// verdictIn answers a flow in one family; false when the ends do not share it.
func (s *Simulator) verdictIn(f model.Flow, fam algebra.Family, w *wire) (model.Verdict, bool) {
	route := s.routes.Expand(f, fam)
	if route.NotInFamily {
		return model.Verdict{}, false
	}
	s.inSubset(&route, w)
	v := model.Verdict{Notes: route.Notes, Reasons: route.Reasons}
	if len(route.Targets) == 0 {
		v.Outcome, v.Symptom = model.Denied, route.Symptom
		if len(route.Steps) == 0 {
			v.Outcome, v.Symptom = model.Undetermined, model.UnknownSeen
		}
		v.Blockers = route.Steps
		return v, true
	}
	outcomes := map[model.Outcome]bool{}
	for i := range route.Targets {
		outcomes[s.target(&v, &route.Targets[i], fam, len(route.Targets) > 1, w)] = true
	}
	v.Outcome = settle(&v, outcomes, &route)
	v.Symptom = symptom(&v)
	return v, true
}

// symptom is what the client sees of a verdict: what its hops say, where they agree.
func symptom(v *model.Verdict) model.Symptom {
	switch v.Outcome {
	case model.Undetermined:
		return model.UnknownSeen
	case model.Allowed:
		return model.Connected
	}
	seen := model.Symptom("")
	for i := range v.Hops {
		h := model.Timeout
		if v.Hops[i].Symptom != "" {
			h = v.Hops[i].Symptom
		}
		if seen != "" && seen != h {
			return seen + " or " + h
		}
		seen = h
	}
	return seen
}

// settle is the outcome of a flow that load balancing sends to any one of its targets.
func settle(v *model.Verdict, outcomes map[model.Outcome]bool, route *routing.Route) model.Outcome {
	if len(outcomes) == 1 {
		for o := range outcomes {
			if o == model.Denied || len(route.Reasons) == 0 || !mayHaveNone(route) {
				return o
			}
		}
		return model.Undetermined
	}
	if outcomes[model.Allowed] && outcomes[model.Denied] {
		v.Reasons = append(v.Reasons, model.Reason{Kind: model.LoadBalancing, Confidence: model.Source,
			Text: "the backends differ: some are reached, others are not"})
	}
	return model.Undetermined
}

// mayHaveNone tells whether, for the route's reasons, the flow may have no target at all.
func mayHaveNone(route *routing.Route) bool {
	return slices.ContainsFunc(route.Reasons, func(r model.Reason) bool { return r.Kind != model.LoadBalancing })
}

// target answers one target of a route and adds its hops: one for each way in
// which the two ends may see each other.
func (s *Simulator) target(v *model.Verdict, t *routing.Target, fam algebra.Family, alternative bool, w *wire) model.Outcome {
	views := s.views(t, fam)
	outcome := s.hop(v, &views[0], t, alternative || len(views) > 1, w)
	for i := range views[1:] {
		if o := s.hop(v, &views[i+1], t, true, w); o != outcome {
			outcome = model.Undetermined
			v.Reasons = appendReason(v.Reasons, viewReason(t))
		}
	}
	return outcome
}

// hairpin answers a pod that reaches itself through a Service (row N9).
func (s *Simulator) hairpin(v *model.Verdict, q engine.Question, t *routing.Target) model.Hop {
	choice := &s.m.Profile.Hairpin
	q.Hairpin = choice.Value != algebra.Yes
	h := s.engine.Trace(q)
	if t.Sibling {
		// The backend may be another pod of the template, for which policy holds.
		q.Hairpin = true
		if o := s.engine.Decide(q); o != h.Outcome {
			h.Outcome = model.Undetermined
			v.Reasons = appendReason(v.Reasons, model.Reason{Kind: model.LoadBalancing, Confidence: model.Source,
				Text: "the Service may choose the pod itself or another pod of its template"})
		}
		return h
	}
	if choice.Value == algebra.Maybe && h.Outcome != model.Allowed {
		h.Outcome = model.Undetermined
		v.Reasons = appendReason(v.Reasons, *choice.Undefined(model.Origin{}))
	}
	return h
}

// mayMatchServiceAddress tells whether a connection denied at the source's
// egress would pass if address blocks saw the Service's address, where the API
// leaves that open (row N12).
func (s *Simulator) mayMatchServiceAddress(v *model.Verdict, q engine.Question, t *routing.Target) bool {
	choice := &s.m.Profile.PreDNAT
	if choice.Value != algebra.Maybe || t.Service < 0 || q.From.Kind != model.PartyEndpoint {
		return false
	}
	for _, ip := range s.m.Services[t.Service].ClusterIPs {
		if ip.Is4() != (q.Family == algebra.IPv4) {
			continue
		}
		pre := q
		pre.To = model.Party{Kind: model.PartyAddress, Addr: ip}
		if s.engine.Decide(pre) == model.Denied || !s.blockAllows(pre) || s.ingress(q) == model.Denied {
			continue
		}
		v.Reasons = appendReason(v.Reasons, *choice.Undefined(model.Origin{}))
		return true
	}
	return false
}

// blockAllows tells whether it is a rule with an address block that lets a connection out.
func (s *Simulator) blockAllows(q engine.Question) bool {
	for _, p := range s.engine.Trace(q).Points {
		if p.Deciding < 0 || p.Steps[p.Deciding].Rule == nil {
			continue
		}
		if slices.ContainsFunc(p.Steps[p.Deciding].Rule.Peers, func(p model.Peer) bool { return p.Block != nil }) {
			return true
		}
	}
	return false
}

// ingress returns the outcome at the destination's ingress alone.
func (s *Simulator) ingress(q engine.Question) model.Outcome {
	points := s.engine.Trace(q).Points
	return points[len(points)-1].Outcome
}

func appendReason(list []model.Reason, r model.Reason) []model.Reason {
	for i := range list {
		if list[i].Text == r.Text && list[i].Row == r.Row && list[i].Origin == r.Origin {
			return list
		}
	}
	return append(list, r)
}
