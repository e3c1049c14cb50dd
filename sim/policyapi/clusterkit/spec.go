package clusterkit

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// Limits are the sizes that the definition of an API allows.
type Limits struct {
	Rules, Peers, Ports int
}

// Policy is a cluster policy in the spelling that its versions share.
type Policy struct {
	Tier        string // model.TierAdmin or model.TierBaseline
	Priority    int32
	HasPriority bool // BaselineAdminNetworkPolicy has none
	Subject     Subject
	Ingress     []Rule
	Egress      []Rule
	Limits      Limits
}

// Subject is a choice of pods: by namespace, or by namespace and pod.
type Subject struct {
	At         rulekit.At
	Namespaces *metav1.LabelSelector // namespaces: every pod of these
	Of         *metav1.LabelSelector // pods.namespaceSelector
	Pods       *metav1.LabelSelector // pods.podSelector
	// NeedsNamespaces is set where pods.namespaceSelector must be written.
	NeedsNamespaces bool
}

// Rule is a rule of a cluster policy.
type Rule struct {
	At        rulekit.At
	Name      string
	Action    string
	Decides   model.Action // what Action means
	Valid     bool         // Action is one of the API's
	PeersKey  string       // "from" or "to"
	Peers     []Peer
	PortsKey  string // "ports" or "protocols"
	Ports     int    // how many entries
	Named     bool   // an entry is a port by name
	Traffic   rulekit.Ports
	Uncertain *model.Reason
}

// Peer is a peer of a cluster policy's rule.
type Peer struct {
	Subject
	Nodes    *metav1.LabelSelector
	Networks []string
	Domains  []string
}

// known tells whether the peer is of a kind that the API of this version has.
func (p *Peer) known() bool {
	return p.Namespaces != nil || p.Pods != nil || p.Nodes != nil || p.Networks != nil || p.Domains != nil
}

// Strings returns a list of a string type as strings, nil for nil.
func Strings[T ~string](list []T) []string {
	if list == nil {
		return nil
	}
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}
