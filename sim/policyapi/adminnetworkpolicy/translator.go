package adminnetworkpolicy

import (
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
	"github.com/netfate/netfate/sim/policyapi/clusterkit"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

const (
	group        = "policy.networking.k8s.io"
	adminKind    = "AdminNetworkPolicy"
	baselineKind = "BaselineAdminNetworkPolicy"
)

// Translator translates AdminNetworkPolicy and BaselineAdminNetworkPolicy
// v1alpha1.
type Translator struct{}

// Info describes the API.
func (Translator) Info() policyapi.Info {
	return policyapi.Info{
		Name:  "adminnetworkpolicy",
		Title: "AdminNetworkPolicy and BaselineAdminNetworkPolicy v1alpha1",
		Kinds: []policyapi.Kind{
			{Group: group, Version: "v1alpha1", Kind: adminKind, Resource: "adminnetworkpolicies"},
			{Group: group, Version: "v1alpha1", Kind: baselineKind, Resource: "baselineadminnetworkpolicies"},
		},
		Source: "sigs.k8s.io/network-policy-api/apis/v1alpha1 v0.2.0",
	}
}

// Translate returns the policies of one object in the tier of its kind.
func (Translator) Translate(ctx *policyapi.Context, o *model.Object) policyapi.Output {
	r := rulekit.New(ctx, o)
	if o.Kind == baselineKind {
		return clusterkit.Translate(r, baseline(r))
	}
	return clusterkit.Translate(r, admin(r))
}

// Broken bounds what an unreadable document may do.
func (Translator) Broken(_ *policyapi.Context, b *model.Broken) []model.Placed {
	return clusterkit.Broken(b)
}

// limits are those of both kinds.
func limits() clusterkit.Limits { return clusterkit.Limits{Rules: 100, Peers: 100, Ports: 100} }
