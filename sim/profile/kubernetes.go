package profile

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// kubernetes is the text of the APIs and no implementation.
func kubernetes() *model.Profile {
	const s = model.Source
	const d = model.Documented
	return &model.Profile{
		Name:    Default,
		Title:   "Kubernetes: the text of the APIs, no implementation",
		Version: "NetworkPolicy v1, network-policy-api v0.2.0",
		APIs:    apis(NetworkPolicy, AdminNetworkPolicy, ClusterNetworkPolicy),

		UnlistedRules: say(model.RulesIgnored, "N1", s,
			"rules of a direction that policyTypes does not list are ignored"),
		BlockPods: say(algebra.Maybe, "N2", d,
			"the API says that ipBlock should be cluster-external addresses and leaves open whether it matches pods"),
		BlockNodes: say(algebra.Maybe, "N4", d,
			"the API says that ipBlock should be cluster-external addresses and leaves open whether it matches nodes"),
		NetworksPods: say(algebra.Yes, "N18", s,
			"networks peers are checked against cluster-internal traffic as well"),
		NetworksNodes: say(algebra.Yes, "N20", s,
			"networks peers are checked against cluster-internal traffic as well"),
		LocalNode: say(model.LocalNodeAllowed, "N5", s,
			"NetworkPolicy allows traffic whose source is the pod's local node, and no peer of a cluster policy matches it"),
		HostPodPeers: say(model.HostPodsUndefined, "N6", d,
			"the API lets an implementation either tell pods on the host network apart or treat them as their node"),
		Hairpin: say(algebra.Maybe, "N9", d,
			"the API does not say whether a pod that reaches itself through a Service is subject to NetworkPolicy"),
		PreDNAT: say(algebra.Maybe, "N12", d,
			"the API does not say whether ipBlock sees the address before or after a Service's translation"),
		SCTP:      say(algebra.Yes, "N14", s, "SCTP is a protocol of the API"),
		DenyAtEnd: say(false, "N16", s, "a NetworkPolicy that isolates a pod decides before the Baseline tier"),
		OtherDirection: say(false, "N17", s,
			"a NetworkPolicy says nothing of a direction in which it does not isolate"),
		NodesPeer:   say(model.Supported, "N19", s, "nodes peers match every address in a node's status"),
		DomainsPeer: say(model.Supported, "N21", s, "*. stands for one or more labels and never for none"),
		DomainsDeny: say(model.NotKnown, "", s,
			"the API supports domainNames in Accept rules only and does not say what others do"),
		NamedPorts:  say(model.Supported, "", s, "destinationNamedPort matches the container port of that name"),
		MaxPriority: say(int32(0), "", s, "priorities are 0 to 1000"),
		DomainDNS:   say(false, "N22", s, "a domainNames rule accepts no DNS by itself"),
		LocalCluster: say(true, "N35", s,
			"selectors choose pods of the cluster the policy is in; the API knows no other"),
		OtherProtocols: say(algebra.Maybe, "N36", d,
			"the API defines NetworkPolicy for TCP, UDP and SCTP only; what it does to other protocols is undefined"),
		UnknownPeer: say(model.FailClosed, "N40", s,
			"a rule with a peer that is not understood fails closed: Accept matches nothing, Deny and Pass deny everything"),
		NegativePeers: say(model.NegativeAsSaid, "N50", s, "a peer of namespaces chooses pods, by the labels of their namespaces, and nothing else"),
		CoveredPass:   say(false, "N51", s, "after a Pass of the Baseline tier nothing comes that could deny"),
		Ties: say(model.TieUndefined, "", s,
			"of two policies of one tier with equal priority the implementation may apply either"),
	}
}
