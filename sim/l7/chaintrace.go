package l7

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Trace is Decide with all that was considered. The steps carry the name of the
// point; the blockers among them are those of Blockers.
func (c *Chain) Trace(endpoint int, s *model.Seen, point string) model.PointTrace {
	t := model.PointTrace{Point: point, Outcome: model.Allowed, Deciding: -1}
	for i, tier := range c.entries[endpoint] {
		c.traceTier(&t, &c.tiers[i], tier, s)
	}
	if t.Deciding >= 0 {
		t.Steps[t.Deciding].Decides = true
		return t
	}
	if t.Outcome == model.Allowed {
		settleAllowed(&t)
	}
	return t
}

// Blockers are the steps of a trace that deny for certain.
func Blockers(t *model.PointTrace) []model.Step {
	var out []model.Step
	for i := range t.Steps {
		if s := &t.Steps[i]; s.Action == model.Deny && s.Match == algebra.Yes {
			out = append(out, *s)
		}
	}
	return out
}

// traceTier adds the steps of one tier and lowers the outcome to the tier's.
func (c *Chain) traceTier(t *model.PointTrace, tier *model.Tier, list []*entry, s *model.Seen) {
	first := len(t.Steps)
	for _, e := range list {
		for i, m := range e.rules {
			t.Steps = append(t.Steps, ruleStep(t.Point, tier.Name, e.policy, &e.policy.Rules[i], m, s))
		}
	}
	o := decideTier(list, s)
	allowed := hasAllow(t.Steps[first:])
	if d, isolates := isolation(t.Point, tier.Name, list); isolates && !allowed {
		t.Steps = append(t.Steps, d)
	}
	if o == model.Undetermined {
		addReasons(t, list, s)
	}
	if o < t.Outcome {
		t.Outcome = o
		if o == model.Denied {
			t.Deciding = denying(t.Steps, first)
		}
	}
}

func hasAllow(steps []model.Step) bool {
	for i := range steps {
		if steps[i].Action == model.Allow && steps[i].Match == algebra.Yes {
			return true
		}
	}
	return false
}

// denying returns the first step from an index on that denies for certain.
func denying(steps []model.Step, from int) int {
	for i := from; i < len(steps); i++ {
		if steps[i].Action == model.Deny && steps[i].Match == algebra.Yes {
			return i
		}
	}
	return -1
}

func ruleStep(point, tier string, p *model.Policy, r *model.Rule, m *Matcher, s *model.Seen) model.Step {
	match := ruleHolds(r, m, s)
	step := model.Step{Kind: model.StepRule, Point: point, Tier: tier, Action: r.Action, Match: match,
		Peer: match, Traffic: match, Rule: r, Origin: r.Origin, Why: m.Why(s), Reason: r.Uncertain}
	if p.Uncertain != nil {
		step.Match, step.Reason = min(match, algebra.Maybe), p.Uncertain
	}
	if reasons := m.Reasons(s); step.Reason == nil && len(reasons) > 0 {
		step.Reason = &reasons[0]
	}
	if step.Why == "" {
		step.Why = CondText(r.When)
	}
	return step
}

// isolation is the step of a tier whose policies deny what none of them allows.
func isolation(point, tier string, list []*entry) (model.Step, bool) {
	step := model.Step{Kind: model.StepDefault, Point: point, Tier: tier, Action: model.Deny, Match: algebra.No,
		Peer: algebra.Yes, Traffic: algebra.Yes, Why: "policies that allow exist for the workload and none of their rules matches"}
	for _, e := range list {
		if e.policy.Unmatched != model.UnmatchedDeny {
			continue
		}
		sure := algebra.Yes
		if e.policy.Uncertain != nil {
			sure = algebra.Maybe
		}
		if step.Origin.Object == nil {
			step.Origin = e.policy.Origin
		} else {
			step.Others = append(step.Others, e.policy.Origin)
		}
		if step.Match = max(step.Match, sure); step.Match == algebra.Maybe {
			step.Reason = e.policy.Uncertain
		}
	}
	return step, step.Match != algebra.No
}

// settleAllowed marks the step that lets a request in: the first Allow rule that
// matched; without policies it is the default of proxies.
func settleAllowed(t *model.PointTrace) {
	for i := range t.Steps {
		if t.Steps[i].Action == model.Allow && t.Steps[i].Match == algebra.Yes {
			t.Steps[i].Decides, t.Deciding = true, i
			return
		}
	}
	t.Deciding = len(t.Steps)
	t.Steps = append(t.Steps, model.Step{Kind: model.StepDefault, Point: t.Point, Action: model.Allow, Match: algebra.Yes,
		Peer: algebra.Yes, Traffic: algebra.Yes, Decides: true, Why: "no policy that allows selects the workload, and none denies this"})
}

// addReasons adds why a tier's outcome is open.
func addReasons(t *model.PointTrace, list []*entry, s *model.Seen) {
	for _, e := range list {
		if e.policy.Uncertain != nil {
			t.Reasons = append(t.Reasons, *e.policy.Uncertain)
		}
		for i, m := range e.rules {
			if r := e.policy.Rules[i].Uncertain; r != nil && m.Holds(s) != algebra.No {
				t.Reasons = append(t.Reasons, *r)
			}
			t.Reasons = append(t.Reasons, m.Reasons(s)...)
		}
	}
}
