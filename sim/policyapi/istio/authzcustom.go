package istio

import (
	"strconv"

	securityv1 "istio.io/api/security/v1beta1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// customPolicy is a policy with the action CUSTOM for one kind of connections, as
// it is where its provider cannot be used: it denies all that it matches.
type customPolicy struct {
	provider string
	policy   *model.Policy
	chain    chain
}

// custom is a rule whose requests an external service decides: denied where the
// provider is unknown, otherwise open; false where the rule has no effect
// (authz/builder buildHTTP, buildTCP).
func (b *builder) custom(r *rulekit.Reader, p *securityv1.AuthorizationPolicy, rule *model.Rule, chain chain) bool {
	name := p.GetProvider().GetName()
	kind, known := b.config.providers[name]
	switch {
	case !known:
		if chain == requests {
			r.Warn(r.Root().Key("spec").Key("provider"), "no extension provider "+strconv.Quote(name)+" is in the mesh's settings: what the rules match is denied", "")
		}
		return true
	case kind == providerHTTP && chain == streams:
		return false
	case dryRun(r):
		rule.Uncertain = &model.Reason{Kind: model.UndefinedByAPI, Confidence: model.Inferred, Origin: rule.Origin,
			Text: "a CUSTOM policy with istio.io/dry-run is put among the rules that Envoy enforces, against its purpose"}
		return true
	}
	rule.Uncertain = &model.Reason{Kind: model.MissingFact, Confidence: model.Source, Origin: rule.Origin,
		Text: "the external authorizer " + name + " decides, which netfate does not ask"}
	return true
}

// everyRule is a CUSTOM policy that denies all that its rules match.
func (b *builder) everyRule(r *rulekit.Reader, p *securityv1.AuthorizationPolicy, subject model.Selector, chain chain) *model.Policy {
	out := &model.Policy{Direction: model.Ingress, Subject: subject, Origin: r.Root().Origin()}
	c := b.ruleCond(r, chain, false)
	c.strict = false
	for i, x := range p.GetRules() {
		if when, err := c.of(x); err == nil {
			out.Rules = append(out.Rules, model.Rule{Action: model.Deny, AnyPeer: true, Traffic: model.Traffic{Any: true}, When: when,
				Origin: r.Root().Key("spec").Item("rules", i).Origin()})
		}
	}
	return out
}

// severalProviders denies what the CUSTOM policies of a workload match where they
// name several providers: istiod picks none of them unless it is told to use all.
func (b *builder) severalProviders() {
	for i := range b.customs {
		for j := range b.customs {
			x, y := &b.customs[i], &b.customs[j]
			if x.provider == y.provider || x.chain != y.chain {
				continue
			}
			if subject, ok := both(x.policy.Subject, y.policy.Subject); ok {
				p := *x.policy
				p.Subject = subject
				b.place(model.TierCustom, &p, x.chain)
			}
		}
	}
}

// both selects what two selectors of workloads choose; false for nothing.
func both(a, b model.Selector) (model.Selector, bool) {
	out := a
	switch {
	case a.Namespace == "":
		out.Namespace = b.Namespace
	case b.Namespace != "" && b.Namespace != a.Namespace:
		return out, false
	}
	out.PodLabels = model.And(a.PodLabels, b.PodLabels)
	return out, true
}
