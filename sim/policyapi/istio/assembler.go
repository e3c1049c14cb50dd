package istio

import (
	"cmp"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
	"github.com/netfate/netfate/sim/profile"
)

// Names of the profiles: of workloads with a sidecar, and of gRPC workloads
// without one.
const (
	Name          = "istio-sidecar"
	NameProxyless = "istio-proxyless"
)

// Assembler assembles Istio on sidecars. It holds no state.
type Assembler struct{}

// builder is the work on one snapshot.
type builder struct {
	ctx     *policyapi.Context
	in      *policyapi.Assembly
	out     policyapi.Assembled
	profile *model.MeshProfile // of workloads with a proxy
	direct  *model.MeshProfile // of those without
	name    string             // of the profile that was asked for
	config  config
	trust   trust
	mesh    *model.Mesh
	tokens  []tokenRule
	// customs are the CUSTOM policies read so far.
	customs []customPolicy
}

// Info describes the APIs.
func (Assembler) Info() policyapi.Info {
	kind := func(group, version, name, resource string) policyapi.Kind {
		return policyapi.Kind{Group: group, Version: version, Kind: name, Resource: resource, Namespaced: true}
	}
	var kinds []policyapi.Kind
	for _, v := range []string{"v1", "v1beta1"} {
		kinds = append(kinds, kind("security.istio.io", v, "AuthorizationPolicy", "authorizationpolicies"),
			kind("security.istio.io", v, "PeerAuthentication", "peerauthentications"),
			kind("security.istio.io", v, "RequestAuthentication", "requestauthentications"))
	}
	for _, v := range []string{"v1", "v1beta1", "v1alpha3"} {
		kinds = append(kinds, kind("networking.istio.io", v, "DestinationRule", "destinationrules"),
			kind("networking.istio.io", v, "Sidecar", "sidecars"), kind("networking.istio.io", v, "ServiceEntry", "serviceentries"),
			kind("networking.istio.io", v, "VirtualService", "virtualservices"))
	}
	settings := kind("", "v1", "ConfigMap", "configmaps")
	settings.Only = meshConfigName
	kinds = append(kinds, settings)
	return policyapi.Info{Name: Name, Title: "Istio on sidecars", Kinds: kinds, Source: "istio.io/api v1.31, istio pilot 1.31"}
}

// Assemble reads the objects in the order in which they depend on one another:
// the mesh's settings, then who has a sidecar, then the rest.
func (Assembler) Assemble(ctx *policyapi.Context, in *policyapi.Assembly) policyapi.Assembled {
	b := &builder{ctx: ctx, in: in, config: defaultConfig()}
	if in.Mesh == "none" {
		return b.out
	}
	if err := b.profiles(); err != nil {
		b.out.Problems = append(b.out.Problems, model.Problem{Severity: model.Error, Message: err.Error()})
		return b.out
	}
	b.readMeshConfig()
	b.trust = b.config.trust
	told, gaps := len(b.out.Problems), len(b.out.Gaps)
	if in.Mesh == "" && len(b.proxies()) == 0 && !b.hasPolicies() {
		return b.out
	}
	b.out.Problems, b.out.Gaps = b.out.Problems[:told], b.out.Gaps[:gaps]
	b.mesh = &model.Mesh{Name: b.name, Proxyless: proxylessRules(b.direct), RootNamespace: b.config.rootNamespace, TrustDomain: b.config.trust[0], Normalize: b.config.normalize,
		AutoTLS: b.config.autoTLS, UnknownHosts: b.config.outbound, UnknownAt: b.config.outboundAt, Request: proxyTiers(), Stream: proxyTiers()}
	if !b.profile.UnknownHosts.Value {
		b.mesh.UnknownHosts = model.OutboundAny
	}
	b.out.Mesh, b.out.Proxies = b.mesh, b.proxies()
	b.services()
	b.each(b.object)
	b.sortTokens()
	b.severalProviders()
	b.broken()
	return b.out
}

// profiles takes the profiles of both kinds of workload: a mesh may have both. The
// one that is named says what pods are whose injection does not say it.
func (b *builder) profiles() error {
	named, err := profile.ParseMesh(cmp.Or(b.in.Mesh, Name))
	if err != nil {
		return err
	}
	b.name = named.Name
	if b.profile, err = profile.ParseMesh(Name); err != nil {
		return err
	}
	b.direct, err = profile.ParseMesh(NameProxyless)
	return err
}

