package routing

import (
	"strconv"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// toService goes to a Service by its name or its cluster IP.
func (x *expansion) toService(i int) {
	s := &x.m.Services[i]
	switch {
	case s.Type == model.ExternalName:
		x.alias(s)
	case !x.serves(i):
		x.notInFamily("Service "+s.ID()+" has no "+x.family.String()+" address", s.Object)
	case x.from == nil:
		x.fromOutside(i)
	case s.Headless && !x.f.Backends:
		x.headless(i)
	default:
		x.clusterIP(i)
	}
}

// clusterIP translates the Service's address and port to those of a backend.
func (x *expansion) clusterIP(i int) {
	s := &x.m.Services[i]
	j := findPort(s, x.f.Protocol, x.f.Port)
	if j < 0 {
		x.noPort(s)
		return
	}
	found, ok := x.backends(portRef{int32(i), int32(j)})
	if !ok {
		return
	}
	if s.InternalLocal {
		found = x.onNode(found, clientNode(x.from), s, "internalTrafficPolicy")
	}
	t := target{service: i, note: x.portNote(s, j), hairpin: true}
	for _, b := range found {
		x.add(b.party, b.port, t)
	}
}

// findPort returns the index of the Service port with this protocol and number, or -1.
func findPort(s *model.Service, p algebra.Protocol, port uint16) int {
	for j := range s.Ports {
		if s.Ports[j].Protocol == p && s.Ports[j].Port == port {
			return j
		}
	}
	return -1
}

// noPort ends the route at a Service that does not have the port. kube-proxy has
// no rule for it, so the packet goes to an address that nobody owns; its
// nftables mode and some replacements refuse it at once.
func (x *expansion) noPort(s *model.Service) {
	if !x.f.Protocol.HasPorts() {
		x.deny(model.Timeout, "the address of Service "+s.ID()+" answers on its ports only, not to "+x.f.PortText(), s.Object, "spec.ports")
		x.note("whether a Service's address answers to a ping depends on the implementation; kube-proxy's iptables mode does not")
		return
	}
	x.deny(model.Timeout, "Service "+s.ID()+" has no port "+x.f.PortText(), s.Object, "spec.ports")
	x.note("whether a Service's address times out or refuses on a port that it does not have depends on the implementation; kube-proxy's iptables mode times out")
}

// portNote says how a Service port is translated.
func (x *expansion) portNote(s *model.Service, j int) string {
	if x.quiet {
		return ""
	}
	p := &s.Ports[j]
	to := p.TargetName
	if to == "" {
		to = strconv.Itoa(int(p.TargetPort))
	}
	return "Service " + s.ID() + " port " + model.PortText(p.Protocol, p.Port) + " goes to port " + to + " of a backend"
}

// backend is one place behind a Service port.
type backend struct {
	party model.Party
	port  uint16
	node  string // "" when it is not known
}

// backends returns what stands behind a Service port in the family. Where
// nothing does it ends the route and returns false: kube-proxy refuses
// connections to a Service without backends.
func (x *expansion) backends(ref portRef) ([]backend, bool) {
	s := &x.m.Services[ref.service]
	p := &s.Ports[ref.port]
	if !s.HasSelector && len(s.Backends) == 0 {
		x.noSlices(s)
		return nil, false
	}
	found := x.selected(int(ref.service), func(e *model.Endpoint) (uint16, bool) { return targetPort(p, e) })
	for i := range s.Backends {
		if b := &s.Backends[i]; x.usable(s, b) {
			if port, ok := slicePort(b, p); ok {
				found = append(found, x.atAddress(b, port))
			}
		}
	}
	if len(found) == 0 {
		x.deny(model.Refused, "Service "+s.ID()+" has no ready backend for port "+model.PortText(p.Protocol, p.Port)+x.inFamily(), s.Object, "spec.selector")
	}
	return found, len(found) > 0
}

// inFamily names the family where the cluster has both.
func (x *expansion) inFamily() string {
	if x.m.V4 && x.m.V6 {
		return " over " + x.family.String()
	}
	return ""
}

// selected returns the pods that a Service selects, with their ports.
func (x *expansion) selected(service int, port func(*model.Endpoint) (uint16, bool)) []backend {
	pods := x.ix.Backends(service)
	found := x.few[:0]
	for _, i := range pods {
		e := &x.m.Endpoints[i]
		if !hasFamily(e, x.family) {
			continue
		}
		if n, ok := port(e); ok {
			found = append(found, backend{model.Party{Kind: model.PartyEndpoint, Index: int(i)}, n, e.Node})
		}
	}
	return found
}

// noSlices leaves the route open: what is behind a Service without a selector is
// only said by EndpointSlices.
func (x *expansion) noSlices(s *model.Service) {
	x.route.Symptom = model.UnknownSeen
	x.missing("Service "+s.ID()+" has no selector, and none of its EndpointSlices is in the snapshot", s.Object, "spec")
}

// usable tells whether traffic may go to an address of an EndpointSlice.
func (x *expansion) usable(s *model.Service, b *model.Backend) bool {
	return (!b.NotReady || s.PublishNotReady) && b.Addr.Is4() == (x.family == algebra.IPv4)
}

// slicePort returns the slice's port for a Service port: the one of its name.
func slicePort(b *model.Backend, p *model.ServicePort) (uint16, bool) {
	for i := range b.Ports {
		if b.Ports[i].Name == p.Name && b.Ports[i].Protocol == p.Protocol {
			return b.Ports[i].Port, true
		}
	}
	return 0, false
}

// atAddress returns a backend given by address: the endpoint that has it, if one
// does. The data plane knows only the address.
func (x *expansion) atAddress(b *model.Backend, port uint16) backend {
	if i, ok := x.ix.addrs().endpoints[b.Addr]; ok {
		return backend{model.Party{Kind: model.PartyEndpoint, Index: int(i)}, port, x.m.Endpoints[i].Node}
	}
	return backend{model.Party{Kind: model.PartyAddress, Addr: b.Addr}, port, b.Node}
}
