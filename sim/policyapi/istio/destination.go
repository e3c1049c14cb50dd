package istio

import (
	"slices"

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

// portTLS are the settings of single ports, which take the place of the general
// ones whole: one that says no TLS has the default.
func portTLS(p *networkingv1.TrafficPolicy) map[uint16]model.ClientTLS {
	out := map[uint16]model.ClientTLS{}
	for _, x := range p.GetPortLevelSettings() {
		n := uint16(x.GetPort().GetNumber())
		if _, twice := out[n]; twice {
			continue
		}
		out[n] = model.TLSAuto
		if x.GetTls() != nil {
			out[n] = clientTLS(x.GetTls())
		}
	}
	return out
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
	if p.GetWorkloadSelector() != nil && !slices.Equal(p.GetExportTo(), []string{r.Object.Namespace}) && !slices.Equal(p.GetExportTo(), []string{"."}) && len(p.GetExportTo()) > 0 {
		refuse(r, spec.Key("exportTo"), "a destination rule with a workload selector cannot be exported beyond its own namespace", "")
	}
	checkExport(r, spec, p.GetExportTo(), false)
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
		Created: created(r), Key: r.Object.Name + "/" + r.Object.Namespace, Origin: r.Root().Origin()}
	if s := p.GetWorkloadSelector(); s != nil {
		d.Selector = labels(s)
	}
	policy := p.GetTrafficPolicy()
	d.Settings = policy != nil
	if t := policy.GetTls(); t != nil {
		d.TLS, d.TLSSaid, d.TLSAt = clientTLS(t), true, place(spec, "trafficPolicy", "tls", "mode")
	}
	d.PortTLS = portTLS(policy)
	if len(d.PortTLS) > 0 && !d.TLSSaid {
		d.TLSAt = place(spec, "trafficPolicy", "portLevelSettings")
	}
	for i, s := range p.GetSubsets() {
		sub := model.Subset{Name: s.GetName(), Labels: model.NewLabels(s.GetLabels()), Origin: spec.Item("subsets", i).Origin()}
		if t := s.GetTrafficPolicy().GetTls(); t != nil {
			sub.TLS, sub.TLSSaid = clientTLS(t), true
		}
		sub.PortTLS = portTLS(s.GetTrafficPolicy())
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
