package oracle_test

import (
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/oracle"
)

// tierCase is tiers and what their ingress yields for fromClient.
type tierCase struct {
	name  string
	tiers []model.Tier
	want  model.Outcome
}

func runTiers(t *testing.T, cases []tierCase) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { want(t, cluster(c.tiers...), fromClient(), c.want) })
	}
}

func one(tie model.TieRule, policies ...*model.Policy) []model.Tier {
	return []model.Tier{tier(tie, 1, policies...)}
}

// then returns the tier with another after it that denies all.
func then(t model.Tier) []model.Tier {
	return []model.Tier{t, tier(model.TieByKey, 2, policy(model.UnmatchedNext, rule(model.Deny)))}
}

func TestWalkOrder(t *testing.T) {
	next := model.UnmatchedNext
	allow, deny, pass := rule(model.Allow), rule(model.Deny), rule(model.Pass)
	key := func(k string, r model.Rule) *model.Policy {
		return with(policy(next, r), func(p *model.Policy) { p.TieKey = k })
	}
	runTiers(t, []tierCase{
		{"rules in order", one(model.TieByKey, policy(next, allow, deny)), model.Allowed},
		{"priority first", one(model.TieByKey, priority(2, policy(next, allow)), priority(1, policy(next, deny))), model.Denied},
		{"then the key", one(model.TieByKey, key("b", allow), key("a", deny)), model.Denied},
		{"then the position", one(model.TieByKey, key("a", allow), key("a", deny)), model.Allowed},
		{"deny first", one(model.TieDenyFirst, policy(next, allow), policy(next, deny)), model.Denied},
		{"allow before pass", then(tier(model.TieDenyFirst, 1, policy(next, pass), policy(next, allow))), model.Allowed},
		{"rule index before deny", one(model.TieDenyFirst, policy(next, allow), policy(next, maybeNobody(), deny)), model.Allowed},
		{"priority before deny", one(model.TieDenyFirst, priority(1, policy(next, allow)), priority(2, policy(next, deny))), model.Allowed},
		{"undefined", one(model.TieUndefined, policy(next, allow), policy(next, deny)), model.Undetermined},
		{"undefined but equal", one(model.TieUndefined, policy(next, deny), policy(next, deny)), model.Denied},
		{"each walked alone", one(model.TieUndefined, policy(next, allow, deny), policy(next, allow)), model.Allowed},
		{"group decides", one(model.TieUndefined, policy(next, deny), priority(1, policy(next, allow))), model.Denied},
		{"group decides by one", one(model.TieUndefined, policy(next, allow), policy(next, maybe(deny)), priority(1, policy(next, deny))),
			model.Undetermined},
		{"group is open", one(model.TieUndefined, policy(next, maybe(allow)), priority(1, policy(next, allow))), model.Allowed},
		{"no rule matches", one(model.TieByKey, policy(next, maybeNobody())), model.Allowed},
	})
}

// maybeNobody is a rule that matches nothing; doubt does not change that.
func maybeNobody() model.Rule {
	return maybe(model.Rule{Action: model.Deny, Traffic: model.Traffic{Any: true}})
}

func TestWalkDoubt(t *testing.T) {
	next := model.UnmatchedNext
	allow, deny := rule(model.Allow), rule(model.Deny)
	runTiers(t, []tierCase{
		{"doubtful deny", one(model.TieByKey, policy(next, maybe(deny), allow)), model.Undetermined},
		{"doubt of no consequence", one(model.TieByKey, policy(next, maybe(allow), allow)), model.Allowed},
		{"certain goes first", one(model.TieByKey, policy(next, allow, maybe(deny))), model.Allowed},
		{"doubtful policy", one(model.TieByKey, uncertain(policy(next, deny))), model.Undetermined},
		{"doubtful deny, denied anyway", then(tier(model.TieByKey, 1, policy(next, maybe(deny)))), model.Denied},
		// In force or not, it allows: its rules and its isolation are one doubt.
		{"doubtful isolation with a rule", one(model.TieUnion, uncertain(policy(model.UnmatchedDeny, allow))), model.Allowed},
	})
}

func TestPass(t *testing.T) {
	pass := policy(model.UnmatchedNext, rule(model.Pass), rule(model.Deny))
	runTiers(t, []tierCase{
		{"to the next tier", then(tier(model.TieByKey, 1, pass)), model.Denied},
		{"past the next tier", then(tier(model.TieByKey, 2, pass)), model.Allowed},
		{"to the end", one(model.TieByKey, pass), model.Allowed},
		{"never backwards", []model.Tier{tier(model.TieByKey, 0, pass)}, model.Allowed},
		{"skips its tier's end", one(model.TieByKey, pass, policy(model.UnmatchedDeny)), model.Allowed},
		{"in doubt", then(tier(model.TieByKey, 2, policy(model.UnmatchedNext, maybe(rule(model.Pass))))), model.Undetermined},
	})
}

