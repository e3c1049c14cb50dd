package profile

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// ovnKubernetes is OVN-Kubernetes as its sources of December 2024 say.
func ovnKubernetes() *model.Profile {
	const s, i, u = model.Source, model.Inferred, model.Unverified
	return &model.Profile{
		Name:    "ovn-kubernetes",
		Title:   "OVN-Kubernetes (sources of December 2024)",
		Version: "2024.12",
		APIs:    apis(NetworkPolicy, AdminNetworkPolicy),
		APIReasons: map[string]model.Statement{ClusterNetworkPolicy: {
			Row: "N39", Confidence: s, Text: "the sources read know AdminNetworkPolicy and BaselineAdminNetworkPolicy only",
		}},

		UnlistedRules: say(model.RulesAllow, "N1b", s,
			"allow rules are built for both directions whatever policyTypes says; isolation follows policyTypes"),
		BlockPods:     say(algebra.Yes, "N2", s, "ipBlock matches the raw address, pods included"),
		BlockNodes:    say(algebra.Yes, "N4", s, "ipBlock matches the raw address, nodes included"),
		NetworksPods:  say(algebra.Yes, "N18", s, "networks match the raw address, pods included"),
		NetworksNodes: say(algebra.Yes, "N20", i, "networks match the raw address, nodes included"),
		LocalNode: say(model.LocalNodeAllowed, "N5", s,
			"traffic from the node's management port to its own pods is always allowed"),
		HostPodPeers: say(model.HostPodsIfPodSelector, "N7", model.Documented,
			"a peer with a podSelector includes pods on the host network, a namespaceSelector alone does not"),
		Hairpin:        say(algebra.Yes, "N9", s, "an ACL allows a pod to reach itself through a Service"),
		PreDNAT:        say(algebra.No, "N12", s, "egress rules are applied after the load balancer"),
		SCTP:           say(algebra.Yes, "N14", s, "SCTP is evaluated like TCP and UDP"),
		DenyAtEnd:      say(false, "N16", s, "NetworkPolicy's ACL tier precedes the baseline tier"),
		OtherDirection: say(false, "N17", i, "default deny ACLs exist only for the directions in policyTypes"),
		NodesPeer:      say(model.Supported, "N19", s, "nodes peers match the addresses of nodes"),
		DomainsPeer:    say(model.NotKnown, "N21", u, "it is not verified what domainNames peers do"),
		DomainsDeny: say(model.NotKnown, "", u,
			"it is not verified what domainNames peers do"),
		NamedPorts: say(model.Supported, "", i, "named ports are resolved on each receiving pod"),
		MaxPriority: say(int32(99), "", s,
			"AdminNetworkPolicy priorities above 99 are not supported; such a policy is not set up"),
		DomainDNS:    say(false, "N22", u, "a domainNames rule accepts no DNS by itself"),
		LocalCluster: say(true, "N35", u, "selectors choose pods of the policy's own cluster"),
		OtherProtocols: say(algebra.Maybe, "N36", u,
			"it is not verified what policies do to protocols other than TCP, UDP and SCTP"),
		UnknownPeer:   say(model.NotKnown, "N40", u, "it is not verified what a peer that is not understood does"),
		NegativePeers: say(model.NegativeAsSaid, "N50", model.Inferred, "a peer of namespaces is taken to choose pods only, as the API says"),
		CoveredPass:   say(false, "N51", model.Inferred, "a Pass of the Baseline tier is taken to end evaluation, as the API says"),
		Ties:          say(model.TieUndefined, "", u, "it is not verified which of two policies of equal priority wins"),
	}
}
