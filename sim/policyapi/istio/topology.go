package istio

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	meshv1 "istio.io/api/mesh/v1alpha1"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// annProxy holds settings of a pod's proxy, over those of the mesh.
const annProxy = "proxy.istio.io/config"

// topology reads what stands before a gateway's pod: the mesh's
// defaultConfig.gatewayTopology, and over it that of the pod's annotation.
func (b *builder) topology(p *model.Proxy, e *model.Endpoint, meta *manifest.Node) {
	config := &meshv1.ProxyConfig{}
	if b.config.proxy != nil {
		proto.Merge(config, b.config.proxy)
	}
	if n := meta.Get("annotations").Get(annProxy); n != nil && n.Value != "" {
		own, err := proxyConfig(n.Value)
		if err != nil {
			b.out.Problems = append(b.out.Problems, model.Problem{Severity: model.Error, File: e.Object.File, Line: int(e.Object.Line), Object: e.Object.Ref,
				Field: "metadata.annotations", Message: annProxy + ": " + err.Error()})
			b.out.Gaps = append(b.out.Gaps, model.Gap{Origin: e.Object.At("metadata.annotations"), MayAllow: true, MayDeny: true,
				Text: "the settings of the gateway's proxy cannot be read: those of the mesh are taken"})
			own = nil
		}
		proto.Merge(config, own)
	}
	p.TrustedProxies = config.GetGatewayTopology().GetNumTrustedProxies()
	p.ProxyProtocol = config.GetGatewayTopology().GetProxyProtocol() != nil
}

// proxyConfig reads settings of a proxy written in YAML.
func proxyConfig(text string) (*meshv1.ProxyConfig, error) {
	docs, errs := manifest.Parse("", []byte(text), manifest.Limits{})
	switch {
	case len(errs) > 0:
		return nil, errs[0]
	case len(docs) != 1 || docs[0].Root == nil:
		return nil, fmt.Errorf("want one document")
	}
	out := &meshv1.ProxyConfig{}
	return out, (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(docs[0].Root.JSON(), out)
}
