package profile

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// antrea is Antrea with AntreaProxy. ClusterNetworkPolicy and AdminNetworkPolicy
// stand behind feature gates, which are taken as on.
func antrea() *model.Profile {
	const s, i, u = model.Source, model.Inferred, model.Unverified
	return &model.Profile{
		Name:    "antrea",
		Title:   "Antrea (feature gates ClusterNetworkPolicy and AdminNetworkPolicy taken as enabled; they are off by default)",
		Version: "2.7",
		APIs:    apis(NetworkPolicy, AdminNetworkPolicy, ClusterNetworkPolicy),

		UnlistedRules: say(model.RulesIsolate, "N1", i,
			"rules are compiled and the agent drops by default in their direction whatever policyTypes says"),
		BlockPods:     say(algebra.Yes, "N2", i, "ipBlock matches the raw address, pods included"),
		BlockNodes:    say(algebra.Yes, "N4", i, "ipBlock matches the raw address, nodes included"),
		NetworksPods:  say(algebra.Yes, "N18", i, "networks become ipBlocks, which match the raw address, pods included"),
		NetworksNodes: say(algebra.Yes, "N20", i, "networks become ipBlocks, which match the raw address, nodes included"),
		LocalNode: say(model.LocalNodeAllowed, "N5", s,
			"traffic from a node to its own pods is always allowed and nothing overrides that"),
		HostPodPeers: say(model.HostPodsUndefined, "N6", u,
			"it is not verified whether selectors match pods on the host network"),
		Hairpin: say(algebra.Yes, "N9", model.Documented,
			"with AntreaProxy a pod always reaches itself through a Service"),
		PreDNAT:        say(algebra.No, "N12", i, "policy sees addresses after the Service's translation"),
		SCTP:           say(algebra.Maybe, "N14", u, "it is not verified whether SCTP is evaluated"),
		DenyAtEnd:      say(false, "N16", s, "a baseline rule cannot undo the isolation of a NetworkPolicy"),
		OtherDirection: say(false, "N17", u, "a NetworkPolicy has no effect on a direction without isolation or rules"),
		NodesPeer: say(model.RejectPolicy, "N19", s,
			"nodes peers are not supported and the webhook refuses the policy"),
		DomainsPeer: say(model.RejectPolicy, "N21", s,
			"domainNames peers are not supported and the webhook refuses the policy"),
		DomainsDeny: say(model.RejectPolicy, "", s,
			"domainNames peers are not supported and the webhook refuses the policy"),
		NamedPorts:   say(model.Supported, "", s, "named ports are matched by name whatever the protocol"),
		MaxPriority:  say(int32(0), "", s, "priorities are 0 to 1000"),
		DomainDNS:    say(false, "N22", s, "domainNames are not supported"),
		LocalCluster: say(true, "N35", u, "selectors choose pods of the policy's own cluster"),
		OtherProtocols: say(algebra.Maybe, "N36", u,
			"it is not verified what policies do to protocols other than TCP, UDP and SCTP"),
		UnknownPeer:   say(model.NotKnown, "N40", u, "it is not verified what a peer that is not understood does"),
		NegativePeers: say(model.NegativeAsSaid, "N50", i, "a peer of namespaces is taken to choose pods only, as the API says"),
		CoveredPass:   say(false, "N51", i, "a Pass of the Baseline tier is taken to end evaluation, as the API says"),
		Ties:          say(model.TieUndefined, "", s, "conflicting rules of equal priority are enforced in no defined order"),
	}
}
