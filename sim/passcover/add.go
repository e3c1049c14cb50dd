package passcover

import "github.com/netfate/netfate/sim/model"

// maxPairs bounds the pairs of rules that are compared for one Pass. Beyond it what the
// Pass matches is left open.
const maxPairs = 10_000_000

// Priorities in the tier: what may undo a deny, the denies, the doubtful denies.
const (
	first = iota
	second
	third
)

// placed is a rule with its policy and the place of its tier.
type placed struct {
	policy *model.Policy
	rule   *model.Rule
	tier   string
}

// Needed tells whether the profile has the deviation and the model a rule that it is about.
func Needed(m *model.Model) bool {
	return m.Profile.CoveredPass.Value && (len(passes(m, model.Ingress)) > 0 || len(passes(m, model.Egress)) > 0)
}

// Add puts the rules into the model's tier of deviations. All policies must be in the model.
func Add(m *model.Model) {
	t := m.TierIndex(model.TierDeviation)
	if t < 0 || !m.Profile.CoveredPass.Value {
		return
	}
	for _, d := range []model.Direction{model.Ingress, model.Egress} {
		all := passes(m, d)
		if len(all) == 0 {
			continue
		}
		earlier := append(rules(m, model.TierAdmin, d), rules(m, model.TierNetworkPolicy, d)...)
		same := rules(m, model.TierBaseline, d)
		for _, p := range all {
			f := finder{m: m, pass: p, earlier: earlier, same: same, near: byNamespace(earlier), most: maxPairs}
			m.Tiers[t].Policies = append(m.Tiers[t].Policies, f.find()...)
		}
	}
}

// passes are the Pass rules of the Baseline tier.
func passes(m *model.Model, d model.Direction) []placed {
	var out []placed
	for _, r := range rules(m, model.TierBaseline, d) {
		if r.rule.Action == model.Pass {
			out = append(out, r)
		}
	}
	return out
}

// rules are those of a tier in one direction.
func rules(m *model.Model, tier string, d model.Direction) []placed {
	var out []placed
	t := m.TierIndex(tier)
	if t < 0 {
		return nil
	}
	for _, p := range m.Tiers[t].Policies {
		if p.Direction != d {
			continue
		}
		for i := range p.Rules {
			out = append(out, placed{p, &p.Rules[i], tier})
		}
	}
	return out
}

// byNamespace sorts rules by the namespace of their subjects, "" for any.
func byNamespace(list []placed) map[string][]placed {
	out := map[string][]placed{}
	for _, r := range list {
		ns := r.policy.Subject.Namespace
		out[ns] = append(out[ns], r)
	}
	return out
}
