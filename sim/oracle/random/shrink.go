package random

import "github.com/netfate/netfate/sim/model"

// Shrink makes a model smaller as long as fails returns true for it, and returns
// the smallest one found: no endpoint, policy, rule or peer of it can be left
// out, and nothing of them made simpler, without losing the failure. The model m
// is not changed; it has to fail.
//
// Leaving an endpoint out moves the indices of those behind it, so fails should
// ask its questions anew, all of them or from a fixed seed.
func Shrink(m *model.Model, fails func(*model.Model) bool) *model.Model {
	for {
		smaller := shrinkOnce(m, fails)
		if smaller == nil {
			return m
		}
		m = smaller
	}
}

// shrinkOnce tries each edit at each place and keeps those with which the model
// still fails. It returns nil when there were none.
func shrinkOnce(m *model.Model, fails func(*model.Model) bool) *model.Model {
	var found *model.Model
	for _, e := range edits() {
		for place := e.places(m) - 1; place >= 0; place-- { // from the end, where a drop moves nothing
			c := clone(m)
			if e.apply(c, place) && fails(c) {
				m, found = c, c
			}
		}
	}
	return found
}

// clone copies a model as deep as edits change it.
func clone(m *model.Model) *model.Model {
	c := *m
	c.Namespaces = append([]model.Namespace(nil), m.Namespaces...)
	c.Endpoints = append([]model.Endpoint(nil), m.Endpoints...)
	c.Tiers = append([]model.Tier(nil), m.Tiers...)
	for t := range c.Tiers {
		list := make([]*model.Policy, len(c.Tiers[t].Policies))
		for i, p := range c.Tiers[t].Policies {
			list[i] = clonePolicy(p)
		}
		c.Tiers[t].Policies = list
	}
	return &c
}

func clonePolicy(p *model.Policy) *model.Policy {
	c := *p
	c.Rules = append([]model.Rule(nil), p.Rules...)
	for i := range c.Rules {
		c.Rules[i].Peers = append([]model.Peer(nil), c.Rules[i].Peers...)
	}
	return &c
}
