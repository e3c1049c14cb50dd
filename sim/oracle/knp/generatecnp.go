package knp

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	npav1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"
)

// addClusterNetworkPolicy adds a ClusterNetworkPolicy. Priorities often tie;
// names are not in the order of creation.
func (g *generator) addClusterNetworkPolicy(i int) {
	p := &npav1alpha2.ClusterNetworkPolicy{
		TypeMeta:   typeMeta("policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy"),
		ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("%c-cnp%d", 'a'+g.r.IntN(26), i)},
		Spec: npav1alpha2.ClusterNetworkPolicySpec{
			Tier:     pick(g, npav1alpha2.AdminTier, npav1alpha2.BaselineTier),
			Priority: pick[int32](g, 0, 5, 5, 5, 1000),
		},
	}
	p.Spec.Subject.Namespaces, p.Spec.Subject.Pods = g.subject2()
	for range g.r.IntN(3) {
		rule := npav1alpha2.ClusterNetworkPolicyIngressRule{Action: g.action2()}
		for range 1 + g.r.IntN(2) {
			peer := npav1alpha2.ClusterNetworkPolicyIngressPeer{}
			peer.Namespaces, peer.Pods = g.subject2()
			if g.unknown && g.chance(20) {
				peer = npav1alpha2.ClusterNetworkPolicyIngressPeer{}
			}
			rule.From = append(rule.From, peer)
		}
		rule.Protocols = g.protocols(true)
		p.Spec.Ingress = append(p.Spec.Ingress, rule)
	}
	for range g.r.IntN(3) {
		p.Spec.Egress = append(p.Spec.Egress, g.egress2())
	}
	g.add(p)
}

func (g *generator) action2() npav1alpha2.ClusterNetworkPolicyRuleAction {
	return pick(g, npav1alpha2.ClusterNetworkPolicyRuleActionAccept,
		npav1alpha2.ClusterNetworkPolicyRuleActionDeny, npav1alpha2.ClusterNetworkPolicyRuleActionPass)
}

// subject2 chooses pods by namespace, or by namespace and pod.
func (g *generator) subject2() (*metav1.LabelSelector, *npav1alpha2.NamespacedPod) {
	if g.chance(50) {
		return g.namespaces(), nil
	}
	return nil, &npav1alpha2.NamespacedPod{NamespaceSelector: *g.namespaces(), PodSelector: *g.pods()}
}

func (g *generator) egress2() npav1alpha2.ClusterNetworkPolicyEgressRule {
	rule := npav1alpha2.ClusterNetworkPolicyEgressRule{Action: g.action2()}
	onlyPods := true
	for range 1 + g.r.IntN(2) {
		var peer npav1alpha2.ClusterNetworkPolicyEgressPeer
		switch kind := g.r.IntN(100); {
		case g.unknown && kind < 15:
		case kind < 50:
			peer.Namespaces, peer.Pods = g.subject2()
		case kind < 65:
			peer.Nodes, onlyPods = g.nodeSelector(), false
		case kind < 70 && rule.Action == npav1alpha2.ClusterNetworkPolicyRuleActionAccept:
			peer.DomainNames, onlyPods = []npav1alpha2.DomainName{npav1alpha2.DomainName(g.domain())}, false
		default:
			first, others := g.cidr()
			peer.Networks, onlyPods = []npav1alpha2.CIDR{npav1alpha2.CIDR(first)}, false
			for _, o := range others {
				peer.Networks = append(peer.Networks, npav1alpha2.CIDR(o))
			}
		}
		rule.To = append(rule.To, peer)
	}
	rule.Protocols = g.protocols(onlyPods)
	return rule
}

func (g *generator) domain() string {
	return pick(g, "example.com", "*.example.com", "api.example.com", "*.api.example.com", "example.org")
}

func (g *generator) protocols(named bool) []npav1alpha2.ClusterNetworkPolicyProtocol {
	if g.chance(40) {
		return nil
	}
	var out []npav1alpha2.ClusterNetworkPolicyProtocol
	for range 1 + g.r.IntN(2) {
		port := &npav1alpha2.Port{Number: g.number()}
		if g.chance(40) {
			lo, hi := g.span()
			port = &npav1alpha2.Port{Range: &npav1alpha2.PortRange{Start: lo, End: hi}}
		}
		var p npav1alpha2.ClusterNetworkPolicyProtocol
		switch g.r.IntN(6) {
		case 0:
			p.UDP = &npav1alpha2.ClusterNetworkPolicyProtocolUDP{DestinationPort: port}
		case 1:
			p.SCTP = &npav1alpha2.ClusterNetworkPolicyProtocolSCTP{DestinationPort: port}
		case 2, 3:
			if named {
				p.DestinationNamedPort = pick(g, "web", "api", "dns")
				break
			}
			fallthrough
		default:
			p.TCP = &npav1alpha2.ClusterNetworkPolicyProtocolTCP{DestinationPort: port}
		}
		out = append(out, p)
	}
	return out
}
