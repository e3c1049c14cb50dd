package clusternetworkpolicy

import (
	npav1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/clusterkit"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

func subject(at rulekit.At, s *npav1alpha2.ClusterNetworkPolicySubject) clusterkit.Subject {
	out := clusterkit.Subject{At: at, Namespaces: s.Namespaces}
	pods(&out, s.Pods)
	return out
}

func pods(into *clusterkit.Subject, p *npav1alpha2.NamespacedPod) {
	if p != nil {
		into.Of, into.Pods = &p.NamespaceSelector, &p.PodSelector
	}
}

func ingress(r *rulekit.Reader, at rulekit.At, rule *npav1alpha2.ClusterNetworkPolicyIngressRule) clusterkit.Rule {
	out := newRule(r, at, rule.Name, rule.Action, rule.Protocols)
	out.PeersKey = "from"
	for i := range rule.From {
		p := clusterkit.Peer{Subject: clusterkit.Subject{At: at.Item("from", i), Namespaces: rule.From[i].Namespaces}}
		pods(&p.Subject, rule.From[i].Pods)
		out.Peers = append(out.Peers, p)
	}
	return out
}

func egress(r *rulekit.Reader, at rulekit.At, rule *npav1alpha2.ClusterNetworkPolicyEgressRule) clusterkit.Rule {
	out := newRule(r, at, rule.Name, rule.Action, rule.Protocols)
	out.PeersKey = "to"
	for i := range rule.To {
		to := &rule.To[i]
		p := clusterkit.Peer{
			Subject:  clusterkit.Subject{At: at.Item("to", i), Namespaces: to.Namespaces},
			Nodes:    to.Nodes,
			Networks: clusterkit.Strings(to.Networks),
			Domains:  clusterkit.Strings(to.DomainNames),
		}
		pods(&p.Subject, to.Pods)
		out.Peers = append(out.Peers, p)
	}
	return out
}

// newRule returns what ingress and egress rules share.
func newRule(r *rulekit.Reader, at rulekit.At, name string, action npav1alpha2.ClusterNetworkPolicyRuleAction, protocols []npav1alpha2.ClusterNetworkPolicyProtocol) clusterkit.Rule {
	out := clusterkit.Rule{
		At: at, Name: name, Action: string(action), PortsKey: "protocols", Ports: len(protocols),
	}
	out.Decides, out.Valid = decides(action)
	if len(protocols) == 0 {
		out.Traffic.Any()
	}
	for i := range protocols {
		protocol(r, at.Item("protocols", i), &protocols[i], &out)
	}
	return out
}

func decides(a npav1alpha2.ClusterNetworkPolicyRuleAction) (model.Action, bool) {
	switch a {
	case npav1alpha2.ClusterNetworkPolicyRuleActionAccept:
		return model.Allow, true
	case npav1alpha2.ClusterNetworkPolicyRuleActionDeny:
		return model.Deny, true
	case npav1alpha2.ClusterNetworkPolicyRuleActionPass:
		return model.Pass, true
	}
	return model.Deny, false
}
