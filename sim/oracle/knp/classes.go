package knp

import (
	"strings"
)

// class is one way in which asking the engine differs from the answer wanted. It
// explains a difference if the engine, with the departure undone, agrees.
type class struct {
	name string
	why  string // what does it, and the sentence it departs from
	// neutral is set where the profile of the engine has the departure, so that
	// it explains differences from the neutral profile only.
	neutral bool
	// outside tells that the engine is not asked about such a flow at all; the
	// verdict is then allowed.
	outside func(*cluster, flow) bool
	// undo returns the cluster with the departure undone for a flow.
	undo func(*cluster, flow) *cluster
	// isolating undoes it in the evaluator of NetworkPolicy.
	isolating bool
}

// classes are the departures of the engine, and of this way to ask it, in the
// order in which they are undone.
func classes() []class {
	return []class{
		{
			name: "N8 own address", outside: ownAddress,
			why: "traffic of a pod to itself never leaves its network namespace, so no packet reaches the engine " +
				"(NetworkPolicy: a pod cannot block access to itself)",
		},
		{
			name: "N5 local node", neutral: true, outside: fromOwnNode,
			why: "the data plane exempts processes of user 0 only (pkg/dataplane/controller.go, meta skuid 0); the engine evaluates " +
				"the node as an address (NetworkPolicySpec.ingress: traffic is allowed if the source is the pod's local node)",
		},
		{
			name: "N17 other direction", neutral: true, isolating: true,
			why: "pkg/networkpolicy/networkpolicy.go EvaluateIngress and EvaluateEgress accept, and so end the pipeline, for a pod " +
				"that some NetworkPolicy selects but none isolates in the direction (network-policy-api: Baseline holds unless NetworkPolicy isolates)",
		},
		{
			name: "N40 unknown peer", neutral: true, undo: failClosed,
			why: "plugins/npa-v1alpha2/clusternetworkpolicy.go evaluateCluster* skip a peer with no known field " +
				"(ClusterNetworkPolicyIngressPeer: consumers must fail closed)",
		},
		{
			name: "sidecar ports", undo: sidecarsAreContainers,
			why: "pkg/api/helper.go NewPodInfo reads the ports of spec.containers alone; netfate also takes those of restartable init " +
				"containers, with a gap that says so",
		},
		{
			name: "v1alpha1 named port", undo: ownPortsOnly,
			why: "plugins/npa-v1alpha1/adminnetworkpolicy.go evaluateAdminNetworkPolicyPort compares a named port with the pod's port names " +
				"alone, not with number and protocol (AdminNetworkPolicyPort.namedPort selects that port on the pod)",
		},
		{
			name: "v1alpha1 nodes", undo: nodesAreAddresses,
			why: "plugins/npa-v1alpha1 evaluate*Egress match a nodes peer with the labels of the destination pod's node, and no address " +
				"of a node (AdminNetworkPolicyEgressPeer.nodes: the IPs of the nodes' status)",
		},
	}
}

// explain returns the classes that together account for a difference from the
// outcome wanted, "" if none do. As few as possible are taken.
func explain(c *cluster, f flow, want, neutral bool) (string, error) {
	var some []class
	for _, k := range classes() {
		switch {
		case k.neutral && !neutral:
		case k.undo != nil || k.isolating:
			some = append(some, k)
		case k.outside != nil && want && k.outside(c, f):
			return k.name, nil
		}
	}
	if neutral && !want && refusedFromOutside(c, f) {
		return "N40 unknown peer", nil
	}
	for size := 1; size <= len(some); size++ {
		for _, chosen := range subsets(some, size) {
			got, err := without(c, f, chosen)
			if err != nil {
				return "", err
			}
			if got == want {
				return names(chosen), nil
			}
		}
	}
	return "", nil
}

// without asks the engine with departures undone.
func without(c *cluster, f flow, chosen []class) (bool, error) {
	isolating := false
	for _, k := range chosen {
		isolating = isolating || k.isolating
		if k.undo != nil {
			c = k.undo(c, f)
		}
	}
	e, err := newEngine(c, isolating)
	if err != nil {
		return false, err
	}
	return evaluate(e, f)
}

// subsets returns the sublists of a size.
func subsets(list []class, size int) [][]class {
	if size == 0 {
		return [][]class{nil}
	}
	var out [][]class
	for i := range list {
		for _, rest := range subsets(list[i+1:], size-1) {
			out = append(out, append([]class{list[i]}, rest...))
		}
	}
	return out
}

// names joins the names of classes.
func names(list []class) string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = list[i].name
	}
	return strings.Join(out, " + ")
}
