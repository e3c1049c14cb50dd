package sim

import (
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/routing"
)

// Shown returns a flow that shows an example from a party to an endpoint: by the way
// of which most gets through, and the outcome.
func (s *Simulator) Shown(from model.Party, to int, g *Gain) (flow model.Flow, outcome model.Outcome) {
	for i, f := range s.ways(from, to, g) {
		o := s.Verdict(f).Outcome
		if i == 0 || o > outcome {
			flow, outcome = f, o
		}
	}
	return flow, outcome
}

// ForService returns the request of an example as it is sent to a Service by its name.
func (s *Simulator) ForService(g *Gain, id model.ServicePortID) *model.Request {
	return s.hosted(g.Request, id.Service, -1, id.Port)
}

// Behind returns where the ports of a Service lead.
func (s *Simulator) Behind(service int) []routing.Place { return s.routes.Behind(service) }

// PortsBefore returns the TCP ports of an endpoint to which Services lead, in order.
func (s *Simulator) PortsBefore(endpoint int) []uint16 { return s.routes.PortsBefore(endpoint) }
