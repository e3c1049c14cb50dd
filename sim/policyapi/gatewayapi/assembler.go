package gatewayapi

import (
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
	"github.com/netfate/netfate/sim/profile"
)

// Name of the API.
const Name = "gateway-api"

// Assembler assembles the Gateway API. It holds no state.
type Assembler struct{}

// group of the API's kinds.
const group = "gateway.networking.k8s.io"

// Info describes the API. Versions whose form is that of v1 are read as v1.
func (Assembler) Info() policyapi.Info {
	var kinds []policyapi.Kind
	for _, k := range []struct {
		name, resource string
		versions       []string
	}{
		{"GatewayClass", "gatewayclasses", []string{"v1", "v1beta1"}},
		{"Gateway", "gateways", []string{"v1", "v1beta1"}},
		{"ListenerSet", "listenersets", []string{"v1"}},
		{"HTTPRoute", "httproutes", []string{"v1", "v1beta1"}},
		{"GRPCRoute", "grpcroutes", []string{"v1"}},
		{"TLSRoute", "tlsroutes", []string{"v1", "v1alpha3", "v1alpha2"}},
		{"TCPRoute", "tcproutes", []string{"v1", "v1alpha2"}},
		{"UDPRoute", "udproutes", []string{"v1", "v1alpha2"}},
		{"ReferenceGrant", "referencegrants", []string{"v1", "v1beta1"}},
		{"BackendTLSPolicy", "backendtlspolicies", []string{"v1", "v1alpha3"}},
	} {
		for _, v := range k.versions {
			kinds = append(kinds, policyapi.Kind{Group: group, Version: v, Kind: k.name, Resource: k.resource, Namespaced: k.name != "GatewayClass"})
		}
	}
	return policyapi.Info{Name: Name, Title: "Gateway API and GAMMA", Kinds: kinds, Source: "sigs.k8s.io/gateway-api/apis/v1 v1.6.3"}
}

// Assemble makes gateways and routes for Services of all objects.
func (Assembler) Assemble(ctx *policyapi.Context, in *policyapi.Assembly) policyapi.Assembled {
	b := compute(ctx, in)
	for _, g := range b.gateways {
		b.out.Gateways = append(b.out.Gateways, b.gatewayModel(g))
	}
	b.out.ServiceRoutes = b.serviceRoutes()
	for _, r := range b.readers {
		out := r.Output()
		b.out.Problems = append(b.out.Problems, out.Problems...)
		b.out.Gaps = append(b.out.Gaps, out.Gaps...)
	}
	return b.out
}

// builder is the work on one snapshot.
type builder struct {
	ctx     *policyapi.Context
	in      *policyapi.Assembly
	out     policyapi.Assembled
	profile *model.GatewayProfile
	readers []*rulekit.Reader

	namespaces map[string]model.Labels
	services   map[string]int // by "namespace/name", of the local cluster
	classes    map[string]*class
	gateways   []*gateway
	byGateway  map[string]*gateway
	sets       []*listenerSet
	routes     []*route
	grants     []grant
	policies   []*tlsPolicy
}

// compute reads all objects and settles what is attached to what.
func compute(ctx *policyapi.Context, in *policyapi.Assembly) *builder {
	b := &builder{ctx: ctx, in: in, profile: profile.GatewayAPI(), namespaces: map[string]model.Labels{}, services: map[string]int{},
		classes: map[string]*class{}, byGateway: map[string]*gateway{}}
	for i := range in.Model.Namespaces {
		if n := &in.Model.Namespaces[i]; n.Cluster == "" {
			b.namespaces[n.Name] = n.Labels
		}
	}
	for i := range in.Model.Services {
		if s := &in.Model.Services[i]; s.Object == nil || s.Object.Cluster == "" {
			b.services[s.ID()] = i
		}
	}
	b.read()
	b.checkListeners()
	b.attachSets()
	b.findConflicts()
	b.settlePolicies()
	for _, r := range b.routes {
		b.compileRoute(r)
	}
	b.attachRoutes()
	b.bounds()
	return b
}
