package engine

import (
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// maxBlockers bounds the search for what else would block.
const maxBlockers = 64

// Blockers returns every step that denies the connection: each one would still
// deny it if those before were gone.
func (e *Engine) Blockers(q Question) []model.Step {
	key := algebra.ConnKey(q.Family, q.Protocol, q.Port)
	from, to := q.From.Kind == model.PartyEndpoint, q.To.Kind == model.PartyEndpoint
	if from && to && !q.Hairpin && e.isSelf(q.From.Index, q.To.Index) {
		return nil
	}
	for _, p := range [...]model.Party{q.From, q.To} {
		if !e.takesPart(p, key) {
			return noFamily(model.Hop{}, e.name(p), q.Family).Points[0].Steps
		}
	}
	var out []model.Step
	if from {
		out = append(out, e.blockersAt(model.Egress, q.From.Index, q.To, key)...)
	}
	if to {
		out = append(out, e.blockersAt(model.Ingress, q.To.Index, q.From, key)...)
	}
	return out
}

// blockersAt asks again and again, each time without what denied the last time.
func (e *Engine) blockersAt(d model.Direction, subject int, peer model.Party, key uint32) []model.Step {
	var out []model.Step
	gone := recorder{quiet: true, rules: map[*model.Rule]bool{}, defaults: map[int]bool{}}
	for len(out) < maxBlockers {
		rec := gone
		w := walker{e: e, d: d, subject: subject, peer: peer, key: key, rec: &rec}
		if w.decideAt().outcome() != model.Denied {
			break
		}
		n := len(out)
		for _, s := range denying(rec.steps) {
			if e.pass(&gone, &s) {
				s.Point = pointName(d, e, subject)
				out = append(out, s)
			}
		}
		if len(out) == n {
			break
		}
	}
	return out
}

// denying returns the steps that deny for certain or, where none does, those
// that may: something else decides where they do not, but without them it may not.
func denying(steps []model.Step) []model.Step {
	var out []model.Step
	for _, s := range steps {
		if s.Decides && s.Action == model.Deny {
			out = append(out, s)
		}
	}
	if len(out) > 0 {
		return out
	}
	return slices.DeleteFunc(steps, func(s model.Step) bool { return s.Action != model.Deny })
}

// pass lets later walks pass over a step, and tells whether they did not so far.
func (e *Engine) pass(r *recorder, s *model.Step) bool {
	if s.Rule != nil {
		known := r.rules[s.Rule]
		r.rules[s.Rule] = true
		return !known
	}
	t := e.m.TierIndex(s.Tier)
	known := r.defaults[t]
	r.defaults[t] = true
	return !known
}
