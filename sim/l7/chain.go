package l7

import (
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Chain is the tiers of proxies, compiled: what each endpoint's proxy lets in.
type Chain struct {
	tiers   []model.Tier
	entries [][][]*entry // by endpoint, then tier; shared by endpoints that no selector tells apart
}

// entry is one policy, compiled.
type entry struct {
	policy *model.Policy
	rules  []*Matcher
}

// NewChain compiles the tiers of a model's proxies for its endpoints, and those of
// workloads that have no proxy and are of the mesh all the same: as many, with the
// same names. Policies with a direction other than ingress have no effect here.
func NewChain(m *model.Model, tiers, proxyless []model.Tier) *Chain {
	c := &Chain{tiers: tiers, entries: make([][][]*entry, len(m.Endpoints))}
	compiled := [2][][]*entry{compileTiers(tiers), compileTiers(proxyless)}
	byNamespace, groups := m.NamespaceLabels(), [2]map[string][][]*entry{{}, {}}
	for i := range m.Endpoints {
		e := &m.Endpoints[i]
		kind := 0
		if e.Proxy != nil && e.Proxy.Proxyless {
			kind = 1
		}
		key := groupKey(e)
		if _, known := groups[kind][key]; !known {
			groups[kind][key] = selectEntries(compiled[kind], e, model.LabelsOf(byNamespace, e))
		}
		c.entries[i] = groups[kind][key]
	}
	return c
}

func compileTiers(tiers []model.Tier) [][]*entry {
	out := make([][]*entry, len(tiers))
	for i := range tiers {
		for _, p := range tiers[i].Policies {
			out[i] = append(out[i], newEntry(p))
		}
	}
	return out
}

// Policies returns the policies that select an endpoint, by tier.
func (c *Chain) Policies(endpoint int) [][]*model.Policy {
	out := make([][]*model.Policy, len(c.entries[endpoint]))
	for i, tier := range c.entries[endpoint] {
		for _, e := range tier {
			out[i] = append(out[i], e.policy)
		}
	}
	return out
}

func newEntry(p *model.Policy) *entry {
	e := &entry{policy: p, rules: make([]*Matcher, len(p.Rules))}
	for i := range p.Rules {
		e.rules[i] = Compile(p.Rules[i].When)
	}
	return e
}

// groupKey is equal for endpoints that every selector chooses alike.
func groupKey(e *model.Endpoint) string {
	var b strings.Builder
	b.WriteString(e.Cluster + "\x00" + e.Namespace + "\x00" + e.Kind.String() + "\x00")
	if e.HostNetwork {
		b.WriteString("h\x00")
	}
	for _, l := range e.Labels {
		b.WriteString(l.Key + "\x00" + l.Value + "\x00")
	}
	return b.String()
}

func selectEntries(compiled [][]*entry, e *model.Endpoint, ns model.Labels) [][]*entry {
	out := make([][]*entry, len(compiled))
	for i, tier := range compiled {
		for _, x := range tier {
			if x.policy.Direction == model.Ingress && x.policy.Subject.Matches(e, ns) {
				out[i] = append(out[i], x)
			}
		}
	}
	return out
}

// Selects tells whether any policy selects an endpoint.
func (c *Chain) Selects(endpoint int) bool {
	return slices.ContainsFunc(c.entries[endpoint], func(tier []*entry) bool { return len(tier) > 0 })
}

// Decide returns what becomes of a request at an endpoint's proxy: denied where
// a tier denies it for certain, allowed where every tier lets it on.
func (c *Chain) Decide(endpoint int, s *model.Seen) model.Outcome {
	out := model.Allowed
	for _, tier := range c.entries[endpoint] {
		if o := decideTier(tier, s); o < out {
			if out = o; out == model.Denied {
				return out
			}
		}
	}
	return out
}

// decideTier combines a tier's policies: a Deny rule wins over an Allow rule, and
// that over the default of the policies that isolate.
func decideTier(tier []*entry, s *model.Seen) model.Outcome {
	denied, allowed, isolated := algebra.No, algebra.No, algebra.No
	for _, e := range tier {
		sure := algebra.Yes
		if e.policy.Uncertain != nil {
			sure = algebra.Maybe
		}
		if e.policy.Unmatched == model.UnmatchedDeny {
			isolated = max(isolated, sure)
		}
		for i, m := range e.rules {
			match := min(sure, ruleHolds(&e.policy.Rules[i], m, s))
			switch e.policy.Rules[i].Action {
			case model.Deny:
				denied = max(denied, match)
			case model.Allow:
				allowed = max(allowed, match)
			}
		}
		if denied == algebra.Yes {
			return model.Denied
		}
	}
	return tierOutcome(denied, allowed, isolated)
}

func ruleHolds(r *model.Rule, m *Matcher, s *model.Seen) algebra.Tri {
	match := m.Holds(s)
	if r.Uncertain != nil {
		match = min(match, algebra.Maybe)
	}
	return match
}

func tierOutcome(denied, allowed, isolated algebra.Tri) model.Outcome {
	switch {
	case denied == algebra.Yes, isolated == algebra.Yes && allowed == algebra.No:
		return model.Denied
	case denied == algebra.No && (allowed == algebra.Yes || isolated == algebra.No):
		return model.Allowed
	}
	return model.Undetermined
}
