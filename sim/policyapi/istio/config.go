package istio

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"
	meshv1 "istio.io/api/mesh/v1alpha1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// Kinds of extension provider.
const (
	providerHTTP = "http"
	providerGRPC = "grpc"
)

// config are the mesh's settings, with Istio's defaults.
type config struct {
	rootNamespace string
	trust         trust
	outbound      model.OutboundMode
	outboundAt    model.Origin
	normalize     model.PathNormalization
	autoTLS       bool
	providers     map[string]string   // extension providers for authorization, by name: their kind
	proxy         *meshv1.ProxyConfig // of proxies whose pods do not say otherwise; nil is Istio's own
	// exports that objects have which say none
	services, routes, destinations []string
}

func defaultConfig() config {
	return config{rootNamespace: "istio-system", trust: trust{"cluster.local"}, outbound: model.OutboundAny,
		normalize: model.NormalizeBase, autoTLS: true, providers: map[string]string{}}
}

// readMeshConfig reads the mesh's settings: of the first mesh that is found; that
// there are others is a gap.
func (b *builder) readMeshConfig() {
	var found []*model.Object
	for _, o := range b.in.Objects {
		if isMeshConfig(o) {
			found = append(found, o)
		}
	}
	if len(found) == 0 {
		return
	}
	r := rulekit.New(b.ctx, found[0])
	b.meshConfig(r)
	for _, o := range found[1:] {
		if o.Root.Get("data").Get("mesh").Value != found[0].Root.Get("data").Get("mesh").Value {
			r.AddGap(model.Gap{Origin: o.At(""), MayAllow: true, MayDeny: true,
				Text: "settings of another mesh: all proxies are taken to have those of ConfigMap " + found[0].Namespace + "/" + found[0].Name})
		}
	}
	b.keep(r)
}

// meshConfig reads the key "mesh" of the ConfigMap "istio", of which unknown
// fields are warnings, as for istiod.
func (b *builder) meshConfig(r *rulekit.Reader) {
	at := r.Root().Key("data").Key("mesh")
	if !at.Exists() {
		return
	}
	docs, errs := manifest.Parse("", []byte(at.Node().Value), manifest.Limits{})
	if len(errs) > 0 || len(docs) != 1 || docs[0].Root == nil {
		r.Unreadable(at, "the mesh's settings cannot be read", "")
		b.gap(r, "the mesh's settings cannot be read: Istio's defaults are assumed", true, true)
		return
	}
	var m meshv1.MeshConfig
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(docs[0].Root.JSON(), &m); err != nil {
		r.Unreadable(at, fmt.Sprintf("the mesh's settings cannot be read: %v", err), "")
		b.gap(r, "the mesh's settings cannot be read: Istio's defaults are assumed", true, true)
		return
	}
	b.config.take(&m, at.Origin())
}

func (c *config) take(m *meshv1.MeshConfig, at model.Origin) {
	if v := m.GetRootNamespace(); v != "" {
		c.rootNamespace = v
	}
	if v := m.GetTrustDomain(); v != "" {
		c.trust[0] = v
	}
	c.trust = append(c.trust, m.GetTrustDomainAliases()...)
	if p := m.GetOutboundTrafficPolicy(); p != nil && p.GetMode() == meshv1.MeshConfig_OutboundTrafficPolicy_REGISTRY_ONLY {
		c.outbound = model.OutboundKnown
	}
	c.outboundAt = at
	if v := m.GetEnableAutoMtls(); v != nil {
		c.autoTLS = v.GetValue()
	}
	switch m.GetPathNormalization().GetNormalization() {
	case meshv1.MeshConfig_ProxyPathNormalization_NONE:
		c.normalize = model.NormalizeNone
	case meshv1.MeshConfig_ProxyPathNormalization_MERGE_SLASHES:
		c.normalize = model.NormalizeMergeSlashes
	case meshv1.MeshConfig_ProxyPathNormalization_DECODE_AND_MERGE_SLASHES:
		c.normalize = model.NormalizeDecodeSlashes
	}
	c.proxy = m.GetDefaultConfig()
	for _, p := range m.GetExtensionProviders() {
		_, twice := c.providers[p.GetName()]
		switch {
		case twice || len(validation.IsDNS1123Label(p.GetName())) > 0: // as if it were not there
			delete(c.providers, p.GetName())
		case p.GetEnvoyExtAuthzHttp() != nil:
			c.providers[p.GetName()] = providerHTTP
		case p.GetEnvoyExtAuthzGrpc() != nil:
			c.providers[p.GetName()] = providerGRPC
		}
	}
	c.services, c.routes, c.destinations = m.GetDefaultServiceExportTo(), m.GetDefaultVirtualServiceExportTo(), m.GetDefaultDestinationRuleExportTo()
}
