package proxyless

import "github.com/netfate/netfate/clusters/observation"

// Controlled says of a record what the two controls, by the text of flows, showed of its flow.
func Controlled(r *observation.Record, before, after map[string]bool) string {
	switch {
	case !before[textOf(r)]:
		return observation.ControlFailedBefore
	case !after[textOf(r)]:
		return observation.ControlFailedAfter
	}
	return observation.ControlOK
}
