package adminnetworkpolicy

import (
	npav1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/clusterkit"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// baseline reads a BaselineAdminNetworkPolicy. The definition allows one, by
// name.
func baseline(r *rulekit.Reader) *clusterkit.Policy {
	var spec npav1alpha1.BaselineAdminNetworkPolicySpec
	r.Decode(&spec)
	if r.Object.Name != "default" {
		r.Reject(r.Root().Key("metadata").Key("name"), "Invalid value: Only one baseline admin network policy with "+
			`metadata.name="default" can be created in the cluster`, "")
	}
	at := r.Root().Key("spec")
	p := &clusterkit.Policy{
		Tier: model.TierBaseline, Subject: subject(at.Key("subject"), &spec.Subject), Limits: limits(),
	}
	for i := range spec.Ingress {
		rule := &spec.Ingress[i]
		place := at.Item("ingress", i)
		p.Ingress = append(p.Ingress, newRule(r, place, rule.Name, string(rule.Action), false, rule.Ports, from(place, rule.From)))
	}
	for i := range spec.Egress {
		rule := &spec.Egress[i]
		out := newRule(r, at.Item("egress", i), rule.Name, string(rule.Action), false, rule.Ports, nil)
		out.PeersKey = "to"
		for j := range rule.To {
			to := &rule.To[j]
			out.Peers = append(out.Peers, clusterkit.Peer{
				Subject: choice(out.At.Item("to", j), to.Namespaces, to.Pods), Nodes: to.Nodes,
				Networks: clusterkit.Strings(to.Networks),
			})
		}
		p.Egress = append(p.Egress, out)
	}
	return p
}
