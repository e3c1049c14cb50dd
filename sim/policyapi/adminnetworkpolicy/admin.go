package adminnetworkpolicy

import (
	npav1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/clusterkit"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// admin reads an AdminNetworkPolicy.
func admin(r *rulekit.Reader) *clusterkit.Policy {
	var spec npav1alpha1.AdminNetworkPolicySpec
	r.Decode(&spec)
	at := r.Root().Key("spec")
	p := &clusterkit.Policy{
		Tier: model.TierAdmin, Priority: spec.Priority, HasPriority: true,
		Subject: subject(at.Key("subject"), &spec.Subject), Limits: limits(),
	}
	for i := range spec.Ingress {
		rule := &spec.Ingress[i]
		place := at.Item("ingress", i)
		p.Ingress = append(p.Ingress, newRule(r, place, rule.Name, string(rule.Action), true, rule.Ports, from(place, rule.From)))
	}
	for i := range spec.Egress {
		rule := &spec.Egress[i]
		out := newRule(r, at.Item("egress", i), rule.Name, string(rule.Action), true, rule.Ports, nil)
		out.PeersKey = "to"
		for j := range rule.To {
			out.Peers = append(out.Peers, egressPeer(out.At.Item("to", j), &rule.To[j]))
		}
		p.Egress = append(p.Egress, out)
	}
	return p
}

func egressPeer(at rulekit.At, to *npav1alpha1.AdminNetworkPolicyEgressPeer) clusterkit.Peer {
	return clusterkit.Peer{
		Subject: choice(at, to.Namespaces, to.Pods), Nodes: to.Nodes,
		Networks: clusterkit.Strings(to.Networks), Domains: clusterkit.Strings(to.DomainNames),
	}
}
