package profile

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// istioGateway is Istio's own gateway: istiod makes its pods, Envoy of Istio.
func istioGateway() *model.GatewayProfile {
	const s, i = model.Source, model.Inferred
	return &model.GatewayProfile{
		Name:        "istio",
		Title:       "Istio's gateways (pilot/pkg/config/kube/gateway, pilot/pkg/networking/core/gateway.go)",
		Version:     "1.31",
		Controllers: []string{"istio.io/gateway-controller"},

		Listeners: say(model.ListenerOfRoute, "G7", s,
			"all HTTP listeners of a port share one list of virtual hosts, made of the hosts of their routes: the most specific one takes a request, and a listener without routes takes none from others"),
		SecureListeners: say(model.ListenerOwn, "G7", s, "each HTTPS listener has a filter chain for its server name, with routes of its own"),
		OtherHosts:      say(model.HostsWithin, "G7", s, "a host of a route that is within a more specific other listener of the port and protocol is left out (hostnameAllowedByIsolation)"),
		NextHost:        say(false, "H1", s, "Envoy takes one virtual host; where none of its routes matches, the answer is 404"),
		Expressions:     say(model.ExpressionsLast, "H2", s, "exact paths, then prefixes, then expressions (sortHTTPRoutes)"),
		Unreachable:     say(model.Status(503), "H3", i, "Envoy answers 503 where it cannot connect to a backend"),
		MeshPolicies:    say(algebra.Yes, "H4", s, "its proxies are of the mesh: they ask AuthorizationPolicies, and validate tokens"),
	}
}

// envoyGateway is Envoy Gateway.
func envoyGateway() *model.GatewayProfile {
	const s, i = model.Source, model.Inferred
	return &model.GatewayProfile{
		Name:        "envoy-gateway",
		Title:       "Envoy Gateway (internal/gatewayapi, internal/xds/translator)",
		Version:     "1.9",
		Controllers: []string{"gateway.envoyproxy.io/gatewayclass-controller"},

		Listeners: say(model.ListenerOfRoute, "G7", s,
			"all HTTP listeners of a port share one route configuration, with a virtual host for each host of their routes: the most specific one takes a request"),
		SecureListeners: say(model.ListenerOwn, "G7", s, "each HTTPS listener has a filter chain for its server name, with routes of its own"),
		OtherHosts:      say(model.HostsEqual, "G7", s, "a host of a route that is another listener's of the port is left out (computeHosts)"),
		NextHost:        say(false, "H1", s, "Envoy takes one virtual host; where none of its routes matches, the answer is 404"),
		Expressions:     say(model.ExpressionsSecond, "H2", s, "exact paths, then expressions, then prefixes (internal/gatewayapi/sort.go)"),
		Unreachable:     say(model.Status(503), "H3", i, "Envoy answers 503 where it cannot connect to a backend"),
		MeshPolicies:    say(algebra.No, "H4", s, "its proxies are not of a mesh; where they have a sidecar, that asks the mesh's policies"),
	}
}

// ciliumGateway is Cilium, whose proxies on the nodes carry the traffic.
func ciliumGateway() *model.GatewayProfile {
	const s, i = model.Source, model.Inferred
	return &model.GatewayProfile{
		Name:        "cilium",
		Title:       "Cilium (operator/pkg/gateway-api, operator/pkg/model)",
		Version:     "1.20",
		Controllers: []string{"io.cilium/gateway-controller"},

		Listeners: say(model.ListenerOfRoute, "G7", i,
			"HTTP listeners share one list of virtual hosts, made of the hosts of their routes: the most specific one takes a request"),
		SecureListeners: say(model.ListenersOpen, "G7", model.Unverified,
			"HTTPS listeners share their virtual hosts or have them by port, as other listeners of the gateway are: which is not verified"),
		OtherHosts:   say(model.HostsWithin, "G7", s, "a host of a route that is within a more specific other listener is left out (ComputeHosts, checkHostNameIsolation)"),
		NextHost:     say(false, "H1", s, "Envoy takes one virtual host; where none of its routes matches, the answer is 404"),
		Expressions:  say(model.ExpressionsSecond, "H2", s, "exact paths, then expressions, then prefixes (SortableRoute)"),
		Unreachable:  say(model.Status(503), "H3", i, "Envoy answers 503 where it cannot connect to a backend"),
		MeshPolicies: say(algebra.No, "H4", s, "its proxies are Cilium's and of no other mesh"),
	}
}

// traefikGateway is Traefik, whose routers have an order of their own that is not
// carried here: only that it is of no mesh is known.
func traefikGateway() *model.GatewayProfile {
	p := GatewayAPI()
	p.Name, p.Title, p.Version = "traefik", "Traefik (pkg/provider/kubernetes/gateway): as the text of the API, but of no mesh", "3.7"
	p.Controllers = []string{"traefik.io/gateway-controller"}
	p.MeshPolicies = say(algebra.No, "H4", model.Source, "its proxies are not of a mesh; where they have a sidecar, that asks the mesh's policies")
	return p
}
