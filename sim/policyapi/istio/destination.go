package istio

import (
	networkingv1 "istio.io/api/networking/v1alpha3"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// clientTLS is a DestinationRule's tls mode.
func clientTLS(s *networkingv1.ClientTLSSettings) model.ClientTLS {
	switch s.GetMode() {
	case networkingv1.ClientTLSSettings_ISTIO_MUTUAL:
		return model.TLSMutual
	case networkingv1.ClientTLSSettings_SIMPLE, networkingv1.ClientTLSSettings_MUTUAL:
		return model.TLSOwn
	}
	return model.TLSNone
}

// destinationRule adds how proxies connect to a host. Without a tls setting the
// mesh's automatic mutual TLS goes on.
func (b *builder) destinationRule(r *rulekit.Reader) {
	var p networkingv1.DestinationRule
	if !read(r, &p) {
		return
	}
	spec := r.Root().Key("spec")
	if p.GetHost() == "" {
		refuse(r, spec, "host must not be empty", "")
	}
	names := map[string]bool{}
	for i, s := range p.GetSubsets() {
		switch {
		case s.GetName() == "":
			refuse(r, spec.Item("subsets", i), "a subset needs a name", "")
		case names[s.GetName()]:
			refuse(r, spec.Item("subsets", i).Key("name"), "the subset "+s.GetName()+" is there twice", "")
		}
		names[s.GetName()] = true
	}
	if r.Rejected() {
		return
	}
	d := model.Destination{Namespace: r.Object.Namespace, Host: b.fullHost(p.GetHost(), r.Object.Namespace), Export: exportTo(p.GetExportTo(), b.config.destinations),
		Created: created(r), Key: r.Object.Namespace + "/" + r.Object.Name, Origin: r.Root().Origin(), PortTLS: map[uint16]model.ClientTLS{}}
	if s := p.GetWorkloadSelector(); s != nil {
		d.Selector = labels(s)
	}
	policy := p.GetTrafficPolicy()
	if t := policy.GetTls(); t != nil {
		d.TLS, d.TLSSaid, d.TLSAt = clientTLS(t), true, place(spec, "trafficPolicy", "tls", "mode")
	}
	for i, x := range policy.GetPortLevelSettings() {
		if x.GetTls() != nil {
			d.PortTLS[uint16(x.GetPort().GetNumber())] = clientTLS(x.GetTls())
			d.TLSAt = spec.Key("trafficPolicy").Item("portLevelSettings", i).Origin()
		}
	}
	for i, s := range p.GetSubsets() {
		sub := model.Subset{Name: s.GetName(), Labels: model.NewLabels(s.GetLabels()), Origin: spec.Item("subsets", i).Origin()}
		if t := s.GetTrafficPolicy().GetTls(); t != nil {
			sub.TLS, sub.TLSSaid = clientTLS(t), true
		}
		d.Subsets = append(d.Subsets, sub)
	}
	if r.Open() {
		b.gap(r, "how proxies connect to its host is not understood whole", false, true)
	}
	if policy.GetTunnel() != nil || policy.GetProxyProtocol() != nil {
		b.gap(r, "tunnels and the PROXY protocol are not modelled", false, true)
	}
	b.mesh.Destinations = append(b.mesh.Destinations, d)
}
