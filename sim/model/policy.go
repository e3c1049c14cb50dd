package model

import "github.com/netfate/netfate/sim/algebra"

// Direction of traffic as seen from a policy's subject.
type Direction uint8

// The directions.
const (
	Ingress Direction = iota
	Egress
)

// String returns "ingress" or "egress".
func (d Direction) String() string {
	if d == Egress {
		return "egress"
	}
	return "ingress"
}

// Action of a rule.
type Action uint8

// The actions. Pass leaves the tier for the one that Tier.PassTo names.
const (
	Allow Action = iota
	Deny
	Pass
)

// String returns "Allow", "Deny" or "Pass".
func (a Action) String() string { return [...]string{"Allow", "Deny", "Pass"}[a] }

// Unmatched says what happens, at the end of the tier, to the traffic of a
// policy's subject that no rule of the tier matched.
type Unmatched uint8

// What happens to unmatched traffic. Of several policies that select one
// subject, UnmatchedDeny wins over UnmatchedAllow, and that over UnmatchedNext.
const (
	UnmatchedNext  Unmatched = iota // goes on to the next tier
	UnmatchedDeny                   // the policy isolates its subject
	UnmatchedAllow                  // ends evaluation with allow
)

// Policy is one object's rules in one direction.
type Policy struct {
	Direction Direction
	Subject   Selector
	Priority  float64 // lower goes first within the tier
	TieKey    string  // order among equal priorities where Tier.Tie is TieByKey
	Rules     []Rule
	Unmatched Unmatched
	Uncertain *Reason // nil: in force. Otherwise it may or may not be, for this reason
	// Domain bounds the connections the API defines; nil is all. Beyond it the
	// fate of a subject's traffic is undetermined, for DomainReason.
	Domain       algebra.Set
	DomainReason *Reason
	Origin       Origin
}

// Rule matches peers and traffic and has an action. Peers are alternatives.
type Rule struct {
	Action    Action
	Peers     []Peer
	AnyPeer   bool       // every peer; Peers is empty
	Traffic   Traffic    // what it matches of the connection
	When      *Cond      // for rules of proxies: a condition that must hold too; nil is every request
	Uncertain *Reason    // nil, or why the rule may or may not act
	Deviation *Deviation // nil, or why the implementation's rule is not what its object says
	Origin    Origin
}

// Deviation is why a rule is not what its object says under the API.
type Deviation struct {
	Statement
	Beside Origin // the other rule that it takes; zero: none
}

// Scope says whether an address block matches endpoints inside the cluster that
// have such an address.
type Scope struct {
	Pods, Nodes algebra.Tri
	Reason      *Reason // for a Maybe of Pods
	NodesReason *Reason // for a Maybe of Nodes; nil: Reason
}

// Peer is the other side of a rule: exactly one of Pods, Nodes, Block, Domains is set.
type Peer struct {
	Pods    *Selector
	Nodes   *NodeSelector
	Block   *Block
	Domains *Domains
	// Uncertain is why the peer may or may not match what it selects; nil: it does.
	Uncertain *Reason
	Origin    Origin
}

// NodeSelector chooses nodes by label, and with them every address of theirs.
type NodeSelector struct {
	Labels *Expr // nil is every node
}

// Block is a set of addresses. External addresses in it match; whether pods and
// nodes with such an address match is the Scope's to say.
type Block struct {
	Addrs algebra.AddrSet
	Scope Scope
}

// Domains are host name patterns. "*." at the start stands for one or more
// whole labels, never for none.
type Domains struct {
	Patterns []string
	Reason   *Reason // why a flow to an address may or may not match
}

// Traffic is what a rule matches of a connection: any, or the union of Conns
// and of Named ports resolved on the endpoint that receives the connection.
type Traffic struct {
	Any   bool
	Conns algebra.Set
	Named []PortName
	// Ranges tells that Conns has ports that were given as a range, not one by one.
	Ranges bool
}

// PortName is a port by name. Protocol is checked only if HasProtocol is set.
type PortName struct {
	Name        string
	Protocol    algebra.Protocol
	HasProtocol bool
}

// Resolve returns the connections that the traffic means for a receiver with
// the given named ports.
func (t *Traffic) Resolve(ports []NamedPort) algebra.Set {
	if t.Any {
		return algebra.AllConns()
	}
	if len(t.Named) == 0 {
		return t.Conns
	}
	out := t.Conns
	for _, n := range t.Named {
		for _, p := range ports {
			if p.Name == n.Name && (!n.HasProtocol || p.Protocol == n.Protocol) {
				out = out.Union(algebra.Ports(p.Protocol, p.Port, p.Port))
			}
		}
	}
	return out
}
