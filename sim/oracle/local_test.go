package oracle_test

import (
	"testing"

	"github.com/netfate/netfate/sim/model"
)

func treated(l model.LocalNode, tiers ...model.Tier) *model.Model {
	m := cluster(tiers...)
	m.Profile.LocalNode.Value = l
	return m
}

func TestLocalNode(t *testing.T) {
	isolate := func() model.Tier { return tier(model.TieUnion, 1, policy(model.UnmatchedDeny)) }
	atEnd := isolate()
	atEnd.DenyAtEnd = true
	deny := tier(model.TieByKey, 1, policy(model.UnmatchedNext, rule(model.Deny)))
	for _, c := range []struct {
		name                           string
		tier                           model.Tier
		allowed, last, root, evaluated model.Outcome
	}{
		{"no policy", tier(model.TieUnion, 1), model.Allowed, model.Allowed, model.Allowed, model.Allowed},
		{"default deny", isolate(), model.Allowed, model.Allowed, model.Undetermined, model.Denied},
		{"default deny at the end", atEnd, model.Allowed, model.Allowed, model.Undetermined, model.Denied},
		{"a rule denies", deny, model.Allowed, model.Denied, model.Undetermined, model.Denied},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, from := range []int{node0, host0} {
				q := ask(endpoint(from), endpoint(server))
				want(t, treated(model.LocalNodeAllowed, c.tier), q, c.allowed)
				want(t, treated(model.LocalNodeLast, c.tier), q, c.last)
				want(t, treated(model.LocalNodeRoot, c.tier), q, c.root)
				want(t, treated(model.LocalNodeEvaluated, c.tier), q, c.evaluated)
			}
		})
	}
}

func TestLocalNodeWhich(t *testing.T) {
	m := cluster(tier(model.TieUnion, 1, policy(model.UnmatchedDeny), egress(policy(model.UnmatchedDeny))))
	for _, c := range []struct {
		name     string
		from, to int
		want     model.Outcome
	}{
		{"its node", node0, server, model.Allowed},
		{"another node", node1, server, model.Denied},
		{"a host pod of a node not known", hostX, server, model.Undetermined},
		{"a pod on a node not known", node0, template, model.Undetermined},
		{"another cluster's node of that name", node0, east, model.Denied},
		{"not from a pod", client, server, model.Denied},
		{"not to a node", server, node0, model.Denied},
	} {
		t.Run(c.name, func(t *testing.T) { want(t, m, ask(endpoint(c.from), endpoint(c.to)), c.want) })
	}
	for _, p := range m.Tiers[0].Policies {
		p.Subject.HostNetwork, p.Subject.OnlyHost = true, true
	}
	want(t, m, ask(endpoint(node0), endpoint(host0)), model.Denied)  // to a host pod: only what policies say
	want(t, m, ask(endpoint(host0), endpoint(server)), model.Denied) // its egress is not exempt
}

func TestLocalNodeWithoutProfile(t *testing.T) {
	m := cluster(tier(model.TieUnion, 1, policy(model.UnmatchedDeny)))
	m.Profile = nil
	want(t, m, ask(endpoint(node0), endpoint(server)), model.Allowed)
}
