package oracle

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// fromLocalNode is ingress with what the platform grants to the processes of the
// node that a pod runs on. Where it is not known whether the source is that
// node, both are possible.
func (p *point) fromLocalNode() Outcomes {
	switch p.isLocal() {
	case algebra.Yes:
		return p.localNode()
	case algebra.Maybe:
		return p.localNode() | p.possible(0, false)
	}
	return p.possible(0, false)
}

// isLocal tells whether the source is on the host network of the subject's node.
func (p *point) isLocal() algebra.Tri {
	from, to := p.peerEndpoint(), p.subject
	if from == nil || to.Kind != model.Pod || to.HostNetwork || from.Cluster != to.Cluster {
		return algebra.No
	}
	node := from.Node
	switch {
	case from.Kind == model.Node:
		node = from.Name
	case !from.HostNetwork:
		return algebra.No
	}
	if node == "" || to.Node == "" {
		return algebra.Maybe
	}
	return algebra.TriOf(node == to.Node)
}

// localNode is what the profile makes of traffic from the local node.
func (p *point) localNode() Outcomes {
	treatment := model.LocalNodeAllowed // the text of the API
	if p.m.Profile != nil {
		treatment = p.m.Profile.LocalNode.Value
	}
	switch treatment {
	case model.LocalNodeLast:
		lenient := *p
		lenient.defaultDeny = MayAllow
		return lenient.possible(0, false)
	case model.LocalNodeRoot:
		return MayAllow | p.possible(0, false) // the user of the process is not known
	case model.LocalNodeEvaluated:
		return p.possible(0, false)
	}
	return MayAllow
}
