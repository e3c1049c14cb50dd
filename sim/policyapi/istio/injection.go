package istio

import (
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

const (
	labelInject    = "sidecar.istio.io/inject"
	labelNamespace = "istio-injection"
	labelRevision  = "istio.io/rev"
	labelTLSMode   = "security.istio.io/tlsMode"
	annStatus      = "sidecar.istio.io/status"
	annTemplates   = "inject.istio.io/templates"
	annPrefix      = "traffic.sidecar.istio.io/"
	proxyContainer = "istio-proxy"
	initContainer  = "istio-init"
)

// proxies tells of each pod whether it has a sidecar: what its containers show,
// else what the injector will do with a template or a plain pod.
func (b *builder) proxies() map[int]*model.Proxy {
	out := map[int]*model.Proxy{}
	namespaces := map[string]*model.Namespace{}
	for i := range b.in.Model.Namespaces {
		if n := &b.in.Model.Namespaces[i]; n.Cluster == "" {
			namespaces[n.Name] = n
		}
	}
	for i := range b.in.Model.Endpoints {
		e := &b.in.Model.Endpoints[i]
		if e.Kind != model.Pod || e.Cluster != "" || e.Object == nil {
			continue
		}
		if p := b.proxy(e, namespaces[e.Namespace]); p != nil {
			out[i] = p
		}
	}
	return out
}

// podParts are the metadata and spec of an endpoint's pod, or of its template.
func podParts(e *model.Endpoint) (meta, spec *manifest.Node) {
	if e.Object == nil || e.Object.Root == nil {
		return nil, nil
	}
	root := e.Object.Root
	for _, path := range [][]string{{}, {"spec", "template"}, {"spec", "jobTemplate", "spec", "template"}, {"template"}} {
		n := root
		for _, k := range path {
			n = n.Get(k)
		}
		if s := n.Get("spec"); s.Get("containers") != nil {
			return n.Get("metadata"), s
		}
	}
	return nil, nil
}

// proxy is the sidecar of one pod; nil where it certainly has none.
func (b *builder) proxy(e *model.Endpoint, ns *model.Namespace) *model.Proxy {
	meta, spec := podParts(e)
	p := &model.Proxy{Principal: b.principal(e), Sidecar: algebra.Yes, Origin: e.Object.At("")}
	switch {
	case hasProxy(spec):
		p.Why = "it has the container " + proxyContainer
	case meta.Get("annotations").Get(annStatus) != nil:
		p.Why = "it has the annotation " + annStatus
	case e.HostNetwork || neverInjected(e.Namespace):
		return nil
	default:
		if p.Sidecar = b.injected(e, meta, ns, p); p.Sidecar == algebra.No {
			return nil
		}
	}
	if p.Gateway = isGateway(meta, spec); p.Gateway {
		b.topology(p, e, meta)
		return p
	}
	if p.Proxyless = b.isProxyless(meta, spec); p.Proxyless {
		v, _ := e.Labels.Get(labelTLSMode)
		p.Announced = v == "istio"
		return p
	}
	if err := capture(p, meta.Get("annotations"), spec); err != nil {
		b.out.Problems = append(b.out.Problems, model.Problem{Severity: model.Error, File: e.Object.File, Line: int(e.Object.Line), Object: e.Object.Ref,
			Field: "metadata.annotations", Message: err.Error()})
	}
	return p
}

// neverInjected are the namespaces that the injector leaves alone
// (pkg/kube/inject IgnoredNamespaces).
func neverInjected(namespace string) bool {
	switch namespace {
	case "kube-system", "kube-public", "kube-node-lease", "local-path-storage":
		return true
	}
	return false
}

// isGateway tells whether a pod's proxy is a gateway's and not a sidecar.
func isGateway(meta, spec *manifest.Node) bool {
	if t := meta.Get("annotations").Get(annTemplates); t != nil && strings.Contains(t.Value, "gateway") {
		return true
	}
	args := containerNamed(spec, proxyContainer).Get("args")
	for i := range args.Len() {
		if args.Items[i].Value == "router" {
			return true
		}
	}
	return false
}

// isProxyless tells whether a pod is made to speak gRPC to istiod itself: by the
// template of the injector that its annotation names, or by the agent that stands
// beside it without a proxy. Where neither says it, the profile that was asked for does.
func (b *builder) isProxyless(meta, spec *manifest.Node) bool {
	env := containerNamed(spec, proxyContainer).Get("env")
	for i := range env.Len() {
		if e := &env.Items[i]; e.Get("name") != nil && e.Get("name").Value == "ISTIO_META_GENERATOR" {
			return e.Get("value") != nil && e.Get("value").Value == "grpc"
		}
	}
	if t := meta.Get("annotations").Get(annTemplates); t != nil {
		return strings.Contains(t.Value, "grpc-")
	}
	return b.name == NameProxyless
}

// hasProxy tells whether a pod has the proxy as a container, or as an init
// container that keeps running.
func hasProxy(spec *manifest.Node) bool { return containerNamed(spec, proxyContainer) != nil }

// containerNamed returns a container, or init container, by its name.
func containerNamed(spec *manifest.Node, name string) *manifest.Node {
	for _, list := range []string{"containers", "initContainers"} {
		l := spec.Get(list)
		for i := range l.Len() {
			if n := l.Items[i].Get("name"); n != nil && n.Value == name {
				return &l.Items[i]
			}
		}
	}
	return nil
}

// injected tells whether the injector adds a sidecar to a pod without one (the
// selectors of its webhooks and pkg/kube/inject injectRequired). A pod read from
// a cluster shows what it has: it was made before, or the injector does not work.
func (b *builder) injected(e *model.Endpoint, meta *manifest.Node, ns *model.Namespace, p *model.Proxy) algebra.Tri {
	if e.Object.Live() && e.Object.Kind == "Pod" {
		return algebra.No
	}
	pod, labelled := e.Labels.Get(labelInject)
	if !labelled {
		if n := meta.Get("annotations").Get(labelInject); n != nil && n.Value == "false" {
			return algebra.No
		}
	}
	if pod == "false" {
		return algebra.No
	}
	var labels model.Labels
	if ns != nil {
		labels = ns.Labels
	}
	injection, hasInjection := labels.Get(labelNamespace)
	revision, hasRevision := labels.Get(labelRevision)
	_, podRevision := e.Labels.Get(labelRevision)
	switch {
	case hasInjection:
		p.Why = "label " + labelNamespace + "=" + injection + " of the namespace"
		return algebra.TriOf(injection == "enabled")
	case hasRevision:
		p.Why = "label " + labelRevision + "=" + revision + " of the namespace"
		return algebra.Yes
	case podRevision:
		p.Why = "label " + labelRevision + " of the pod"
		return algebra.Yes
	case pod == "true":
		p.Why = "label " + labelInject + "=true of the pod"
		return algebra.Yes
	case b.mesh != nil && (ns == nil || ns.Object == nil):
		p.Why = "the labels of namespace " + e.Namespace + " are not known"
		p.Reason = &model.Reason{Kind: model.MissingFact, Confidence: model.Source, Origin: e.Object.At(""),
			Text: "namespace " + e.Namespace + " is not in the snapshot: whether its pods get a sidecar is not known"}
		return algebra.Maybe
	}
	return algebra.No
}

// principal is the identity of a pod's proxy.
func (b *builder) principal(e *model.Endpoint) string {
	sa := e.ServiceAccount
	if sa == "" {
		sa = "default"
	}
	return b.config.trust[0] + "/ns/" + e.Namespace + "/sa/" + sa
}
