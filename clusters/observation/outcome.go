package observation

import "github.com/netfate/netfate/sim/model"

// lowestFailure is the lowest HTTP status that a router answers instead of sending the request on: the
// simulator too takes a redirect as not reaching the destination.
const lowestFailure = 300

// Outcome returns what the record says of the network: Allowed or Denied. It is false where the record
// says nothing: an inconclusive result, a control that failed, a status of success that no agent sent. A
// status of failure is a denial only where a control has shown that an agent would have answered; without
// one it may be the destination's own.
func (r Record) Outcome() (model.Outcome, bool) {
	if r.Control == ControlFailedBefore || r.Control == ControlFailedAfter {
		return model.Undetermined, false
	}
	switch r.Result {
	case Connected:
		return model.Allowed, true
	case Refused, Reset, Timeout, TLSFailure:
		return model.Denied, true
	case HTTPStatus:
		if r.Control == ControlOK && r.Status >= lowestFailure {
			return model.Denied, true
		}
	case GRPCStatus:
		if r.Control == ControlOK && r.Status != 0 {
			return model.Denied, true
		}
	}
	return model.Undetermined, false
}
