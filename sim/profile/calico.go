package profile

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// calico is Calico open source with the iptables data plane.
func calico() *model.Profile {
	const s, i, u = model.Source, model.Inferred, model.Unverified
	return &model.Profile{
		Name:    "calico",
		Title:   "Calico",
		Version: "3.32",
		APIs:    apis(NetworkPolicy, ClusterNetworkPolicy),
		APIReasons: map[string]model.Statement{AdminNetworkPolicy: {
			Row: "N39", Confidence: s,
			Text: "Calico reads AdminNetworkPolicy and BaselineAdminNetworkPolicy in 3.29 to 3.31 only",
		}},

		UnlistedRules: say(model.RulesIgnored, "N1", s, "a Calico policy's types are policyTypes; other rules have no effect"),
		BlockPods:     say(algebra.Yes, "N2", s, "nets match any address, pods included"),
		BlockNodes:    say(algebra.Yes, "N4", s, "nets match any address, nodes included"),
		NetworksPods:  say(algebra.Yes, "N18", s, "nets match any address, pods included"),
		NetworksNodes: say(algebra.Yes, "N20", s, "nets match any address, nodes included"),
		LocalNode: say(model.LocalNodeAllowed, "N5", s,
			"traffic from a host to a workload on it is always allowed and nothing overrides that"),
		HostPodPeers: say(model.HostPodsAreNodes, "N6", model.Documented,
			"pods on the host network are no workload endpoints; only an address block matches them"),
		Hairpin: say(algebra.No, "N9", i,
			"the iptables data plane evaluates policy with the pod's own address on both ends"),
		PreDNAT:        say(algebra.No, "N12", i, "policy sees addresses after the Service's translation"),
		SCTP:           say(algebra.Yes, "N14", s, "SCTP is evaluated like TCP and UDP"),
		DenyAtEnd:      say(false, "N16", s, "the default tier drops at its end, before tier kube-baseline"),
		OtherDirection: say(false, "N17", s, "a policy applies to the directions in its types only"),
		NodesPeer: say(model.FailClosed, "N19", s,
			"nodes peers cannot be converted: an Accept rule is dropped, a Deny or Pass rule denies everything"),
		DomainsPeer: say(model.FailClosed, "N21", s,
			"domainNames peers cannot be converted: an Accept rule is dropped, a Deny or Pass rule denies everything"),
		DomainsDeny: say(model.FailClosed, "", s,
			"domainNames peers cannot be converted: a Deny or Pass rule denies everything"),
		NamedPorts: say(model.FailClosed, "", s,
			"destinationNamedPort cannot be converted: an Accept rule is dropped, a Deny or Pass rule denies everything"),
		MaxPriority:  say(int32(0), "", s, "priority becomes the policy's order"),
		DomainDNS:    say(false, "N22", s, "domainNames rules have no effect on DNS"),
		LocalCluster: say(true, "N35", u, "selectors choose endpoints of the policy's own cluster"),
		OtherProtocols: say(algebra.Yes, "N36", i,
			"a rule without ports matches every protocol, a rule with ports only the protocols it names"),
		UnknownPeer: say(model.FailClosed, "N40", s,
			"a rule with a peer that is not understood is dropped if it accepts and denies everything otherwise"),
		NegativePeers: say(model.NegativeAsSaid, "N50", i, "a peer of namespaces is taken to choose pods only, as the API says"),
		CoveredPass:   say(false, "N51", i, "a Pass of the Baseline tier is taken to end evaluation, as the API says"),
		Ties:          say(model.TieByKey, "", s, "policies of equal order are ordered by key: namespace, name, kind"),
	}
}
