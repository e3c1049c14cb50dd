package routing

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Route is what becomes of a flow before policy: the connections it may be, of
// which load balancing picks one, or why there are none.
type Route struct {
	Targets []Target
	// Steps say why there is nowhere to go. They decide: the flow is denied.
	// None and no Targets: not known, for Reasons.
	Steps   []model.Step
	Symptom model.Symptom // what the client sees where there are no Targets
	// NotInFamily says that there is no route because one end has no address of
	// the family that was asked for; the other family may have one.
	NotInFamily bool
	Notes       []string
	// Reasons are why Targets are not exactly the ones the traffic may go to:
	// some may not be chosen, or none may be.
	Reasons []model.Reason
}

// Target is one connection that a flow may become.
type Target struct {
	From     model.Party // the flow's source; an address of the cluster is shown as its owner
	To       model.Party // an endpoint, an address or a host outside the cluster
	Protocol algebra.Protocol
	Port     uint16
	Families []algebra.Family
	Weight   int // relative to the other targets
	// SNAT says whether the receiver sees a node's address in place of From's:
	// Yes, No, or Maybe where implementations differ, for SNATReason.
	SNAT       algebra.Tri
	SNATReason *model.Reason
	// Nodes are the endpoints whose address replaces the source where SNAT is
	// not No; none: a node that is not known.
	Nodes []int
	// Via is set for a pod that reaches a node port of another node: the
	// destination is translated there, so that the pod's egress sees the node and
	// its port, unless the implementation translates at the pod already.
	Via     *Via
	Service int  // index of the Service it goes through, -1 for none
	Hairpin bool // a pod reaching itself through a Service
	// Sibling says that From and To are one endpoint which stands for the equal
	// pods of a template: the backend may also be another pod of them.
	Sibling bool
	Note    string // what happened to the destination, in words
}

// Via is a place on the way where the destination is translated.
type Via struct {
	To   model.Party
	Port uint16
}
