package networkpolicy

import (
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// Translator translates NetworkPolicy v1.
type Translator struct{}

// Info describes the API.
func (Translator) Info() policyapi.Info {
	return policyapi.Info{
		Name:  "networkpolicy",
		Title: "NetworkPolicy v1",
		Kinds: []policyapi.Kind{{
			Group: "networking.k8s.io", Version: "v1", Kind: "NetworkPolicy",
			Resource: "networkpolicies", Namespaced: true,
		}},
		Source: "k8s.io/api/networking/v1",
	}
}

// Translate returns one policy for each direction the object has an effect in.
func (Translator) Translate(ctx *policyapi.Context, o *model.Object) policyapi.Output {
	r := rulekit.New(ctx, o)
	var spec networkingv1.NetworkPolicySpec
	r.Decode(&spec)
	if r.Open() && !r.OpenOnlyUnder("metadata") {
		bound(r, &spec)
		return r.Output()
	}
	newTranslation(r, &spec).translate()
	return r.Output()
}

// bound places what an object with an unknown field may do: its subject may be
// isolated in either direction and anything may be allowed.
func bound(r *rulekit.Reader, spec *networkingv1.NetworkPolicySpec) {
	subject := model.Selector{Namespace: namespace(r.Object.Namespace), LocalCluster: true}
	selector := r.Root().Key("spec").Key("podSelector")
	if selector.Exists() && !r.OpenUnder(selector.Path()) && rulekit.ValidSelector(&spec.PodSelector) {
		subject.PodLabels = rulekit.Expr(&spec.PodSelector)
	}
	for _, p := range boundPolicies(r.Profile, subject, r.OpenReason(), r.Root().Origin()) {
		r.Place(model.TierNetworkPolicy, p)
	}
}

// boundPolicies returns what an unreadable NetworkPolicy may do to its subject.
func boundPolicies(profile *model.Profile, subject model.Selector, why *model.Reason, o model.Origin) []*model.Policy {
	subject.HostNetwork = profile.HostPodPeers.Value == model.HostPodsUndefined
	out := rulekit.Bound(subject, why, o, model.Allow)
	for _, p := range out {
		p.Unmatched = model.UnmatchedDeny
	}
	return out
}

// Broken bounds what an unreadable document may do: isolate any pod of its
// namespace, or of any where that is unknown, and allow anything to it.
func (Translator) Broken(ctx *policyapi.Context, b *model.Broken) []model.Placed {
	subject := model.Selector{Namespace: b.Namespace, LocalCluster: true}
	var out []model.Placed
	for _, p := range boundPolicies(ctx.Profile, subject, rulekit.BrokenReason(b), rulekit.BrokenOrigin(b)) {
		out = append(out, model.Placed{Tier: model.TierNetworkPolicy, Policy: p})
	}
	return out
}

// namespace returns where an object without a namespace is created.
func namespace(written string) string {
	if written == "" {
		return "default"
	}
	return written
}
