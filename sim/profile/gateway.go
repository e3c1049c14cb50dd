package profile

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// GatewayAPI is the text of the Gateway API and no implementation.
func GatewayAPI() *model.GatewayProfile {
	const s = model.Source
	return &model.GatewayProfile{
		Name:    "gateway-api",
		Title:   "Gateway API: the text of the API, no implementation",
		Version: "1.6.3",

		Isolation: say(algebra.Maybe, "G7", s,
			"Listener Isolation is an extended feature: without it routes of a less specific listener may also serve a host that a more specific listener takes"),
		Expressions: say(algebra.Maybe, "", s,
			"the API leaves to the implementation where a match by RegularExpression stands among the others"),
		Unreachable: say(model.GatewayError, "", s,
			"the API says 503 for a Service without ready endpoints, and nothing of a backend that is not reached"),
	}
}
