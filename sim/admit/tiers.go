package admit

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// tiers returns the requests that tiers of policies let on, by the rule of
// l7.Chain: within a tier a Deny rule wins over an Allow rule, and that over the
// default of the policies that isolate; every tier has to let a request on.
func (c *compiler) tiers(tiers [][]*model.Policy, p *place) Bounds {
	out := both(c.sp.All())
	for _, list := range tiers {
		if out = out.and(c.sp, c.tier(list, p)); out.May.IsEmpty() {
			break
		}
	}
	if err := c.sp.Err(out.Sure); err != nil {
		p.open(tooLarge(err))
		out.Sure = c.sp.None()
	}
	if err := c.sp.Err(out.May); err != nil {
		p.open(tooLarge(err))
		out.May = c.sp.All()
	}
	return out
}

func tooLarge(err error) model.Reason {
	return model.Reason{Kind: model.UnreadInput, Confidence: model.Source, Text: "the requests that policies let in could not be computed: " + err.Error()}
}

func (c *compiler) tier(list []*model.Policy, p *place) Bounds {
	denied, allowed, isolated := both(c.sp.None()), both(c.sp.None()), algebra.No
	for _, policy := range list {
		sure := algebra.Yes
		if policy.Uncertain != nil {
			sure = algebra.Maybe
			p.open(*policy.Uncertain)
		}
		if policy.Unmatched == model.UnmatchedDeny {
			isolated = max(isolated, sure)
		}
		for i := range policy.Rules {
			r := &policy.Rules[i]
			counts := sure
			if r.Uncertain != nil {
				counts = min(counts, algebra.Maybe)
				p.open(*r.Uncertain)
			}
			match := c.cond(r.When, p).capped(c.sp, counts)
			switch r.Action {
			case model.Deny:
				denied = denied.or(c.sp, match)
			case model.Allow:
				allowed = allowed.or(c.sp, match)
			}
		}
	}
	// Allowed: not denied, and a rule allows or nothing isolates.
	passes := allowed.or(c.sp, constant(c.sp, algebra.Yes-isolated))
	return denied.not(c.sp).and(c.sp, passes)
}
