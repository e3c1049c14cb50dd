package istio

import (
	"slices"
	"strings"

	networkingv1 "istio.io/api/networking/v1alpha3"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// meshGateway is the name by which a VirtualService says that sidecars use it.
const meshGateway = "mesh"

// virtualService adds the routes that sidecars use.
func (b *builder) virtualService(r *rulekit.Reader) {
	var p networkingv1.VirtualService
	if !read(r, &p) {
		return
	}
	spec := r.Root().Key("spec")
	if len(p.GetHttp())+len(p.GetTcp())+len(p.GetTls()) == 0 {
		refuse(r, spec, "http, tcp or tls must be provided in virtual service", "")
	}
	b.checkRoutes(r, spec, &p)
	if r.Rejected() {
		return
	}
	if len(p.GetHosts()) == 0 {
		r.Warn(spec, "has no effect by itself: without hosts it is a delegate of another VirtualService", "")
		return
	}
	if others := slices.DeleteFunc(slices.Clone(p.GetGateways()), isMesh); len(others) > 0 {
		b.gap(r, "routes of Istio's own gateways ("+strings.Join(others, ", ")+") are not modelled: use the Gateway API's", true, true)
	}
	if len(p.GetGateways()) > 0 && !slices.ContainsFunc(p.GetGateways(), isMesh) {
		return
	}
	v := &routes{b: b, r: r}
	out := model.HostRouting{Namespace: r.Object.Namespace, Export: exportTo(p.GetExportTo(), b.config.routes), Created: created(r),
		Key: r.Object.Name + "/" + r.Object.Namespace, Origin: r.Root().Origin()}
	for _, h := range p.GetHosts() {
		out.Hosts = append(out.Hosts, b.fullHost(h, r.Object.Namespace))
	}
	for i, x := range p.GetHttp() {
		out.HTTP = append(out.HTTP, v.http(spec.Item("http", i), x)...)
	}
	for i, x := range p.GetTls() {
		out.Stream = append(out.Stream, v.tls(spec.Item("tls", i), x)...)
	}
	for i, x := range p.GetTcp() {
		out.Stream = append(out.Stream, v.tcp(spec.Item("tcp", i), x)...)
	}
	if r.Open() {
		b.gap(r, "its routes are not understood whole", true, true)
		for i := range out.HTTP {
			out.HTTP[i].Uncertain = r.OpenReason()
		}
	}
	b.mesh.Routes = append(b.mesh.Routes, out)
}

func isMesh(g string) bool { return g == meshGateway }

// checkRoutes is the part of the webhook's validation that changes what a route
// does (pkg/config/validation ValidateVirtualService, validateHTTPRouteConflict).
func (b *builder) checkRoutes(r *rulekit.Reader, spec rulekit.At, p *networkingv1.VirtualService) {
	mesh := len(p.GetGateways()) == 0 || slices.ContainsFunc(p.GetGateways(), isMesh)
	for i, h := range p.GetHosts() {
		if h == "*" && mesh {
			refuse(r, spec.Item("hosts", i), "wildcard host * is not allowed for virtual services bound to the mesh gateway", "")
		}
		for _, other := range p.GetHosts()[:i] {
			if b.fullHost(h, r.Object.Namespace) == b.fullHost(other, r.Object.Namespace) {
				refuse(r, spec.Item("hosts", i), "duplicate hosts in virtual service", "")
			}
		}
	}
	checkExport(r, spec, p.GetExportTo(), false)
	for i, x := range p.GetHttp() {
		at := spec.Item("http", i)
		if why := routeConflict(x, len(p.GetHosts()) == 0); why != "" {
			refuse(r, at, why, "")
		}
		checkDestinations(r, at, x)
	}
}

// routeConflict says which parts of a route exclude each other, "" for none.
func routeConflict(x *networkingv1.HTTPRoute, delegate bool) string {
	forward := len(x.GetRoute()) > 0
	switch {
	case x.GetDelegate() != nil && delegate:
		return "delegate HTTP route cannot contain delegate"
	case x.GetDelegate() != nil && (x.GetRedirect() != nil || x.GetRoute() != nil):
		return "a root HTTP route must not specify redirect or route"
	case x.GetDelegate() != nil:
		return ""
	case x.GetRedirect() != nil && (forward || x.GetFault() != nil || x.GetRewrite() != nil || x.GetDirectResponse() != nil):
		return "HTTP route cannot contain redirect with route, fault, rewrite or directResponse"
	case x.GetDirectResponse() != nil && (forward || x.GetFault() != nil || x.GetRewrite() != nil):
		return "HTTP route cannot contain directResponse with route, fault or rewrite"
	case x.GetRedirect() == nil && x.GetDirectResponse() == nil && !forward:
		return "HTTP route, redirect or direct_response is required"
	case x.GetMirror() != nil && len(x.GetMirrors()) > 0:
		return "HTTP route cannot contain both mirror and mirrors"
	case x.GetRedirect().GetRedirectCode() != 0 && x.GetRedirect().GetRedirectCode()/100 != 3:
		return "not a valid redirect code, must be 3xx"
	}
	return ""
}

func checkDestinations(r *rulekit.Reader, at rulekit.At, x *networkingv1.HTTPRoute) {
	total := int32(0)
	for j, d := range x.GetRoute() {
		total += d.GetWeight()
		if d.GetWeight() < 0 {
			refuse(r, at.Item("route", j), "weight must not be negative", "")
		}
		if d.GetDestination().GetHost() == "" {
			refuse(r, at.Item("route", j), "destination is required", "")
		}
	}
	if len(x.GetRoute()) > 1 && total == 0 {
		refuse(r, at, "total destination weight = 0", "")
	}
}

// backend is a destination of a route, for a port that the client asked for.
func (v *routes) backend(at rulekit.At, d *networkingv1.Destination, weight uint32) model.RouteBackend {
	host := v.b.fullHost(d.GetHost(), v.r.Object.Namespace)
	out := model.RouteBackend{Weight: weight, Service: v.b.serviceOf(host), SubsetName: d.GetSubset(), Host: host, Name: host, Origin: at.Origin(),
		Port: uint16(d.GetPort().GetNumber())}
	if out.Service >= 0 {
		s := &v.b.in.Model.Services[out.Service]
		out.Name = s.ID()
		if out.Port == 0 && len(s.Ports) == 1 {
			out.Port = s.Ports[0].Port
		}
		if out.Port != 0 && !slices.ContainsFunc(s.Ports, func(p model.ServicePort) bool { return p.Port == out.Port }) {
			out.Fail, out.Why = 503, "Service "+s.ID()+" has no such port"
		}
	} else if strings.HasSuffix(host, ".svc.cluster.local") {
		out.Fail, out.Why = 503, "there is no Service "+host
	}
	if d.GetSubset() != "" {
		out.Name += " subset " + d.GetSubset()
	}
	return out
}
