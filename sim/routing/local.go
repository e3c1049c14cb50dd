package routing

import (
	"slices"

	"github.com/netfate/netfate/sim/model"
)

// clientNode returns the node that a client runs on, "" when it is not known.
func clientNode(e *model.Endpoint) string { return e.Node }

// onNode keeps the backends on a node, as a traffic policy of Local demands.
// Those whose node is not known are kept with a reason. kube-proxy drops the
// traffic where none is left.
func (x *expansion) onNode(found []backend, node string, s *model.Service, policy string) []backend {
	field := "spec." + policy
	if node == "" {
		x.missing("Service "+s.ID()+" has "+policy+": Local, and the node that the traffic is on is not known", s.Object, field)
		return found
	}
	kept := slices.DeleteFunc(found, func(b backend) bool { return b.node != "" && b.node != node })
	if len(kept) == 0 {
		x.deny(model.Timeout, "Service "+s.ID()+" has "+policy+": Local, and no backend on node "+node, s.Object, field)
		return nil
	}
	if slices.ContainsFunc(kept, func(b backend) bool { return b.node == "" }) {
		x.missing("Service "+s.ID()+" has "+policy+": Local, and the nodes of its backends are not known", s.Object, field)
	}
	return kept
}
