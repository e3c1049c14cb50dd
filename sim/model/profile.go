package model

import "github.com/netfate/netfate/sim/algebra"

// Profile is one implementation's behaviour, as data with evidence.
type Profile struct {
	Name    string // as given to --network
	Title   string
	Version string
	// APIs lists which policy APIs have an effect; an object of another API is
	// collected, reported as having no effect, and ignored.
	APIs map[string]bool
	// APIReasons gives for an API that has no effect why that is so.
	APIReasons map[string]Statement

	UnlistedRules  Choice[UnlistedRules] // N1, N1b
	BlockPods      Choice[algebra.Tri]   // N2, N3: ipBlock and addresses of pods
	BlockNodes     Choice[algebra.Tri]   // N4: ipBlock and addresses of nodes
	NetworksPods   Choice[algebra.Tri]   // N18: CNP networks and addresses of pods
	NetworksNodes  Choice[algebra.Tri]   // N20: CNP networks and addresses of nodes
	LocalNode      Choice[LocalNode]     // N5
	HostPodPeers   Choice[HostPodPeers]  // N6, N7
	Hairpin        Choice[algebra.Tri]   // N9: a pod to itself through a Service; Yes is allowed, No is evaluated
	PreDNAT        Choice[algebra.Tri]   // N12: whether an ipBlock sees the Service address
	SCTP           Choice[algebra.Tri]   // N14
	DenyAtEnd      Choice[bool]          // N16: NetworkPolicy's default deny stands after Baseline
	OtherDirection Choice[bool]          // N17: any NetworkPolicy ends evaluation in its other direction
	NodesPeer      Choice[Unsupported]   // N19, N20: nodes peers of the cluster policies
	DomainsPeer    Choice[Unsupported]   // N21: domainNames peers of the cluster policies
	DomainsDeny    Choice[Unsupported]   // domainNames in a rule that does not accept
	NamedPorts     Choice[Unsupported]   // ClusterNetworkPolicy destinationNamedPort
	MaxPriority    Choice[int32]         // the highest priority that cluster policies may have; 0 is the API's
	DomainDNS      Choice[bool]          // N22: domainNames also accepts DNS for these names
	LocalCluster   Choice[bool]          // N35: peers are limited to the local cluster
	OtherProtocols Choice[algebra.Tri]   // N36: Yes: a rule without ports matches them, isolation denies them; Maybe: undefined
	UnknownPeer    Choice[Unsupported]   // N40
	NegativePeers  Choice[NegativePeers] // N50: peers that say no more than which namespaces they are not
	CoveredPass    Choice[bool]          // N51: Pass of the Baseline tier denies what a rule of an earlier tier covers
	Ties           Choice[TieRule]       // equal priority
}

// Choice is a value with the evidence for it.
type Choice[T any] struct {
	Value T
	Statement
}

// Statement is evidence: a row of the divergence table, its confidence, and the
// sentence that says it.
type Statement struct {
	Row        string
	Confidence Confidence
	Text       string
}

// Undefined returns the statement as the reason of an undetermined verdict.
func (s Statement) Undefined(o Origin) *Reason {
	return &Reason{Kind: UndefinedByAPI, Row: s.Row, Text: s.Text, Confidence: s.Confidence, Origin: o}
}

// UnlistedRules says what NetworkPolicy rules of a direction do that policyTypes
// does not list.
type UnlistedRules uint8

// What such rules do.
const (
	RulesIgnored UnlistedRules = iota // the API's text
	RulesAllow                        // they allow, but do not isolate
	RulesIsolate                      // they allow and isolate
)

// LocalNode says how traffic from a node to a pod on that node is treated.
type LocalNode uint8

// The treatments.
const (
	LocalNodeAllowed   LocalNode = iota // always allowed, nothing overrides it
	LocalNodeLast                       // allowed where no rule denies it: only the default deny is overridden
	LocalNodeRoot                       // allowed for processes of user 0, others are evaluated as the node's address
	LocalNodeEvaluated                  // no exemption: evaluated as the node's address
)

// HostPodPeers says whether pods on the host network match pod and namespace selectors.
type HostPodPeers uint8

// The behaviours.
const (
	HostPodsUndefined     HostPodPeers = iota // the API allows both
	HostPodsAreNodes                          // they are their node's address, selectors do not match them
	HostPodsIfPodSelector                     // a peer with a podSelector matches them, one with a namespaceSelector alone does not
)

// Unsupported says what an implementation does with a part it does not support.
type Unsupported uint8

// What it does.
const (
	Supported      Unsupported = iota
	FailClosed                 // an Allow rule matches nothing; a Deny or Pass rule denies everything
	RejectPolicy               // the whole policy has no effect
	SkipPeer                   // the peer matches nothing
	FailClosedPeer             // as FailClosed, but for this peer alone and on the rule's ports
	NotKnown                   // it is not known what it does: the rule is undetermined
)

// NegativePeers says which selectors of peers match everything where they have
// nothing but NotIn and DoesNotExist.
type NegativePeers uint8

// Which do.
const (
	NegativeAsSaid     NegativePeers = iota // none: the API's text
	NegativeNamespaces                      // a cluster policy's peer of namespaces
	NegativeAll                             // that, and a peer of pods with both selectors
)

// HostPodNames tells whether an egress rule's named port is looked up on a pod on
// the host network: not where such pods are their node's address.
func (p *Profile) HostPodNames() algebra.Tri {
	switch {
	case p == nil || p.HostPodPeers.Value == HostPodsUndefined:
		return algebra.Maybe
	case p.HostPodPeers.Value == HostPodsAreNodes:
		return algebra.No
	}
	return algebra.Yes
}
