package control

import (
	"fmt"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim/model"
)

// Judge puts what controls said into the records of flows under policies. All lists are of the same flows in
// the same order; after may be nil where policies cannot be removed again, and an entry of after whose Result is
// empty was not needed: what connects under policies needs no control after. A record whose control failed
// counts as inconclusive (observation.Record.Outcome).
func Judge(before, under, after []observation.Record) ([]observation.Record, error) {
	if len(before) != len(under) || after != nil && len(after) != len(under) {
		return nil, fmt.Errorf("%d controls before and %d after for %d flows", len(before), len(after), len(under))
	}
	out := make([]observation.Record, len(under))
	for i := range under {
		r := under[i]
		r.Phase, r.Control = observation.PhasePolicy, observation.ControlOK
		switch {
		case !passed(before[i]):
			r.Control = observation.ControlFailedBefore
			r.Detail = note(r.Detail, "without policies: "+said(before[i]))
		case r.Result == observation.Connected:
		case after == nil:
			r.Control = observation.ControlNone
		case !passed(after[i]):
			r.Control = observation.ControlFailedAfter
			r.Detail = note(r.Detail, "without policies again: "+said(after[i]))
		}
		out[i] = r
	}
	return out, nil
}

// passed tells that a control says that the network lets the flow through: by an agent's answer.
func passed(r observation.Record) bool {
	out, ok := r.Outcome()
	return ok && out == model.Allowed
}

func said(r observation.Record) string {
	switch {
	case r.Result == "":
		return "not tried"
	case r.Detail == "":
		return string(r.Result)
	}
	return string(r.Result) + " (" + r.Detail + ")"
}
