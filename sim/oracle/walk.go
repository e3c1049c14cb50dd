package oracle

import (
	"cmp"
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// ranked is a rule with what decides its place in the walk.
type ranked struct {
	policy   *model.Policy
	rule     *model.Rule
	index    int // of the rule in its policy
	position int // of the policy among those of the tier that select the subject
}

// walkTier lets the rules of a tier act in the order of its tie rule. It returns
// every outcome that a rule may bring about, and whether one certainly acts, so
// that nothing after it matters.
func (p *point) walkTier(t int, policies []*model.Policy, deferred bool) (Outcomes, bool) {
	rules := rank(policies)
	switch p.m.Tiers[t].Tie {
	case model.TieUndefined:
		return p.walkGroups(t, policies, deferred)
	case model.TieDenyFirst:
		slices.SortFunc(rules, denyFirst)
	default:
		slices.SortFunc(rules, byKey)
	}
	return p.walk(t, rules, deferred)
}

// walk lets rules act one after the other: the first that certainly matches
// ends the walk, one that may match is followed both ways.
func (p *point) walk(t int, rules []ranked, deferred bool) (Outcomes, bool) {
	var outcomes Outcomes
	for _, r := range rules {
		switch p.acts(r.policy, r.rule) {
		case algebra.Yes:
			return outcomes | p.decision(t, r.rule.Action, deferred), true
		case algebra.Maybe:
			outcomes |= p.decision(t, r.rule.Action, deferred)
		}
	}
	return outcomes, false
}

// walkGroups serves a tier where the order among equal priorities is undefined:
// each policy of a group may be the one that goes first.
func (p *point) walkGroups(t int, policies []*model.Policy, deferred bool) (Outcomes, bool) {
	var outcomes Outcomes
	for _, priority := range priorities(policies) {
		decided := false
		for _, policy := range policies {
			if policy.Priority != priority {
				continue
			}
			alone, certain := p.walk(t, rank([]*model.Policy{policy}), deferred)
			outcomes |= alone
			decided = decided || certain
		}
		if decided {
			return outcomes, true
		}
	}
	return outcomes, false
}

// decision is what follows when a rule with the action acts in tier t.
func (p *point) decision(t int, a model.Action, deferred bool) Outcomes {
	switch a {
	case model.Allow:
		return MayAllow
	case model.Deny:
		return MayDeny
	}
	// A Pass only ever goes forward, so that evaluation ends.
	return p.possible(max(p.m.Tiers[t].PassTo, t+1), deferred)
}

// rank lists the rules of the policies in the tier's order.
func rank(policies []*model.Policy) []ranked {
	var out []ranked
	for position, policy := range policies {
		for i := range policy.Rules {
			out = append(out, ranked{policy, &policy.Rules[i], i, position})
		}
	}
	return out
}

// byKey orders rules by policy, and the policies by priority and key.
func byKey(a, b ranked) int {
	return cmp.Or(
		cmp.Compare(a.policy.Priority, b.policy.Priority),
		cmp.Compare(a.policy.TieKey, b.policy.TieKey),
		cmp.Compare(a.position, b.position),
		cmp.Compare(a.index, b.index))
}

// denyFirst lines the policies of one priority up beside each other: all first
// rules, then all second ones, and among those Deny before Allow before Pass.
func denyFirst(a, b ranked) int {
	return cmp.Or(
		cmp.Compare(a.policy.Priority, b.policy.Priority),
		cmp.Compare(a.index, b.index),
		cmp.Compare(strength(a.rule.Action), strength(b.rule.Action)),
		cmp.Compare(a.position, b.position))
}

// strength orders actions: the stronger has the lower number.
func strength(a model.Action) int {
	switch a {
	case model.Deny:
		return 0
	case model.Allow:
		return 1
	}
	return 2
}

// priorities lists the priorities of the policies, each once, lowest first.
func priorities(policies []*model.Policy) []float64 {
	var out []float64
	for _, policy := range policies {
		out = append(out, policy.Priority)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
