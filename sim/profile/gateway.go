package profile

import (
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Gateways returns the profile of every implementation of the Gateway API, the
// text of the API first. Each call makes new ones.
func Gateways() []*model.GatewayProfile {
	return []*model.GatewayProfile{GatewayAPI(), istioGateway(), envoyGateway(), ciliumGateway(), traefikGateway()}
}

// GatewayOf returns the profile of a GatewayClass's controller: the API's text for
// one that is not known.
func GatewayOf(controller string) *model.GatewayProfile {
	for _, p := range Gateways() {
		if slices.Contains(p.Controllers, controller) {
			return p
		}
	}
	return GatewayAPI()
}

// GatewayAPI is the text of the Gateway API and no implementation.
func GatewayAPI() *model.GatewayProfile {
	const s = model.Source
	const isolation = "Listener Isolation is an extended feature: without it routes of a less specific listener may also serve a host that a more specific listener takes"
	return &model.GatewayProfile{
		Name:    "gateway-api",
		Title:   "Gateway API: the text of the API, no implementation",
		Version: "1.6.3",

		Listeners:       say(model.ListenersOpen, "G7", s, isolation),
		SecureListeners: say(model.ListenersOpen, "G7", s, isolation),
		OtherHosts:      say(model.HostsKept, "G7", s, "a listener serves the hosts that it and a route have in common"),
		NextHost:        say(true, "H1", s, "rules for the most specific host go first, and those for less specific hosts after them"),
		Expressions: say(model.ExpressionsOpen, "H2", s,
			"the API leaves to the implementation where a match by RegularExpression stands among the others"),
		Unreachable: say(model.GatewayError, "H3", s,
			"the API says 503 for a Service without ready endpoints, and nothing of a backend that is not reached"),
		MeshPolicies: say(algebra.Maybe, "H4", model.Unverified,
			"which implementation serves the gateway is not known, and so whether its proxies ask the policies of a mesh"),
	}
}
