package istio

import (
	"strings"

	networkingv1 "istio.io/api/networking/v1alpha3"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// sidecar adds the scope of the proxies that a Sidecar selects.
func (b *builder) sidecar(r *rulekit.Reader) {
	var p networkingv1.Sidecar
	if !read(r, &p) {
		return
	}
	spec := r.Root().Key("spec")
	if len(p.GetEgress())+len(p.GetIngress()) == 0 && p.GetOutboundTrafficPolicy() == nil && p.GetInboundConnectionPool() == nil {
		refuse(r, spec, "empty configuration provided", "")
	}
	for i, x := range p.GetIngress() {
		if x.GetPort() == nil {
			refuse(r, spec.Item("ingress", i), "port is required for ingress listeners", "")
		}
	}
	for i, e := range p.GetEgress() {
		if len(e.GetHosts()) == 0 {
			refuse(r, spec.Item("egress", i), "hosts must not be empty", "")
		}
		for j, h := range e.GetHosts() {
			if ns, host, ok := strings.Cut(h, "/"); !ok || ns == "" || host == "" {
				refuse(r, spec.Item("egress", i).Item("hosts", j), "want namespace/host", `such as "./*" or "istio-system/*"`)
			}
		}
	}
	if r.Rejected() {
		return
	}
	s := model.EgressScope{Namespace: r.Object.Namespace, All: len(p.GetEgress()) == 0, Created: created(r), Key: r.Object.Name + "/" + r.Object.Namespace,
		Origin: r.Root().Origin()}
	if w := p.GetWorkloadSelector(); w != nil {
		l := model.NewLabels(w.GetLabels())
		s.Selector = &l
	}
	if o := p.GetOutboundTrafficPolicy(); o != nil {
		s.Unknown = model.OutboundAny
		if o.GetMode() == networkingv1.OutboundTrafficPolicy_REGISTRY_ONLY {
			s.Unknown = model.OutboundKnown
		}
		if o.GetEgressProxy() != nil {
			b.gap(r, "egressProxy is not modelled", false, true)
		}
	}
	for i, e := range p.GetEgress() {
		for j, h := range e.GetHosts() {
			s.Hosts = append(s.Hosts, b.scopedHost(r, h, uint16(e.GetPort().GetNumber()), spec.Item("egress", i).Item("hosts", j)))
		}
	}
	for i, x := range p.GetIngress() {
		s.Serves = append(s.Serves, model.KnownPort{Port: uint16(x.GetPort().GetNumber()), Target: uint16(x.GetPort().GetNumber()),
			Protocol: protocol(0, strings.ToLower(x.GetPort().GetProtocol()), algebra.TCP)})
		if x.GetTls() != nil {
			r.AddGap(model.Gap{Origin: spec.Item("ingress", i).Key("tls").Origin(), Text: "TLS of a listener's own is not modelled", MayDeny: true, MayAllow: true})
		}
	}
	if r.Open() {
		b.gap(r, "what its proxies know is not understood whole", true, true)
	}
	b.mesh.Scopes = append(b.mesh.Scopes, s)
}

// scopedHost reads "namespace/host"; "~ns/host" takes hosts out.
func (b *builder) scopedHost(r *rulekit.Reader, text string, port uint16, at rulekit.At) model.ScopedHost {
	ns, host, _ := strings.Cut(text, "/")
	out := model.ScopedHost{Namespace: ns, Host: strings.ToLower(host), Port: port, Origin: at.Origin()}
	if rest, ok := strings.CutPrefix(ns, "~"); ok && rest != "" {
		out.Namespace, out.Not = rest, true
	}
	if out.Namespace == "." {
		out.Namespace = r.Object.Namespace
	}
	return out
}
