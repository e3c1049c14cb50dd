package adminnetworkpolicy

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	npav1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/clusterkit"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

func subject(at rulekit.At, s *npav1alpha1.AdminNetworkPolicySubject) clusterkit.Subject {
	return choice(at, s.Namespaces, s.Pods)
}

// choice returns a choice of pods by namespace or by namespace and pod.
func choice(at rulekit.At, namespaces *metav1.LabelSelector, pods *npav1alpha1.NamespacedPod) clusterkit.Subject {
	out := clusterkit.Subject{At: at, Namespaces: namespaces, NeedsNamespaces: true}
	if pods != nil {
		out.Of, out.Pods = &pods.NamespaceSelector, &pods.PodSelector
	}
	return out
}

// from returns the peers of an ingress rule, which are the same in both kinds.
func from(rule rulekit.At, peers []npav1alpha1.AdminNetworkPolicyIngressPeer) []clusterkit.Peer {
	out := make([]clusterkit.Peer, 0, len(peers))
	for i := range peers {
		out = append(out, clusterkit.Peer{Subject: choice(rule.Item("from", i), peers[i].Namespaces, peers[i].Pods)})
	}
	return out
}

// newRule returns what the rules of both kinds and directions share.
func newRule(r *rulekit.Reader, at rulekit.At, name, action string, pass bool, ports *[]npav1alpha1.AdminNetworkPolicyPort, peers []clusterkit.Peer) clusterkit.Rule {
	out := clusterkit.Rule{At: at, Name: name, Action: action, PeersKey: "from", Peers: peers, PortsKey: "ports"}
	out.Decides, out.Valid = decides(action, pass)
	if ports == nil || len(*ports) == 0 {
		out.Traffic.Any()
		return out
	}
	out.Ports = len(*ports)
	for i := range *ports {
		port(r, at.Item("ports", i), &(*ports)[i], &out)
	}
	return out
}

// decides returns what an action means; the baseline has no Pass.
func decides(action string, pass bool) (model.Action, bool) {
	switch action {
	case "Allow":
		return model.Allow, true
	case "Deny":
		return model.Deny, true
	case "Pass":
		return model.Pass, pass
	}
	return model.Deny, false
}
