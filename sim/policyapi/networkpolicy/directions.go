package networkpolicy

import (
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// translation is one NetworkPolicy on its way into the model.
type translation struct {
	*rulekit.Reader
	spec    *networkingv1.NetworkPolicySpec
	at      rulekit.At // spec
	subject model.Selector
	host    *model.Reason // why pods on the host network may or may not be meant; nil: they are not
	origin  model.Origin  // of what isolates
}

// effect is what the object does in one direction.
type effect struct {
	rules     bool // its rules allow
	unlisted  bool // by having rules, not by policyTypes
	unmatched model.Unmatched
}

func newTranslation(r *rulekit.Reader, spec *networkingv1.NetworkPolicySpec) *translation {
	t := &translation{Reader: r, spec: spec, at: r.Root().Key("spec")}
	t.subject = model.Selector{
		Namespace: namespace(r.Object.Namespace), PodLabels: rulekit.Expr(&spec.PodSelector), LocalCluster: true,
	}
	t.origin = t.at.Origin()
	if types := t.at.Key("policyTypes"); types.Exists() && len(spec.PolicyTypes) > 0 {
		t.origin = types.Origin()
	}
	if r.Profile.HostPodPeers.Value == model.HostPodsUndefined {
		t.host = r.Profile.HostPodPeers.Undefined(t.at.Origin())
	}
	return t
}

// translate checks the object and places the policies of both directions. All
// rules are read, since the API server checks those without effect too.
func (t *translation) translate() {
	t.CheckSelector(t.at, "podSelector", &t.spec.PodSelector)
	t.checkTypes()
	in, out := t.rules(model.Ingress), t.rules(model.Egress)
	if t.Rejected() {
		return
	}
	ingress, egress := t.listed()
	t.direction(model.Ingress, in, t.effect(ingress, egress, len(in)))
	t.direction(model.Egress, out, t.effect(egress, ingress, len(out)))
}

// listed returns the directions that policyTypes lists. Without it they are what
// the API server's defaulting makes them: ingress always, egress if there is an
// egress rule.
func (t *translation) listed() (ingress, egress bool) {
	if len(t.spec.PolicyTypes) == 0 {
		return true, len(t.spec.Egress) > 0
	}
	for _, p := range t.spec.PolicyTypes {
		ingress = ingress || p == networkingv1.PolicyTypeIngress
		egress = egress || p == networkingv1.PolicyTypeEgress
	}
	return ingress, egress
}

// effect returns what the object does in a direction, given whether policyTypes
// lists it and the other one. For a direction that is not listed the profile
// knows what becomes of its rules (N1, N1b) and what any NetworkPolicy does in
// it (N17).
func (t *translation) effect(listed, other bool, rules int) effect {
	if listed {
		return effect{rules: true, unmatched: model.UnmatchedDeny}
	}
	var e effect
	if rules > 0 {
		switch t.Profile.UnlistedRules.Value {
		case model.RulesIsolate:
			return effect{rules: true, unlisted: true, unmatched: model.UnmatchedDeny}
		case model.RulesAllow:
			e.rules, e.unlisted = true, true
		}
	}
	if other && t.Profile.OtherDirection.Value {
		e.unmatched = model.UnmatchedAllow
	}
	return e
}

// direction places the policy of one direction, if it has any effect there.
func (t *translation) direction(d model.Direction, rules []model.Rule, e effect) {
	if !e.rules && e.unmatched == model.UnmatchedNext {
		return
	}
	p := &model.Policy{Direction: d, Subject: t.subject, Unmatched: e.unmatched, Origin: t.origin}
	if e.rules {
		p.Rules = rules
	}
	if e.unlisted {
		p.Origin = t.at.Key(d.String()).Origin()
	}
	if e.unmatched == model.UnmatchedDeny {
		p.Domain, p.DomainReason = rulekit.Domain(t.Profile, true, t.at.Origin())
	}
	if t.Open() {
		p.Uncertain = t.OpenReason()
	}
	t.Place(model.TierNetworkPolicy, p)
	if t.host != nil {
		t.Place(model.TierNetworkPolicy, t.onHost(p))
	}
}

// onHost returns the policy for pods on the host network, which it may or may
// not apply to (N6).
func (t *translation) onHost(p *model.Policy) *model.Policy {
	host := *p
	host.Subject.HostNetwork, host.Subject.OnlyHost = true, true
	if host.Uncertain == nil {
		host.Uncertain = t.host
	}
	return &host
}
