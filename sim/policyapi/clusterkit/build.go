package clusterkit

import (
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// builder is one cluster policy on its way into the model.
type builder struct {
	*rulekit.Reader
	policy   *Policy
	rejected bool          // the implementation does not take the policy at all
	unsure   *model.Reason // why the implementation may not take it
}

// Translate checks a policy and returns what it means under the reader's
// profile.
func Translate(r *rulekit.Reader, p *Policy) policyapi.Output {
	check(r, p)
	if r.Open() && !r.OpenOnlyUnder("metadata") {
		bound(r, p)
		return r.Output()
	}
	if r.Rejected() {
		return r.Output()
	}
	b := &builder{Reader: r, policy: p}
	if r.Open() {
		b.unsure = r.OpenReason()
	}
	ingress := b.rules(p.Ingress)
	egress := b.rules(p.Egress)
	b.checkMaxPriority()
	if !b.rejected && !r.Rejected() {
		b.direction(model.Ingress, ingress)
		b.direction(model.Egress, egress)
	}
	return r.Output()
}

// checkMaxPriority drops a policy whose priority the implementation does not
// take.
func (b *builder) checkMaxPriority() {
	most := &b.Profile.MaxPriority
	if b.policy.HasPriority && most.Value > 0 && b.policy.Priority > most.Value {
		b.refuse(b.Root().Key("spec").Key("priority"), &most.Statement)
	}
}

// refuse notes that the implementation does not take the policy.
func (b *builder) refuse(at rulekit.At, why *model.Statement) {
	b.rejected = true
	b.Warn(at, b.Profile.Name+" does not enforce this policy: "+why.Text, "")
}

// direction places the policy of one direction. It says nothing where no rule
// matches, so it can be cut: where ties are decided rule by rule, each rule is a
// policy of its own, a hundredth behind the one before.
func (b *builder) direction(d model.Direction, rules [][]model.Rule) {
	if len(rules) == 0 {
		return
	}
	whole := b.shell(d)
	if b.Profile.Ties.Value != model.TieDenyFirst {
		for _, r := range rules {
			whole.Rules = append(whole.Rules, r...)
		}
		b.Place(b.policy.Tier, whole)
		return
	}
	for i, r := range rules {
		for k := range r { // what one rule becomes is of one priority, in no order
			part := *whole
			part.Rules = r[k : k+1 : k+1]
			part.Priority += float64(i) / 100
			b.Place(b.policy.Tier, &part)
		}
	}
}

// shell returns the policy of a direction without rules.
func (b *builder) shell(d model.Direction) *model.Policy {
	subject := selector(&b.policy.Subject)
	subject.LocalCluster = true
	origin := b.Root().Key("spec").Origin()
	p := &model.Policy{
		Direction: d, Subject: *subject, Priority: float64(b.policy.Priority),
		TieKey: b.Object.Name + "\x00" + b.Object.Kind, Uncertain: b.unsure, Origin: origin,
	}
	p.Domain, p.DomainReason = rulekit.Domain(b.Profile, false, origin)
	return p
}

// selector returns a choice of pods. Pods on the host network are never chosen.
func selector(p *Subject) *model.Selector {
	s := &model.Selector{}
	if p.Namespaces != nil {
		rulekit.SelectNamespaces(s, p.Namespaces)
		return s
	}
	rulekit.SelectNamespaces(s, p.Of)
	s.PodLabels = rulekit.Expr(p.Pods)
	return s
}

// bound places what a policy with a part that is not understood may do to its
// subject, or to every pod where the subject is not understood.
func bound(r *rulekit.Reader, p *Policy) {
	subject := model.Selector{LocalCluster: true}
	if p.Subject.At.Set() == 1 && !r.OpenUnder("spec.subject") {
		subject = *selector(&p.Subject)
		subject.LocalCluster = true
	}
	for _, q := range rulekit.Bound(subject, r.OpenReason(), r.Root().Origin(), model.Allow, model.Deny, model.Pass) {
		r.Place(model.TierAdmin, q)
	}
}

// Broken bounds what an unreadable document may do: allow, deny or pass anything
// from and to any pod, before every other policy.
func Broken(b *model.Broken) []model.Placed {
	var out []model.Placed
	subject := model.Selector{LocalCluster: true}
	why, origin := rulekit.BrokenReason(b), rulekit.BrokenOrigin(b)
	for _, p := range rulekit.Bound(subject, why, origin, model.Allow, model.Deny, model.Pass) {
		out = append(out, model.Placed{Tier: model.TierAdmin, Policy: p})
	}
	return out
}
