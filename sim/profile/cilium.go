package profile

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// cilium is Cilium with its default settings, but for ClusterNetworkPolicy: that
// is off by default and taken as on, since a cluster that has such objects has
// presumably turned it on.
func cilium() *model.Profile {
	const o, s = model.Observed, model.Source
	return &model.Profile{
		Name:    "cilium",
		Title:   "Cilium (k8sClusterNetworkPolicy taken as enabled; it is off by default)",
		Version: "1.20.2",
		APIs:    apis(NetworkPolicy, ClusterNetworkPolicy),
		APIReasons: map[string]model.Statement{AdminNetworkPolicy: {
			Row: "N39", Confidence: s, Text: "Cilium never read AdminNetworkPolicy or BaselineAdminNetworkPolicy",
		}},

		UnlistedRules: say(model.RulesIsolate, "N1", o,
			"rules of a direction allow and isolate even where policyTypes does not list the direction"),
		BlockPods: say(algebra.No, "N2", o, "ipBlock never matches pods while policyCIDRMatchMode does not list pods"),
		BlockNodes: say(algebra.No, "N4", o,
			"ipBlock never matches nodes while policyCIDRMatchMode does not list nodes"),
		NetworksPods: say(algebra.No, "N18", o,
			"networks never match pods while policyCIDRMatchMode does not list pods"),
		NetworksNodes: say(algebra.No, "N20", o,
			"networks never match nodes while policyCIDRMatchMode does not list nodes"),
		LocalNode: say(model.LocalNodeLast, "N5", o,
			"traffic from the pod's node is allowed after all other rules, so only a deny rule overrides it"),
		HostPodPeers: say(model.HostPodsAreNodes, "N6", o,
			"pods on the host network have their node's identity and match no selector of pods"),
		Hairpin: say(algebra.Yes, "N9", o, "a pod that reaches itself through a Service skips policy in both directions"),
		PreDNAT: say(algebra.No, "N12", o, "policy sees addresses after the Service's translation"),
		SCTP: say(algebra.Maybe, "N14", model.Unverified,
			"SCTP is not supported while sctp.enabled is off; what becomes of the packets is not verified"),
		DenyAtEnd: say(true, "N16", o, "the default deny of NetworkPolicy stands after the Baseline tier"),
		OtherDirection: say(false, "N17", o,
			"a NetworkPolicy has no effect on a direction in which it has no rules"),
		NodesPeer: say(model.RejectPolicy, "N19", o,
			"without node selector labels a policy with a nodes peer is rejected as a whole; what it was before a change stays in force"),
		DomainsPeer: say(model.Supported, "N21", s, "*.x becomes **.x: one or more labels"),
		DomainsDeny: say(model.RejectPolicy, "", s,
			"a policy with domainNames in a Deny or Pass rule is rejected as a whole; what it was before a change stays in force"),
		NamedPorts:  say(model.Supported, "", s, "destinationNamedPort matches any protocol"),
		MaxPriority: say(int32(0), "", s, "a rule's priority is the policy's plus a hundredth of its index"),
		DomainDNS: say(true, "N22", s,
			"a domainNames rule also accepts DNS to the pods k8s-app=kube-dns, for its names only"),
		LocalCluster: say(true, "N35", s,
			"selectors choose the local cluster's pods since 1.19 (policyDefaultLocalCluster)"),
		OtherProtocols: say(algebra.Yes, "N36", o,
			"a rule without ports permits ICMP, a rule with ports does not"),
		UnknownPeer: say(model.FailClosedPeer, "N40", s,
			"a peer that is not understood matches nothing in an Accept rule and everything in a Deny or Pass rule, which denies"),
		NegativePeers: say(model.NegativeNamespaces, "N50", o,
			"Cilium 1.20.2 matches every peer, in and outside the cluster, by a ClusterNetworkPolicy's peer of namespaces with nothing but "+
				"NotIn and DoesNotExist: its aggregate identities have no labels, and match (pkg/policy/aggregate.go, "+
				"pkg/k8s/cluster_network_policy.go:269, 320); not for egress ports by name"),
		CoveredPass: say(true, "N51", o,
			"Cilium 1.20.2 denies what a Pass of the Baseline tier matches where a rule of an earlier tier matches it too, for every peer on at "+
				"least these ports or for this one on more ports: the pass entry stays in the policy map as a deny that goes before all "+
				"(pkg/policy/mapstate.go:1219-1393, pkg/policy/types/entry.go:299, pkg/endpoint/bpf.go:1018)"),
		Ties: say(model.TieDenyFirst, "", s, "at equal priority deny goes before allow and allow before pass"),
	}
}
