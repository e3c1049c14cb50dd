package oracle_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/oracle"
	"github.com/netfate/netfate/sim/oracle/random"
)

// onRandom runs a check on random models, each with random questions. The model
// is generated anew for every seed, so a check may change it.
func onRandom(t *testing.T, check func(t *testing.T, r *rand.Rand, m *model.Model, qs []oracle.Question)) {
	t.Helper()
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 0))
		m := random.Model(r, random.Small())
		check(t, r, m, random.Questions(r, m, 40))
		if t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, random.Dump(m))
		}
	}
}

// points returns the outcomes at both enforcement points of each question.
func points(m *model.Model, qs []oracle.Question) []oracle.Outcomes {
	var out []oracle.Outcomes
	for _, q := range qs {
		egress, ingress := oracle.MayAllow, oracle.MayAllow
		if q.From.Kind == model.PartyEndpoint {
			egress = oracle.DecidePoint(m, model.Egress, q.From.Index, q.To, q)
		}
		if q.To.Kind == model.PartyEndpoint {
			ingress = oracle.DecidePoint(m, model.Ingress, q.To.Index, q.From, q)
		}
		out = append(out, egress, ingress)
	}
	return out
}

// within fails unless each outcome that is possible after was possible before.
func within(t *testing.T, what string, m *model.Model, qs []oracle.Question, before, after []oracle.Outcomes) {
	t.Helper()
	for i := range after {
		if after[i] == 0 || after[i]&^before[i] != 0 {
			t.Errorf("%s: %s: %s before, %s after", what, random.DumpQuestion(m, qs[i/2]), before[i], after[i])
		}
	}
}

// TestWithoutPolicies: what no policy speaks of is allowed.
func TestWithoutPolicies(t *testing.T) {
	onRandom(t, func(t *testing.T, _ *rand.Rand, m *model.Model, qs []oracle.Question) {
		for i := range m.Tiers {
			m.Tiers[i].Policies = nil
		}
		for i, o := range points(m, qs) {
			if o != oracle.MayAllow {
				t.Errorf("%s: %s", random.DumpQuestion(m, qs[i/2]), o)
			}
		}
	})
}

// TestAllowRuleOnlyOpens: where rules only allow, one more closes nothing.
func TestAllowRuleOnlyOpens(t *testing.T) {
	onRandom(t, func(t *testing.T, r *rand.Rand, m *model.Model, qs []oracle.Question) {
		var before []model.Outcome
		for _, q := range qs {
			before = append(before, oracle.Decide(m, q))
		}
		for i := range m.Tiers {
			if m.Tiers[i].Tie != model.TieUnion || len(m.Tiers[i].Policies) == 0 {
				continue
			}
			p := m.Tiers[i].Policies[r.IntN(len(m.Tiers[i].Policies))]
			p.Rules = append(p.Rules, rule(model.Allow))
		}
		for i, q := range qs {
			if after := oracle.Decide(m, q); after < before[i] {
				t.Errorf("%s: %s before, %s after", random.DumpQuestion(m, q), before[i], after)
			}
		}
	})
}

// TestUnionHasNoOrder: where rules only allow, the order of policies is nothing.
func TestUnionHasNoOrder(t *testing.T) {
	onRandom(t, func(t *testing.T, _ *rand.Rand, m *model.Model, qs []oracle.Question) {
		before := points(m, qs)
		for i := range m.Tiers {
			if m.Tiers[i].Tie == model.TieUnion {
				slices.Reverse(m.Tiers[i].Policies)
			}
		}
		after := points(m, qs)
		within(t, "reversed", m, qs, before, after)
		within(t, "reversed back", m, qs, after, before)
	})
}

// TestUndefinedTiesHoldAll: what any order of equal priorities yields is among
// what is possible where the order is undefined.
func TestUndefinedTiesHoldAll(t *testing.T) {
	onRandom(t, func(t *testing.T, _ *rand.Rand, m *model.Model, qs []oracle.Question) {
		ties := func(tie model.TieRule) []oracle.Outcomes {
			for i := range m.Tiers {
				m.Tiers[i].Tie = tie
			}
			return points(m, qs)
		}
		before := ties(model.TieUndefined)
		within(t, "by key", m, qs, before, ties(model.TieByKey))
		within(t, "deny first", m, qs, before, ties(model.TieDenyFirst))
		for i := range m.Tiers {
			slices.Reverse(m.Tiers[i].Policies)
		}
		within(t, "by key, reversed", m, qs, before, ties(model.TieByKey))
	})
}

// TestDoubtHoldsBoth: an outcome that comes about when a doubt is settled, one
// way or the other, was possible before.
func TestDoubtHoldsBoth(t *testing.T) {
	onRandom(t, func(t *testing.T, r *rand.Rand, m *model.Model, qs []oracle.Question) {
		before := points(m, qs)
		for i := range m.Tiers {
			m.Tiers[i].Policies = slices.DeleteFunc(m.Tiers[i].Policies, func(p *model.Policy) bool {
				drop := p.Uncertain != nil && r.IntN(2) == 0
				p.Uncertain = nil
				settle(r, p)
				return drop
			})
		}
		within(t, "settled", m, qs, before, points(m, qs))
	})
}

// settle settles each doubt about a policy's rules and their peers at random. A
// rule that is not to act stays in its place and matches nobody, since in some
// tiers the place counts.
func settle(r *rand.Rand, p *model.Policy) {
	for i := range p.Rules {
		rule := &p.Rules[i]
		if rule.Uncertain != nil && r.IntN(2) == 0 {
			rule.AnyPeer, rule.Peers = false, nil
		}
		rule.Uncertain = nil
		rule.Peers = slices.DeleteFunc(rule.Peers, func(p model.Peer) bool { return p.Uncertain != nil && r.IntN(2) == 0 })
		for j := range rule.Peers {
			rule.Peers[j].Uncertain = nil
		}
	}
}

// TestUnknownAddressesHoldAll: what is decided for an endpoint with addresses
// was possible while they were not known.
func TestUnknownAddressesHoldAll(t *testing.T) {
	onRandom(t, func(t *testing.T, _ *rand.Rand, m *model.Model, qs []oracle.Question) {
		after := points(m, qs)
		for i, q := range qs { // only of questions that both ends can take part in
			if !has(m, q.From, q) || !has(m, q.To, q) {
				after[2*i], after[2*i+1] = oracle.MayAllow, oracle.MayAllow
				qs[i].From, qs[i].To = outside(), outside()
			}
		}
		for i := range m.Endpoints {
			m.Endpoints[i].IPs = nil
		}
		within(t, "addresses known", m, qs, points(m, qs), after)
	})
}

func outside() model.Party { return address("8.8.8.8") }

// has tells whether a party may have the question's family.
func has(m *model.Model, p model.Party, q oracle.Question) bool {
	if p.Kind != model.PartyEndpoint {
		return true
	}
	v4, v6 := m.Endpoints[p.Index].Families()
	return [2]bool{v4, v6}[q.Family]
}
