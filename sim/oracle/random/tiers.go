package random

import (
	"strconv"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// tiers generates the three tiers of today's APIs, or now and then only some of
// them, and fills them with policies.
func (g *gen) tiers() {
	for _, name := range []string{model.TierAdmin, model.TierNetworkPolicy, model.TierBaseline} {
		if g.chance(90) {
			g.m.Tiers = append(g.m.Tiers, g.tier(name))
		}
	}
	n := len(g.m.Tiers)
	for i := range g.m.Tiers {
		// Pass leads on to the next tier or past it.
		g.m.Tiers[i].PassTo = i + 1 + g.upTo(n-i-1)
	}
	if n == 0 {
		return
	}
	for range g.upTo(g.size.Policies) {
		t := &g.m.Tiers[g.r.IntN(n)]
		t.Policies = append(t.Policies, g.policy(t))
	}
}

func (g *gen) tier(name string) model.Tier {
	t := model.Tier{Name: name, Tie: pick(g, model.TieUndefined, model.TieByKey, model.TieDenyFirst)}
	if name == model.TierNetworkPolicy {
		t.Tie = model.TieUnion
		t.DenyAtEnd = g.chance(30)
	} else {
		t.DenyAtEnd = g.chance(5)
	}
	if t.Tie == model.TieUndefined {
		t.TieReason = because("equal priorities")
	}
	return t
}

// policy generates a policy for a tier.
func (g *gen) policy(t *model.Tier) *model.Policy {
	p := &model.Policy{
		Direction: pick(g, model.Ingress, model.Egress),
		Subject:   g.selector(),
		Unmatched: g.unmatched(t),
		Uncertain: g.doubt(12, "the policy may not be in force"),
		Origin:    model.Origin{Object: &model.Object{Ref: model.Ref{Kind: "Policy", Name: "policy" + strconv.Itoa(g.policies)}}},
	}
	g.policies++
	if t.Tie != model.TieUnion {
		p.Priority = pick(g, 0, 1, 1, 1.5, 1000)
		p.TieKey = pick(g, "a", "a", "b", "c")
	}
	if g.chance(15) {
		p.Domain = pick(g, algebra.PortProtocols(), algebra.ProtocolConns(algebra.TCP),
			algebra.AllConns().Subtract(algebra.Ports(algebra.TCP, 80, 81)))
		p.DomainReason = because("the API does not define it")
	}
	for i := range g.upTo(g.size.Rules) {
		p.Rules = append(p.Rules, g.rule(t, p, i))
	}
	return p
}

// unmatched returns what becomes of what no rule matches: isolation where
// NetworkPolicy lives, seldom anything but the next tier elsewhere.
func (g *gen) unmatched(t *model.Tier) model.Unmatched {
	isolate := 10
	if t.Tie == model.TieUnion {
		isolate = 80
	}
	switch {
	case g.chance(isolate):
		return model.UnmatchedDeny
	case g.chance(10):
		return model.UnmatchedAllow
	}
	return model.UnmatchedNext
}

func (g *gen) rule(t *model.Tier, p *model.Policy, i int) model.Rule {
	r := model.Rule{
		Action:    pick(g, model.Allow, model.Deny, model.Pass),
		AnyPeer:   g.chance(25),
		Traffic:   g.traffic(),
		Uncertain: g.doubt(10, "the rule may not act"),
		Origin:    model.Origin{Object: p.Origin.Object, Field: "rules[" + strconv.Itoa(i) + "]"},
	}
	if t.Tie == model.TieUnion {
		r.Action = model.Allow // all that this tie rule knows
	}
	if !r.AnyPeer && !g.chance(3) { // without peers it matches none
		for range g.upTo(g.size.Peers-1) + min(1, g.size.Peers) {
			r.Peers = append(r.Peers, g.peer())
		}
	}
	return r
}
