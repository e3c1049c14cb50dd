package clusternetworkpolicy

import (
	"fmt"

	npav1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
	"github.com/netfate/netfate/sim/policyapi/clusterkit"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// Translator translates ClusterNetworkPolicy v1alpha2.
type Translator struct{}

// Info describes the API.
func (Translator) Info() policyapi.Info {
	return policyapi.Info{
		Name:  "clusternetworkpolicy",
		Title: "ClusterNetworkPolicy v1alpha2",
		Kinds: []policyapi.Kind{{
			Group: "policy.networking.k8s.io", Version: "v1alpha2", Kind: "ClusterNetworkPolicy",
			Resource: "clusternetworkpolicies",
		}},
		Source: "sigs.k8s.io/network-policy-api/apis/v1alpha2 v0.2.0",
	}
}

// Translate returns the policies of one object in its tier.
func (Translator) Translate(ctx *policyapi.Context, o *model.Object) policyapi.Output {
	r := rulekit.New(ctx, o)
	var spec npav1alpha2.ClusterNetworkPolicySpec
	r.Decode(&spec)
	at := r.Root().Key("spec")
	p := &clusterkit.Policy{
		Tier: tier(r, at, spec.Tier), Priority: spec.Priority, HasPriority: true,
		Subject: subject(at.Key("subject"), &spec.Subject),
		Limits:  clusterkit.Limits{Rules: 25, Peers: 25, Ports: 25},
	}
	for i := range spec.Ingress {
		p.Ingress = append(p.Ingress, ingress(r, at.Item("ingress", i), &spec.Ingress[i]))
	}
	for i := range spec.Egress {
		p.Egress = append(p.Egress, egress(r, at.Item("egress", i), &spec.Egress[i]))
	}
	return clusterkit.Translate(r, p)
}

// Broken bounds what an unreadable document may do.
func (Translator) Broken(_ *policyapi.Context, b *model.Broken) []model.Placed {
	return clusterkit.Broken(b)
}

// tier returns the model's tier of the API's.
func tier(r *rulekit.Reader, spec rulekit.At, t npav1alpha2.Tier) string {
	switch t {
	case npav1alpha2.AdminTier:
		return model.TierAdmin
	case npav1alpha2.BaselineTier:
		return model.TierBaseline
	}
	if at := spec.Key("tier"); at.Exists() {
		r.Reject(at, fmt.Sprintf(`Unsupported value: %q: supported values: "Admin", "Baseline"`, t), "")
	} else if spec.Exists() {
		r.Reject(spec, "tier: Required value", "")
	}
	return model.TierAdmin
}
