package gatewayapi

import (
	"cmp"
	"fmt"
	"slices"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// attachService attaches a route to a Service, for the clients of a mesh: of every
// namespace where the route is in the Service's own, otherwise of the route's.
func (b *builder) attachService(r *route, a *attempt, ns string) {
	at := r.spec
	i, ok := b.services[ns+"/"+string(a.ref.Name)]
	if !ok {
		r.r.Warn(at, fmt.Sprintf("there is no Service %s/%s: the reference has no effect", ns, a.ref.Name), "")
		return
	}
	a.service = i
	s := &b.in.Model.Services[i]
	switch {
	case s.Headless || s.Type == model.ExternalName:
		a.accepted.fail(string(gatewayv1.RouteReasonUnsupportedValue), "Service "+s.ID()+" has no address of its own, so that traffic to it cannot be told", at.Origin())
	case len(servicePorts(r, a, s)) == 0:
		a.accepted.fail(string(gatewayv1.RouteReasonNoMatchingParent), "Service "+s.ID()+" has no port of the name and number that the reference gives", at.Origin())
	case r.invalid.bad:
		a.accepted = r.invalid
	}
	if a.accepted.bad {
		r.r.Warn(at, "the route is not attached: "+a.accepted.reason+": "+a.accepted.why, "")
	}
}

// servicePorts are the ports of a Service that a reference is for: all, unless it
// names one.
func servicePorts(r *route, a *attempt, s *model.Service) []uint16 {
	var out []uint16
	for _, p := range s.Ports {
		if (p.Protocol == algebra.UDP) == (r.Kind == "UDPRoute") && uint16(or(a.ref.Port, int32(p.Port))) == p.Port &&
			(or(a.ref.SectionName, "") == "" || string(*a.ref.SectionName) == p.Name) {
			out = append(out, p.Port)
		}
	}
	return out
}

// target is a port of a Service, for the clients of one namespace or of all.
type target struct {
	service  int
	port     uint16
	consumer string // "" is every client: routes of the Service's own namespace
}

// kindRank is the order in which one kind of route alone counts for a port of a
// Service (GEP-1294, route types).
func kindRank(kind string) int {
	return slices.Index([]string{"GRPCRoute", "HTTPRoute", "TLSRoute", "TCPRoute", "UDPRoute"}, kind)
}

// serviceRoutes are the routes for clients of a mesh. Routes replace what a
// Service does by itself: where none matches the request is answered 404.
func (b *builder) serviceRoutes() []model.ServiceRoutes {
	byTarget := map[target][]*route{}
	for _, r := range b.routes {
		for i := range r.attempts {
			a := &r.attempts[i]
			if a.service < 0 || a.accepted.bad || r.Kind == "UDPRoute" {
				continue
			}
			s := &b.in.Model.Services[a.service]
			t := target{service: a.service}
			if s.Namespace != r.Namespace {
				t.consumer = r.Namespace
			}
			for _, t.port = range servicePorts(r, a, s) {
				if !slices.Contains(byTarget[t], r) {
					byTarget[t] = append(byTarget[t], r)
				}
			}
		}
	}
	var out []model.ServiceRoutes
	for t, routes := range byTarget {
		out = append(out, b.routesFor(t, routes))
	}
	slices.SortFunc(out, func(x, y model.ServiceRoutes) int {
		return cmp.Or(cmp.Compare(x.Service, y.Service), cmp.Compare(x.Port, y.Port), cmp.Compare(x.Consumer, y.Consumer))
	})
	return out
}

// routesFor is what routes do with what is addressed to a port of a Service. Their
// hostnames mean nothing there (GEP-1294).
func (b *builder) routesFor(t target, routes []*route) model.ServiceRoutes {
	kind := slices.MinFunc(routes, func(x, y *route) int { return cmp.Compare(kindRank(x.Kind), kindRank(y.Kind)) }).Kind
	kept := slices.DeleteFunc(slices.Clone(routes), func(r *route) bool { return r.Kind != kind })
	s := &b.in.Model.Services[t.service]
	no := model.RouteAction{Kind: model.RouteRespond, Status: 404, Origin: kept[0].r.Root().Origin(),
		Why: fmt.Sprintf("no route of Service %s matches the request, and its routes replace what the Service does by itself", s.ID())}
	stream := kind == "TLSRoute" || kind == "TCPRoute"
	if stream {
		no = model.RouteAction{Kind: model.RouteReset, Why: "no route of the Service takes the connection", Origin: no.Origin}
	}
	rules := b.ordered(kept, b.profile, func(r *route) []rule { return r.mesh })
	return model.ServiceRoutes{Service: t.service, Port: t.port, Consumer: t.consumer, Stream: stream,
		Table: model.RouteTable{NoMatch: no, Hosts: []model.HostRoutes{{Host: model.Pattern{Kind: model.PatternAny}, Rules: rules}}}}
}