func TestUnmatched(t *testing.T) {
	next, deny, allow := model.UnmatchedNext, model.UnmatchedDeny, model.UnmatchedAllow
	union := func(p ...*model.Policy) model.Tier { return tier(model.TieUnion, 1, p...) }
	runTiers(t, []tierCase{
		{"next", then(union(policy(next))), model.Denied},
		{"deny", []model.Tier{union(policy(deny))}, model.Denied},
		{"allow ends", then(union(policy(allow))), model.Allowed},
		{"deny wins", []model.Tier{union(policy(allow), policy(deny))}, model.Denied},
		{"allow wins over next", then(union(policy(next), policy(allow))), model.Allowed},
		{"doubtful deny", []model.Tier{union(uncertain(policy(deny)))}, model.Undetermined},
		{"doubtful deny, else denied", then(union(uncertain(policy(deny)))), model.Denied},
		{"doubtful deny, else allowed", then(union(uncertain(policy(deny)), policy(allow))), model.Undetermined},
		{"doubtful allow", then(union(uncertain(policy(allow)))), model.Undetermined},
		{"doubtful allow, else allowed", []model.Tier{union(uncertain(policy(allow)))}, model.Allowed},
		{"both doubtful", []model.Tier{union(uncertain(policy(allow)), uncertain(policy(deny)))}, model.Undetermined},
		{"doubtful allow under deny", then(union(uncertain(policy(allow)), policy(deny))), model.Denied},
		{"one certain is enough", []model.Tier{union(uncertain(policy(deny)), policy(deny))}, model.Denied},
		{"rules go before", []model.Tier{union(policy(deny, rule(model.Allow)))}, model.Allowed},
	})
}

func TestDenyAtEnd(t *testing.T) {
	deferred := func(p ...*model.Policy) model.Tier {
		u := tier(model.TieUnion, 1, p...)
		u.DenyAtEnd = true
		return u
	}
	baseline := func(p *model.Policy) model.Tier { return tier(model.TieByKey, 2, p) }
	deny := policy(model.UnmatchedDeny)
	accept := func() *model.Policy { return policy(model.UnmatchedNext, rule(model.Allow)) }
	runTiers(t, []tierCase{
		{"nothing after", []model.Tier{deferred(deny)}, model.Denied},
		{"baseline allows", []model.Tier{deferred(deny), baseline(accept())}, model.Allowed},
		{"baseline may allow", []model.Tier{deferred(deny), baseline(uncertain(accept()))}, model.Undetermined},
		{"baseline passes", []model.Tier{deferred(deny), baseline(policy(model.UnmatchedNext, rule(model.Pass)))}, model.Denied},
		{"doubtful", []model.Tier{deferred(uncertain(policy(model.UnmatchedDeny)))}, model.Undetermined},
		{"doubtful, baseline allows", []model.Tier{deferred(uncertain(policy(model.UnmatchedDeny))), baseline(accept())}, model.Allowed},
		{"an allow after it", []model.Tier{deferred(deny, policy(model.UnmatchedAllow))}, model.Denied},
	})
}

func TestDomain(t *testing.T) {
	np := func() *model.Policy {
		return with(policy(model.UnmatchedDeny, rule(model.Allow)), func(p *model.Policy) { p.Domain = algebra.PortProtocols() })
	}
	ping := fromClient()
	ping.Protocol, ping.Port = algebra.ICMP, 8<<8
	m := cluster(tier(model.TieUnion, 1, np()))
	want(t, m, fromClient(), model.Allowed)
	want(t, m, ping, model.Undetermined)
	want(t, cluster(tier(model.TieUnion, 1, uncertain(np()))), ping, model.Undetermined)
	want(t, cluster(tier(model.TieUnion, 1, egress(np()))), ask(address("8.8.8.8"), endpoint(server)), model.Allowed)
	// A tier before it may settle the matter.
	m = cluster(tier(model.TieByKey, 1, policy(model.UnmatchedNext, rule(model.Deny))), tier(model.TieUnion, 2, np()))
	want(t, m, ping, model.Denied)
}

func TestDecidePoint(t *testing.T) {
	m := cluster(tier(model.TieUnion, 1, uncertain(policy(model.UnmatchedDeny)), egress(policy(model.UnmatchedDeny))))
	q := fromClient()
	if got := oracle.DecidePoint(m, model.Egress, client, q.To, q); got != oracle.MayDeny {
		t.Errorf("egress: got %s", got)
	}
	got := oracle.DecidePoint(m, model.Ingress, server, q.From, q)
	if got != oracle.MayAllow|oracle.MayDeny || got.Outcome() != model.Undetermined || got.String() != "{allow, deny}" {
		t.Errorf("ingress: got %s", got)
	}
}
