package istio

import (
	"errors"
	"slices"
	"strconv"

	securityv1 "istio.io/api/security/v1beta1"
	typev1 "istio.io/api/type/v1beta1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// authorization adds an AuthorizationPolicy to the tiers of proxies.
func (b *builder) authorization(r *rulekit.Reader) {
	var p securityv1.AuthorizationPolicy
	if !read(r, &p) {
		return
	}
	checkAuthorization(r, &p)
	if r.Rejected() {
		return
	}
	subject := b.subject(r, p.GetSelector())
	if names, targets := b.targets(r, &p); targets {
		if subject = ofGateways(r.Object.Namespace, names); len(names) == 0 {
			return
		}
	}
	if p.GetAction() == securityv1.AuthorizationPolicy_AUDIT {
		r.Warn(r.Root().Key("spec").Key("action"), "has no effect on verdicts: AUDIT only logs", "")
		return
	}
	for _, chain := range chains() {
		if !b.takes(r, &p, chain) {
			continue
		}
		if chain == proxyless && b.refused(r, &p, subject) {
			continue
		}
		policy := b.policy(r, &p, subject, chain)
		tier := tierOf(p.GetAction())
		if r.Open() {
			policy.Uncertain = r.OpenReason()
			policy.Rules = append(policy.Rules, b.anything(r, policy)...)
		}
		b.place(tier, policy, chain)
		if p.GetAction() == securityv1.AuthorizationPolicy_CUSTOM && !dryRun(r) {
			b.customs = append(b.customs, customPolicy{p.GetProvider().GetName(), b.everyRule(r, &p, subject, chain), chain})
		}
	}
}

// takes tells whether a policy has an effect on a kind of chain at all, and says so
// where it has none on proxies.
func (b *builder) takes(r *rulekit.Reader, p *securityv1.AuthorizationPolicy, chain chain) bool {
	profile := b.profileOf(chain)
	custom := p.GetAction() == securityv1.AuthorizationPolicy_CUSTOM
	switch {
	case custom && !profile.Custom.Value:
		b.skipped(r, r.Root().Key("spec").Key("action"), profile.Custom.Statement, chain)
	case p.GetAction() == securityv1.AuthorizationPolicy_ALLOW && len(p.GetRules()) == 0 && !profile.EmptyAllow.Value:
		b.skipped(r, r.Root().Key("spec"), profile.EmptyAllow.Statement, chain)
	case dryRun(r) && !profile.DryRun.Value && !(custom && b.config.providers[p.GetProvider().GetName()] != ""):
		b.skipped(r, r.Root().Key("metadata"), profile.DryRun.Statement, chain)
	default:
		return true
	}
	return false
}

// skipped tells once of a policy without effect: on proxies, and on workloads
// without one where the snapshot has any.
func (b *builder) skipped(r *rulekit.Reader, at rulekit.At, s model.Statement, chain chain) {
	switch {
	case chain == requests:
		r.Warn(at, b.noEffect(s), "")
	case chain == proxyless && b.hasProxyless():
		r.Warn(at, "has no effect on workloads without a proxy: "+s.Text+" ["+s.Row+"]", "")
	}
}

func tierOf(a securityv1.AuthorizationPolicy_Action) string {
	switch a {
	case securityv1.AuthorizationPolicy_DENY:
		return model.TierDeny
	case securityv1.AuthorizationPolicy_CUSTOM:
		return model.TierCustom
	}
	return model.TierAllow
}

// anything bounds a policy with a part that is not understood: it may allow or
// deny every request.
func (b *builder) anything(r *rulekit.Reader, p *model.Policy) []model.Rule {
	action := model.Deny
	if p.Unmatched == model.UnmatchedDeny {
		action = model.Allow
	}
	return []model.Rule{{Action: action, AnyPeer: true, Traffic: model.Traffic{Any: true}, Uncertain: r.OpenReason(), Origin: r.Root().Origin()}}
}

// policy translates the rules for one kind of filter chain.
func (b *builder) policy(r *rulekit.Reader, p *securityv1.AuthorizationPolicy, subject model.Selector, chain chain) *model.Policy {
	out := &model.Policy{Direction: model.Ingress, Subject: subject, Origin: r.Root().Origin()}
	action := model.Deny
	if p.GetAction() == securityv1.AuthorizationPolicy_ALLOW {
		action, out.Unmatched = model.Allow, model.UnmatchedDeny
	}
	c := b.ruleCond(r, chain, action == model.Allow)
	rules := r.Root().Key("spec")
	for i, x := range p.GetRules() {
		at := rules.Item("rules", i)
		when, err := c.of(x)
		if err != nil {
			b.dropped(r, at, err, chain)
			continue
		}
		rule := model.Rule{Action: action, AnyPeer: true, Traffic: model.Traffic{Any: true}, When: when, Origin: at.Origin()}
		if p.GetAction() == securityv1.AuthorizationPolicy_CUSTOM && !b.custom(r, p, &rule, chain) {
			continue
		}
		if chain == requests && action == model.Deny && onlyRequest(x) {
			r.Warn(at, "denies every connection to ports that do not speak HTTP: all it asks for is of requests, which they have not (M5)",
				"name the ports that it is for in to.operation.ports")
		}
		out.Rules = append(out.Rules, rule)
	}
	return out
}

// onlyRequest tells whether a rule asks for nothing but what requests have, which
// istiod's webhook warns about where it denies.
func onlyRequest(x *securityv1.Rule) bool {
	from := slices.ContainsFunc(x.GetFrom(), func(f *securityv1.Rule_From) bool {
		s := f.GetSource()
		return len(s.GetPrincipals())+len(s.GetNotPrincipals())+len(s.GetIpBlocks())+len(s.GetNotIpBlocks())+len(s.GetNamespaces())+
			len(s.GetNotNamespaces())+len(s.GetRemoteIpBlocks())+len(s.GetNotRemoteIpBlocks())+len(s.GetServiceAccounts())+len(s.GetNotServiceAccounts()) > 0
	})
	to := slices.ContainsFunc(x.GetTo(), func(t *securityv1.Rule_To) bool {
		return len(t.GetOperation().GetPorts())+len(t.GetOperation().GetNotPorts()) > 0
	})
	return len(x.GetFrom()) > 0 && len(x.GetTo()) == 0 && !from || len(x.GetTo()) > 0 && !to
}

// dropped tells of a rule that has no effect on one kind of connections.
func (b *builder) dropped(r *rulekit.Reader, at rulekit.At, err error, chain chain) {
	if chain == streams {
		if errors.As(err, &errHTTPOnly{}) {
			return // said by the trace where it matters: most policies are for HTTP alone
		}
	}
	r.Warn(at, "the rule has no effect: "+err.Error(), "")
}

// dryRunAnnotation makes a policy of no effect but on what proxies record.
const dryRunAnnotation = "istio.io/dry-run"

func dryRun(r *rulekit.Reader) bool {
	n := r.Root().Key("metadata").Key("annotations").Key(dryRunAnnotation).Node()
	if n == nil {
		return false
	}
	v, err := strconv.ParseBool(n.Value)
	return err == nil && v
}

// subject is whom an object of a namespace selects: in the root namespace the
// workloads of every namespace.
func (b *builder) subject(r *rulekit.Reader, s *typev1.WorkloadSelector) model.Selector {
	out := model.Selector{Namespace: r.Object.Namespace, LocalCluster: true}
	if r.Object.Namespace == b.config.rootNamespace {
		out.Namespace = ""
	}
	var all []*model.Expr
	for k, v := range s.GetMatchLabels() {
		all = append(all, model.In(k, v))
	}
	sortExprs(all)
	out.PodLabels = model.And(all...)
	return out
}

func (b *builder) place(tier string, p *model.Policy, chain chain) {
	tiers := b.tiersOf(chain)
	for i := range tiers {
		if tiers[i].Name == tier {
			tiers[i].Policies = append(tiers[i].Policies, p)
		}
	}
}

// noEffect words a statement of the profile on an object.
func (b *builder) noEffect(s model.Statement) string {
	return "has no effect on sidecars: " + s.Text + " [" + s.Row + "]"
}
