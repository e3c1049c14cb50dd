package model

import "github.com/netfate/netfate/sim/algebra"

// GatewayProfile is what gateways do where their API leaves it open, as data with
// evidence, as [Profile] is a network's.
type GatewayProfile struct {
	Name    string
	Title   string
	Version string
	// Controllers are the controller names of GatewayClasses that it serves.
	Controllers []string

	// Listeners and SecureListeners: which listener's routes take a request that
	// several listeners of a port may take, in plain and inside TLS. G7
	Listeners, SecureListeners Choice[ListenerChoice]
	// OtherHosts are the hosts of a route that a listener does not serve because
	// another listener of the port names them. G7
	OtherHosts Choice[OtherHosts]
	// NextHost: where no rule for the most specific host matches a request, those for
	// the next one count.
	NextHost Choice[bool]
	// Expressions is where a match by regular expression stands among the others.
	Expressions Choice[ExpressionPlace]
	// Unreachable is what a client sees where the gateway does not reach a backend.
	Unreachable Choice[Symptom]
	// MeshPolicies: whether its proxies are of a mesh and ask the mesh's policies
	// about what they take; Maybe is not known.
	MeshPolicies Choice[algebra.Tri]
}

// ListenerChoice says which listener's routes take a request.
type ListenerChoice uint8

// The choices.
const (
	// ListenersOpen: those of the listener with the most specific host, and where none
	// of them does perhaps those of others.
	ListenersOpen   ListenerChoice = iota
	ListenerOwn                    // those of the listener with the most specific host, no others
	ListenerOfRoute                // those of the listener that has a route for the most specific host, no others
)

// OtherHosts says which hosts of its routes a listener leaves to others.
type OtherHosts uint8

// What it leaves.
const (
	HostsKept   OtherHosts = iota // none
	HostsEqual                    // those that are another listener's
	HostsWithin                   // those that are within a more specific other listener's
)

// ExpressionPlace is where a match of a path by expression stands.
type ExpressionPlace uint8

// The places.
const (
	ExpressionsOpen   ExpressionPlace = iota // before or after any other
	ExpressionsSecond                        // after exact paths, before prefixes
	ExpressionsLast                          // after exact paths and prefixes
)
