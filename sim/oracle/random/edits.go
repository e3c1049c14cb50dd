package random

import (
	"iter"
	"slices"

	"github.com/netfate/netfate/sim/model"
)

// edit is one way to make a model simpler, at each of a number of places.
type edit struct {
	places func(*model.Model) int
	// apply edits the place and tells whether that made a difference.
	apply func(m *model.Model, place int) bool
}

// edits returns all edits, those that leave out the most first.
func edits() []edit {
	return []edit{
		{func(m *model.Model) int { return len(m.Tiers) }, dropTier},
		{countPolicies, dropPolicy},
		{func(m *model.Model) int { return len(m.Endpoints) }, dropEndpoint},
		{func(m *model.Model) int { return len(m.Namespaces) }, dropNamespace},
		{countRules, dropRule},
		{countPeers, dropPeer},
		{countPolicies, simplerSubject},
		{countPolicies, certainPolicy},
		{countPolicies, wholeDomain},
		{countPolicies, plainOrder},
		{countRules, certainRule},
		{countRules, anyTraffic},
		{countPeers, certainPeer},
		{countPeers, simplerSelector},
		{func(m *model.Model) int { return len(m.Endpoints) }, plainEndpoint},
		{func(*model.Model) int { return 1 }, anyPodAddrs},
	}
}

// policies yields the policies of all tiers.
func policies(m *model.Model) iter.Seq[*model.Policy] {
	return func(yield func(*model.Policy) bool) {
		for t := range m.Tiers {
			for _, p := range m.Tiers[t].Policies {
				if !yield(p) {
					return
				}
			}
		}
	}
}

func countPolicies(m *model.Model) int { return m.Policies() }

func countRules(m *model.Model) int {
	n := 0
	for p := range policies(m) {
		n += len(p.Rules)
	}
	return n
}

func countPeers(m *model.Model) int {
	n := 0
	for p := range policies(m) {
		for i := range p.Rules {
			n += len(p.Rules[i].Peers)
		}
	}
	return n
}

// policyAt returns the policy at a place.
func policyAt(m *model.Model, place int) *model.Policy {
	for p := range policies(m) {
		if place == 0 {
			return p
		}
		place--
	}
	return nil
}

// ruleAt returns the policy of the rule at a place, and the rule's index in it.
func ruleAt(m *model.Model, place int) (*model.Policy, int) {
	for p := range policies(m) {
		if place < len(p.Rules) {
			return p, place
		}
		place -= len(p.Rules)
	}
	return nil, 0
}

// peerAt returns the rule of the peer at a place, and the peer's index in it.
func peerAt(m *model.Model, place int) (*model.Rule, int) {
	for p := range policies(m) {
		for i := range p.Rules {
			r := &p.Rules[i]
			if place < len(r.Peers) {
				return r, place
			}
			place -= len(r.Peers)
		}
	}
	return nil, 0
}

// dropTier leaves a tier out and lets Pass lead to where it led.
func dropTier(m *model.Model, place int) bool {
	m.Tiers = slices.Delete(m.Tiers, place, place+1)
	for t := range m.Tiers {
		if m.Tiers[t].PassTo > place {
			m.Tiers[t].PassTo--
		}
	}
	return true
}

func dropPolicy(m *model.Model, place int) bool {
	for t := range m.Tiers {
		list := m.Tiers[t].Policies
		if place < len(list) {
			m.Tiers[t].Policies = slices.Delete(list, place, place+1)
			return true
		}
		place -= len(list)
	}
	return false
}

func dropEndpoint(m *model.Model, place int) bool {
	m.Endpoints = slices.Delete(m.Endpoints, place, place+1)
	return true
}

// dropNamespace leaves out a namespace that no endpoint is in.
func dropNamespace(m *model.Model, place int) bool {
	n := m.Namespaces[place]
	for i := range m.Endpoints {
		if e := &m.Endpoints[i]; e.Namespace == n.Name && e.Cluster == n.Cluster {
			return false
		}
	}
	m.Namespaces = slices.Delete(m.Namespaces, place, place+1)
	return true
}

func dropRule(m *model.Model, place int) bool {
	p, i := ruleAt(m, place)
	p.Rules = slices.Delete(p.Rules, i, i+1)
	return true
}

func dropPeer(m *model.Model, place int) bool {
	r, i := peerAt(m, place)
	r.Peers = slices.Delete(r.Peers, i, i+1)
	return true
}
