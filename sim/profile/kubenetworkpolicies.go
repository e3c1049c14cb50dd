package profile

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// kubeNetworkPolicies is sigs.k8s.io/kube-network-policies with the plugin for
// ClusterNetworkPolicy.
func kubeNetworkPolicies() *model.Profile {
	const o, s, i, u = model.Observed, model.Source, model.Inferred, model.Unverified
	return &model.Profile{
		Name:    "kube-network-policies",
		Title:   "kube-network-policies",
		Version: "1.1.0",
		APIs:    apis(NetworkPolicy, ClusterNetworkPolicy),
		APIReasons: map[string]model.Statement{AdminNetworkPolicy: {
			Row: "N39", Confidence: s, Text: "kube-network-policies 1.1 runs the v1alpha2 plugin, which ignores v1alpha1",
		}},

		UnlistedRules: say(model.RulesIgnored, "N1", o, "only the directions in policyTypes are evaluated"),
		BlockPods:     say(algebra.Yes, "N2", o, "ipBlock is compared with the packet's address, pods included"),
		BlockNodes:    say(algebra.Yes, "N4", o, "ipBlock is compared with the packet's address, nodes included"),
		NetworksPods:  say(algebra.Yes, "N18", o, "networks are compared with the packet's address, pods included"),
		NetworksNodes: say(algebra.Yes, "N20", o, "networks are compared with the packet's address, nodes included"),
		LocalNode: say(model.LocalNodeRoot, "N5", s,
			"processes of user 0 on the pod's node are exempt, others are evaluated as the node's address"),
		HostPodPeers: say(model.HostPodsAreNodes, "N6", o,
			"pods on the host network are their node's address and match no selector"),
		Hairpin: say(algebra.No, "N9", i,
			"a pod that reaches itself through a Service is evaluated with its own address on both ends"),
		PreDNAT:   say(algebra.No, "N12", i, "policy sees addresses after the Service's translation"),
		SCTP:      say(algebra.Yes, "N14", s, "SCTP is evaluated like TCP and UDP"),
		DenyAtEnd: say(false, "N16", o, "NetworkPolicy decides before the Baseline tier"),
		OtherDirection: say(true, "N17", o,
			"any NetworkPolicy that selects the pod ends evaluation with accept in the direction it does not isolate"),
		NodesPeer:   say(model.Supported, "N19", o, "nodes peers match the internal and external addresses of nodes"),
		DomainsPeer: say(model.Supported, "N21", s, "domainNames peers match addresses learnt from DNS answers"),
		DomainsDeny: say(model.Supported, "", s,
			"a domainNames peer matches whatever the rule's action is"),
		NamedPorts:  say(model.Supported, "", s, "a named port must match name, number and protocol of one container port"),
		MaxPriority: say(int32(0), "", s, "priorities are 0 to 1000"),
		DomainDNS:   say(false, "N22", s, "a domainNames rule accepts no DNS by itself"),
		LocalCluster: say(true, "N35", u,
			"the standard evaluator knows the pods of its own cluster only"),
		OtherProtocols: say(algebra.Yes, "N36", o,
			"a rule without ports matches every protocol, a rule with ports only TCP, UDP and SCTP"),
		UnknownPeer:   say(model.SkipPeer, "N40", s, "a peer that is not understood is skipped"),
		NegativePeers: say(model.NegativeAsSaid, "N50", model.Observed, "a peer of namespaces chooses pods, by the labels of their namespaces, and nothing else"),
		CoveredPass:   say(false, "N51", model.Observed, "after a Pass of the Baseline tier nothing comes that could deny"),
		Ties:          say(model.TieByKey, "", o, "policies of equal priority are ordered by name"),
	}
}
