package oracle_test

import (
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/oracle"
)

func denyBoth() model.Tier {
	return tier(model.TieUnion, 1, policy(model.UnmatchedDeny), egress(policy(model.UnmatchedDeny)))
}

func TestDecideItself(t *testing.T) {
	m := cluster(denyBoth())
	want(t, m, ask(endpoint(server), endpoint(server)), model.Allowed)
	want(t, m, ask(endpoint(template), endpoint(template)), model.Denied) // two pods of it
	want(t, cluster(), ask(endpoint(template), endpoint(template)), model.Allowed)
}

func TestDecideFamilies(t *testing.T) {
	six := func(from, to int) oracle.Question {
		q := ask(endpoint(from), endpoint(to))
		q.Family = algebra.IPv6
		return q
	}
	m := cluster()
	want(t, m, six(client, server), model.Denied)
	want(t, m, six(server, client), model.Denied)
	want(t, m, six(template, server), model.Allowed) // not known: has every family
	want(t, m, six(template, node0), model.Denied)
	want(t, m, ask(address("2001:db8::1"), endpoint(server)), model.Denied) // no IPv4 address
}

func TestDecideCombinesBothPoints(t *testing.T) {
	for _, c := range []struct {
		name    string
		out, in *model.Policy
		want    model.Outcome
	}{
		{"no policy", policy(model.UnmatchedNext), policy(model.UnmatchedNext), model.Allowed},
		{"egress denies", policy(model.UnmatchedDeny), policy(model.UnmatchedNext), model.Denied},
		{"ingress denies", policy(model.UnmatchedNext), policy(model.UnmatchedDeny), model.Denied},
		{"one is open", policy(model.UnmatchedNext), uncertain(policy(model.UnmatchedDeny)), model.Undetermined},
		{"a certain deny settles an open one", policy(model.UnmatchedDeny), uncertain(policy(model.UnmatchedDeny)), model.Denied},
		{"both are open", uncertain(policy(model.UnmatchedDeny)), uncertain(policy(model.UnmatchedDeny)), model.Undetermined},
	} {
		t.Run(c.name, func(t *testing.T) {
			want(t, cluster(tier(model.TieUnion, 1, egress(c.out), c.in)), fromClient(), c.want)
		})
	}
}

func TestDecideSubjects(t *testing.T) {
	m := cluster(denyBoth())
	want(t, m, ask(address("8.8.8.8"), endpoint(node0)), model.Allowed) // policies do not select nodes
	want(t, m, ask(address("8.8.8.8"), endpoint(host0)), model.Allowed) // nor host-network pods
	want(t, m, ask(endpoint(node0), address("8.8.8.8")), model.Allowed)
	want(t, m, ask(endpoint(client), address("8.8.8.8")), model.Denied)
	want(t, m, ask(endpoint(client), hostName("example.com")), model.Denied)
	want(t, m, ask(address("8.8.8.8"), address("9.9.9.9")), model.Allowed)
	for _, p := range m.Tiers[0].Policies {
		p.Subject.HostNetwork = true
	}
	want(t, m, ask(address("8.8.8.8"), endpoint(host0)), model.Denied)
	want(t, m, ask(address("8.8.8.8"), endpoint(node0)), model.Allowed)
}

func TestDecideSubjectNamespace(t *testing.T) {
	blue := with(policy(model.UnmatchedDeny), func(p *model.Policy) {
		p.Subject.NamespaceLabels = model.In("team", "blue")
	})
	m := cluster(tier(model.TieUnion, 1, blue))
	want(t, m, ask(endpoint(server), endpoint(client)), model.Allowed)
	want(t, m, ask(endpoint(server), endpoint(east)), model.Denied) // the other cluster's a is blue
	want(t, m, fromClient(), model.Denied)
	blue.Subject.LocalCluster = true
	want(t, m, ask(endpoint(server), endpoint(east)), model.Allowed)
}

func TestDecideMalformed(t *testing.T) {
	m := cluster()
	for _, p := range []model.Party{{Kind: model.PartyService}, endpoint(-1), endpoint(99), {Kind: model.PartyAddress}} {
		want(t, m, ask(p, endpoint(server)), model.Undetermined)
		want(t, m, ask(endpoint(server), p), model.Undetermined)
	}
	want(t, m, ask(hostName("example.com"), endpoint(server)), model.Undetermined)
}
