package istio

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

const (
	labelInject    = "sidecar.istio.io/inject"
	labelNamespace = "istio-injection"
	labelRevision  = "istio.io/rev"
	annStatus      = "sidecar.istio.io/status"
	annPrefix      = "traffic.sidecar.istio.io/"
	proxyContainer = "istio-proxy"
)

// proxies tells of each pod whether it has a sidecar: what its containers show,
// else what the injector will do with a template or a plain pod (istio
// pkg/kube/inject injectRequired).
func (b *builder) proxies() map[int]*model.Proxy {
	out := map[int]*model.Proxy{}
	namespaces := map[string]model.Labels{}
	for i := range b.in.Model.Namespaces {
		namespaces[b.in.Model.Namespaces[i].Name] = b.in.Model.Namespaces[i].Labels
	}
	for i := range b.in.Model.Endpoints {
		e := &b.in.Model.Endpoints[i]
		if e.Kind != model.Pod || e.Cluster != "" {
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
func (b *builder) proxy(e *model.Endpoint, ns model.Labels) *model.Proxy {
	meta, spec := podParts(e)
	p := &model.Proxy{Principal: b.principal(e), Sidecar: algebra.Yes, Origin: e.Object.At("")}
	switch {
	case hasProxy(spec):
		p.Why = "it has the container " + proxyContainer
	case meta.Get("annotations").Get(annStatus) != nil:
		p.Why = "it has the annotation " + annStatus
	case e.HostNetwork || !b.injected(e, ns, p):
		return nil
	}
	if err := exclusions(p, meta.Get("annotations")); err != nil {
		b.out.Problems = append(b.out.Problems, model.Problem{Severity: model.Error, File: e.Object.File, Line: int(e.Object.Line), Object: e.Object.Ref,
			Field: "metadata.annotations", Message: err.Error()})
	}
	return p
}

// hasProxy tells whether a pod has the proxy as a container, or as an init
// container that keeps running.
func hasProxy(spec *manifest.Node) bool {
	for _, list := range []string{"containers", "initContainers"} {
		l := spec.Get(list)
		for i := range l.Len() {
			if n := l.Items[i].Get("name"); n != nil && n.Value == proxyContainer {
				return true
			}
		}
	}
	return false
}

// injected tells whether the injector adds a sidecar: the pod's label decides,
// then the namespace's. A pod that runs without one was made before, or the
// injector does not work; a pod read from a cluster shows what it has.
func (b *builder) injected(e *model.Endpoint, ns model.Labels, p *model.Proxy) bool {
	if e.Object.Live() && e.Object.Kind == "Pod" {
		return false
	}
	if v, ok := e.Labels.Get(labelInject); ok {
		p.Why = "label " + labelInject + "=" + v + " of the pod"
		return v == "true"
	}
	if _, ok := e.Labels.Get(labelRevision); ok {
		p.Why = "label " + labelRevision + " of the pod"
		return !disabled(ns)
	}
	if v, ok := ns.Get(labelNamespace); ok {
		p.Why = "label " + labelNamespace + "=" + v + " of the namespace"
		return v == "enabled"
	}
	if v, ok := ns.Get(labelRevision); ok {
		p.Why = "label " + labelRevision + "=" + v + " of the namespace"
		return true
	}
	return false
}

func disabled(ns model.Labels) bool {
	v, _ := ns.Get(labelNamespace)
	return v == "disabled"
}

// principal is the identity of a pod's proxy.
func (b *builder) principal(e *model.Endpoint) string {
	sa := e.ServiceAccount
	if sa == "" {
		sa = "default"
	}
	return b.config.trust[0] + "/ns/" + e.Namespace + "/sa/" + sa
}

// exclusions reads which traffic goes past the proxy.
func exclusions(p *model.Proxy, ann *manifest.Node) error {
	var err error
	read := func(key string) []model.PortRange {
		n := ann.Get(annPrefix + key)
		if n == nil || n.Value == "" {
			return nil
		}
		list, bad := portList(n.Value)
		if bad != nil && err == nil {
			err = fmt.Errorf("annotation %s%s: %w", annPrefix, key, bad)
		}
		return list
	}
	p.ExcludeIn, p.ExcludeOut = read("excludeInboundPorts"), read("excludeOutboundPorts")
	if in := ann.Get(annPrefix + "includeInboundPorts"); in != nil && in.Value != "*" {
		list, bad := portList(in.Value)
		if bad != nil {
			return fmt.Errorf("annotation %sincludeInboundPorts: %w", annPrefix, bad)
		}
		p.ExcludeIn = append(p.ExcludeIn, others(list)...)
	}
	if out := ann.Get(annPrefix + "excludeOutboundIPRanges"); out != nil {
		for _, c := range strings.FieldsFunc(out.Value, comma) {
			set, bad := addrSet(c)
			if bad != nil {
				return fmt.Errorf("annotation %sexcludeOutboundIPRanges: %w", annPrefix, bad)
			}
			p.ExcludeOutAddrs = p.ExcludeOutAddrs.Union(set)
		}
	}
	return err
}

func comma(r rune) bool { return r == ',' || r == ' ' }

func portList(text string) ([]model.PortRange, error) {
	var out []model.PortRange
	for _, f := range strings.FieldsFunc(text, comma) {
		n, err := strconv.ParseUint(f, 10, 16)
		if err != nil {
			return nil, fmt.Errorf("%q is not a port", f)
		}
		out = append(out, model.PortRange{Low: uint16(n), High: uint16(n)})
	}
	return out, nil
}

// others are the ports that a list leaves out.
func others(list []model.PortRange) []model.PortRange {
	in := map[uint16]bool{}
	for _, r := range list {
		in[r.Low] = true
	}
	var out []model.PortRange
	for p := 0; p <= 65535; p++ {
		if in[uint16(p)] {
			continue
		}
		if n := len(out); n > 0 && int(out[n-1].High) == p-1 {
			out[n-1].High = uint16(p)
			continue
		}
		out = append(out, model.PortRange{Low: uint16(p), High: uint16(p)})
	}
	return out
}