func proxyTiers() []model.Tier {
	return []model.Tier{{Name: model.TierCustom, PassTo: 1}, {Name: model.TierDeny, PassTo: 2}, {Name: model.TierAllow, PassTo: 3}}
}

// each calls f for every object, and keeps what it reports.
func (b *builder) each(f func(kind string, r *rulekit.Reader)) {
	for _, o := range b.in.Objects {
		r := rulekit.New(b.ctx, o)
		f(o.Kind, r)
		b.keep(r)
	}
}

// keep takes over what reading an object had to report.
func (b *builder) keep(r *rulekit.Reader) {
	out := r.Output()
	b.out.Problems = append(b.out.Problems, out.Problems...)
	b.out.Gaps = append(b.out.Gaps, out.Gaps...)
}

// object reads one object.
func (b *builder) object(kind string, r *rulekit.Reader) {
	switch kind {
	case "AuthorizationPolicy":
		b.authorization(r)
	case "PeerAuthentication":
		b.peer(r)
	case "RequestAuthentication":
		b.requests(r)
	case "DestinationRule":
		b.destinationRule(r)
	case "Sidecar":
		b.sidecar(r)
	case "ServiceEntry":
		b.serviceEntry(r)
	case "VirtualService":
		b.virtualService(r)
	}
}

// hasPolicies tells whether the snapshot holds any object of Istio's own.
func (b *builder) hasPolicies() bool {
	return slices.ContainsFunc(b.in.Objects, func(o *model.Object) bool {
		return strings.Contains(o.APIVersion, ".istio.io/") || isMeshConfig(o)
	})
}

// meshConfigName is the ConfigMap with the mesh's settings.
const meshConfigName = "istio"

func isMeshConfig(o *model.Object) bool {
	return o.Kind == "ConfigMap" && o.Name == meshConfigName && o.Root.Get("data").Get("mesh") != nil
}

// gap notes what an object may do beyond what was read of it.
func (b *builder) gap(r *rulekit.Reader, text string, allow, deny bool) {
	r.AddGap(model.Gap{Origin: r.Root().Origin(), Text: text, MayAllow: allow, MayDeny: deny})
}

// broken bounds documents that could not be read: an AuthorizationPolicy of any
// action may be among them.
func (b *builder) broken() {
	for i := range b.in.Broken {
		x := &b.in.Broken[i]
		if x.Kind == "ConfigMap" && x.Name != meshConfigName {
			continue
		}
		if x.Kind != "" && x.Kind != "AuthorizationPolicy" {
			b.out.Gaps = append(b.out.Gaps, model.Gap{Origin: rulekit.BrokenOrigin(x), Text: rulekit.BrokenReason(x).Text, MayAllow: true, MayDeny: true})
			continue
		}
		subject := model.Selector{Namespace: x.Namespace, LocalCluster: true}
		if x.Namespace == b.config.rootNamespace {
			subject.Namespace = ""
		}
		why := rulekit.BrokenReason(x)
		for _, chain := range chains() {
			p := &model.Policy{Direction: model.Ingress, Subject: subject, Uncertain: why, Origin: rulekit.BrokenOrigin(x)}
			p.Rules = []model.Rule{{Action: model.Deny, AnyPeer: true, Traffic: model.Traffic{Any: true}, Origin: p.Origin}}
			b.place(model.TierDeny, p, chain)
			allow := *p
			allow.Unmatched = model.UnmatchedDeny
			allow.Rules = []model.Rule{{Action: model.Allow, AnyPeer: true, Traffic: model.Traffic{Any: true}, Origin: p.Origin}}
			b.place(model.TierAllow, &allow, chain)
		}
	}
}

func sortExprs(list []*model.Expr) {
	slices.SortFunc(list, func(a, c *model.Expr) int { return cmp.Compare(a.String(), c.String()) })
}

// checkSelector refuses a selector with wildcards or without a key.
func checkSelector(r *rulekit.Reader, at rulekit.At, l map[string]string) {
	for k, v := range l {
		switch {
		case k == "":
			refuse(r, at.Key("matchLabels"), "an empty key is not supported in a selector", "")
		case strings.Contains(k, "*") || strings.Contains(v, "*"):
			refuse(r, at.Key("matchLabels"), "wildcards are not supported in a selector", "")
		}
	}
}
