package sim

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Landing is a connection that a flow may become, with what the network's policies
// say of it; no proxy is asked.
type Landing struct {
	To      int // index into Model.Endpoints
	Port    uint16
	Family  algebra.Family
	From    model.Party // whom the receiver takes for the sender
	Outcome model.Outcome
}

// Landings returns the connections to endpoints that a flow may become.
func (s *Simulator) Landings(f model.Flow) []Landing {
	var out []Landing
	for _, fam := range s.families(&f) {
		list, _ := s.landings(f, nil, fam)
		out = append(out, list...)
	}
	return out
}

// landings is Landings in one family, to the backends with the labels of a subset;
// false when the ends do not share the family.
func (s *Simulator) landings(f model.Flow, w *wire, fam algebra.Family) ([]Landing, bool) {
	route := s.routes.Expand(f, fam)
	if route.NotInFamily {
		return nil, false
	}
	s.inSubset(&route, w)
	var v model.Verdict
	for i := range route.Targets {
		s.target(&v, &route.Targets[i], fam, false, nil)
	}
	var out []Landing
	for i := range v.Hops {
		if h := &v.Hops[i]; h.To.Kind == model.PartyEndpoint {
			out = append(out, Landing{h.To.Index, h.Port, fam, h.From, h.Outcome})
		}
	}
	return out, true
}
