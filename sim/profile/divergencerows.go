package profile

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// networkPolicyRows are the rows on NetworkPolicy.
func networkPolicyRows() []Row {
	unlisted := func(p *model.Profile) model.Choice[model.UnlistedRules] { return p.UnlistedRules }
	blockPods := func(p *model.Profile) model.Choice[algebra.Tri] { return p.BlockPods }
	blockNodes := func(p *model.Profile) model.Choice[algebra.Tri] { return p.BlockNodes }
	local := func(p *model.Profile) model.Choice[model.LocalNode] { return p.LocalNode }
	host := func(p *model.Profile) model.Choice[model.HostPodPeers] { return p.HostPodPeers }
	return []Row{
		{"N1", "policyTypes [Egress] with ingress rules: a source that no rule names",
			cell(unlisted, iff(model.RulesIsolate, "denied", "allowed"))},
		{"N1b", "the same, and another policy isolates ingress: a source that the rules name",
			cell(unlisted, iff(model.RulesIgnored, "denied", "allowed"))},
		{"N2", "ingress from an ipBlock that covers a pod: that pod", cell(blockPods, yes)},
		{"N3", "egress to ipBlock 0.0.0.0/0 alone: to a pod", cell(blockPods, yes)},
		{"N4", "egress to an ipBlock that covers a node: to that node", cell(blockNodes, yes)},
		{"N5", "ingress isolated: from a process of the pod's own node", cell(local, localNode)},
		{"N6", "ingress from a namespace: its pod on the host network of another node", cell(host, hostPod(false))},
		{"N7", "ingress from podSelector {} and a namespace: its pod on the host network", cell(host, hostPod(true))},
		{"N9", "isolated pod to itself through a Service",
			cell(func(p *model.Profile) model.Choice[algebra.Tri] { return p.Hairpin }, yes)},
		{"N12", "egress to an ipBlock of Service addresses alone: to a Service",
			cell(func(p *model.Profile) model.Choice[algebra.Tri] { return p.PreDNAT }, yes)},
		{"N14", "SCTP that a rule allows",
			cell(func(p *model.Profile) model.Choice[algebra.Tri] { return p.SCTP }, yes)},
		{"N35", "a podSelector peer: a pod of another cluster of the mesh",
			cell(func(p *model.Profile) model.Choice[bool] { return p.LocalCluster }, iff(true, "denied", "allowed"))},
		{"N36", "ICMP where a rule without ports allows the source",
			cell(func(p *model.Profile) model.Choice[algebra.Tri] { return p.OtherProtocols }, yes)},
	}
}

// clusterPolicyRows are the rows on the cluster policies and how NetworkPolicy
// goes with them.
func clusterPolicyRows() []Row {
	cluster := func(f func(*model.Profile) Cell) func(*model.Profile) Cell { return behind(ClusterNetworkPolicy, f) }
	either := func(f func(*model.Profile) Cell) func(*model.Profile) Cell {
		return func(p *model.Profile) Cell {
			if p.APIs[AdminNetworkPolicy] {
				return f(p)
			}
			return cluster(f)(p)
		}
	}
	return []Row{
		{"N16", "isolated by NetworkPolicy, Baseline Accept names the source",
			either(cell(func(p *model.Profile) model.Choice[bool] { return p.DenyAtEnd }, iff(true, "allowed", "denied")))},
		{"N17", "selected by an egress NetworkPolicy only, Baseline Deny of ingress",
			either(cell(func(p *model.Profile) model.Choice[bool] { return p.OtherDirection }, iff(true, "allowed", "denied")))},
		{"N18", "Admin egress Deny of networks that cover a pod: to that pod",
			either(cell(func(p *model.Profile) model.Choice[algebra.Tri] { return p.NetworksPods }, no))},
		{"N19", "Admin egress Deny of nodes {}: to a node", either(cell(nodesPeer, unsupportedDeny))},
		{"N20", "Admin egress Accept of nodes, then Deny of networks 0.0.0.0/0: to a node", either(nodesThenNetworks)},
		{"N21", "Admin egress Accept of *.example.com, then Deny of everything: to a.b.example.com",
			either(cell(domainsPeer, unsupportedAccept))},
		{"N22", "Admin egress Accept of example.com, egress isolated: DNS to kube-dns",
			cluster(cell(func(p *model.Profile) model.Choice[bool] { return p.DomainDNS }, iff(true, "allowed", "denied")))},
		{"N39", "an AdminNetworkPolicy denies",
			behind(AdminNetworkPolicy, func(*model.Profile) Cell { return Cell{Verdict: "denied"} })},
		{"N40", "a Deny rule with a peer of a newer API: any source",
			cluster(cell(func(p *model.Profile) model.Choice[model.Unsupported] { return p.UnknownPeer }, unknownDeny))},
		{"N50", "Admin Accept of namespaces that are not env=prod, ingress isolated: from a namespace that is",
			cluster(cell(func(p *model.Profile) model.Choice[model.NegativePeers] { return p.NegativePeers }, iff(model.NegativeAsSaid, "denied", "allowed")))},
		{"N51", "Baseline Pass of all pods, NetworkPolicy allows everything: from a pod",
			cluster(cell(func(p *model.Profile) model.Choice[bool] { return p.CoveredPass }, iff(true, "denied", "allowed")))},
		{"ties", "two policies of one priority, one accepts and one denies",
			either(cell(func(p *model.Profile) model.Choice[model.TieRule] { return p.Ties }, tie))},
	}
}

func nodesPeer(p *model.Profile) model.Choice[model.Unsupported]   { return p.NodesPeer }
func domainsPeer(p *model.Profile) model.Choice[model.Unsupported] { return p.DomainsPeer }

// nodesThenNetworks is row N20, which hangs on two choices.
func nodesThenNetworks(p *model.Profile) Cell {
	if p.NodesPeer.Value == model.FailClosed {
		return Cell{no(p.NetworksNodes.Value), p.NodesPeer.Statement}
	}
	return cell(nodesPeer, func(u model.Unsupported) string {
		return iff(model.NotKnown, "undetermined", "allowed")(u)
	})(p)
}

func localNode(l model.LocalNode) string {
	return [...]string{"allowed", "allowed, unless a rule denies", "allowed for user 0", "denied"}[l]
}

// hostPod writes what a peer makes of a pod on the host network.
func hostPod(podSelector bool) func(model.HostPodPeers) string {
	return func(h model.HostPodPeers) string {
		switch {
		case h == model.HostPodsUndefined:
			return "undetermined"
		case h == model.HostPodsIfPodSelector && podSelector:
			return "allowed"
		}
		return "denied"
	}
}

func unsupportedDeny(u model.Unsupported) string {
	switch u {
	case model.Supported:
		return "denied"
	case model.FailClosed, model.FailClosedPeer:
		return "denied, with all else"
	case model.NotKnown:
		return "undetermined"
	}
	return "allowed"
}

func unsupportedAccept(u model.Unsupported) string {
	switch u {
	case model.Supported:
		return "allowed"
	case model.RejectPolicy:
		return "allowed: the policy has no effect"
	case model.NotKnown:
		return "undetermined"
	}
	return "denied"
}

func unknownDeny(u model.Unsupported) string {
	switch u {
	case model.FailClosed, model.FailClosedPeer:
		return "denied"
	case model.NotKnown:
		return "undetermined"
	}
	return "allowed"
}

func tie(t model.TieRule) string {
	return [...]string{"undetermined", "the first by name", "denied", "allowed"}[t]
}
