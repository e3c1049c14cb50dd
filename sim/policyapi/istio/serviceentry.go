package istio

import (
	"slices"
	"strings"

	networkingv1 "istio.io/api/networking/v1alpha3"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// serviceEntry adds hosts that the mesh knows.
func (b *builder) serviceEntry(r *rulekit.Reader) {
	var p networkingv1.ServiceEntry
	if !read(r, &p) {
		return
	}
	spec := r.Root().Key("spec")
	if len(p.GetHosts()) == 0 {
		refuse(r, spec, "service entry must have at least one host", "")
	}
	for i, h := range p.GetHosts() {
		if h == "*" {
			refuse(r, spec.Item("hosts", i), "invalid host *", "")
		}
	}
	checkExport(r, spec, p.GetExportTo(), true)
	checkEntryPorts(r, spec, &p)
	if p.GetWorkloadSelector() != nil && len(p.GetEndpoints()) > 0 {
		refuse(r, spec, "only one of workloadSelector and endpoints is allowed", "")
	}
	if r.Rejected() {
		return
	}
	k := model.KnownHost{Namespace: r.Object.Namespace, Internal: p.GetLocation() == networkingv1.ServiceEntry_MESH_INTERNAL,
		Export: exportTo(p.GetExportTo(), b.config.services), Origin: r.Root().Origin()}
	for _, h := range p.GetHosts() {
		k.Hosts = append(k.Hosts, strings.ToLower(h))
	}
	for i, a := range p.GetAddresses() {
		set, err := addrSet(a)
		if err != nil {
			refuse(r, spec.Item("addresses", i), "bad address or block", "")
			return
		}
		k.Addrs = k.Addrs.Union(set)
	}
	for _, x := range p.GetPorts() {
		port := model.KnownPort{Port: uint16(x.GetNumber()), Target: uint16(x.GetNumber()), Protocol: protocol(0, strings.ToLower(x.GetProtocol()), algebra.TCP)}
		if x.GetTargetPort() != 0 {
			port.Target = uint16(x.GetTargetPort())
		}
		k.Ports = append(k.Ports, port)
	}
	for _, e := range p.GetEndpoints() {
		k.Endpoints = append(k.Endpoints, e.GetAddress())
	}
	if len(p.GetEndpoints()) > 0 || p.GetWorkloadSelector() != nil {
		b.gap(r, "endpoints of its own are not modelled: the host is taken for what its name resolves to", true, true)
	}
	if r.Open() {
		b.gap(r, "the hosts it adds are not understood whole", true, true)
	}
	b.mesh.Known = append(b.mesh.Known, k)
}

// checkEntryPorts is the webhook's validation of ports.
func checkEntryPorts(r *rulekit.Reader, spec rulekit.At, p *networkingv1.ServiceEntry) {
	names, numbers := map[string]bool{}, map[uint32]bool{}
	for i, x := range p.GetPorts() {
		at := spec.Item("ports", i)
		proto := strings.ToLower(x.GetProtocol())
		switch {
		case names[x.GetName()]:
			refuse(r, at, "port name "+x.GetName()+" already defined", "")
		case numbers[x.GetNumber()]:
			refuse(r, at, "port number already defined", "")
		case x.GetNumber() == 0 || x.GetNumber() > 65535 || x.GetTargetPort() > 65535:
			refuse(r, at, "ports are 1 to 65535", "")
		case proto != "" && !slices.Contains(protocolNames(), proto):
			refuse(r, at.Key("protocol"), "unsupported protocol: "+x.GetProtocol(), didYouMean(proto, protocolNames()))
		}
		names[x.GetName()], numbers[x.GetNumber()] = true, true
	}
}

// protocolNames are the protocols that a port may be said to speak, in lower case
// (pkg/config/protocol Parse).
func protocolNames() []string {
	return []string{"tcp", "udp", "grpc", "grpc-web", "http", "http_proxy", "http2", "https", "tls", "mongo", "redis", "mysql"}
}
