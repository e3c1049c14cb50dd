package model

import "github.com/netfate/netfate/sim/algebra"

// GatewayProfile is what gateways do where their API leaves it open, as data with
// evidence, as [Profile] is a network's.
type GatewayProfile struct {
	Name    string
	Title   string
	Version string

	Isolation Choice[algebra.Tri] // G7: a listener's routes do not serve hosts of a more specific listener
	// Expressions: whether a match by regular expression has a place among the other
	// matches that is known; Maybe is before or after any of them.
	Expressions Choice[algebra.Tri]
	// Unreachable is what a client sees where the gateway does not reach a backend.
	Unreachable Choice[Symptom]
}
