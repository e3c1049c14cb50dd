package knp

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// addNetworkPolicy adds a NetworkPolicy with the defaults of the API server.
func (g *generator) addNetworkPolicy() {
	np := &networkingv1.NetworkPolicy{
		TypeMeta:   typeMeta("networking.k8s.io/v1", "NetworkPolicy"),
		ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("np%d", len(g.c.objects)), Namespace: pick(g, g.spaces...)},
		Spec:       networkingv1.NetworkPolicySpec{PodSelector: *g.pods()},
	}
	for range g.r.IntN(3) {
		np.Spec.Ingress = append(np.Spec.Ingress, networkingv1.NetworkPolicyIngressRule{From: g.peers(), Ports: g.ports()})
	}
	for range g.r.IntN(3) {
		np.Spec.Egress = append(np.Spec.Egress, networkingv1.NetworkPolicyEgressRule{To: g.peers(), Ports: g.ports()})
	}
	np.Spec.PolicyTypes = []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}
	if len(np.Spec.Egress) > 0 {
		np.Spec.PolicyTypes = append(np.Spec.PolicyTypes, networkingv1.PolicyTypeEgress)
	}
	if g.chance(50) { // written by a person, in any combination and order
		np.Spec.PolicyTypes = pick(g,
			[]networkingv1.PolicyType{networkingv1.PolicyTypeIngress},
			[]networkingv1.PolicyType{networkingv1.PolicyTypeEgress},
			[]networkingv1.PolicyType{networkingv1.PolicyTypeEgress, networkingv1.PolicyTypeIngress})
	}
	g.add(np)
}

func (g *generator) peers() []networkingv1.NetworkPolicyPeer {
	var out []networkingv1.NetworkPolicyPeer
	if g.chance(15) {
		return nil
	}
	for range 1 + g.r.IntN(2) {
		var p networkingv1.NetworkPolicyPeer
		switch g.r.IntN(5) {
		case 0:
			p.PodSelector = g.pods()
		case 1:
			p.NamespaceSelector = g.namespaces()
		case 2:
			p.PodSelector, p.NamespaceSelector = g.pods(), g.namespaces()
		default:
			cidr, except := g.cidr()
			p.IPBlock = &networkingv1.IPBlock{CIDR: cidr, Except: except}
		}
		out = append(out, p)
	}
	return out
}

func (g *generator) ports() []networkingv1.NetworkPolicyPort {
	if g.chance(35) {
		return nil
	}
	var out []networkingv1.NetworkPolicyPort
	for range 1 + g.r.IntN(2) {
		proto := pick(g, corev1.ProtocolTCP, corev1.ProtocolTCP, corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP)
		p := networkingv1.NetworkPolicyPort{Protocol: &proto}
		switch g.r.IntN(5) {
		case 0: // every port of the protocol
		case 1:
			name := intstr.FromString(pick(g, "web", "api", "dns"))
			p.Port = &name
		case 2:
			lo, hi := g.span()
			number := intstr.FromInt32(lo)
			p.Port, p.EndPort = &number, &hi
			if g.chance(20) {
				p.EndPort = &lo
			}
		default:
			number := intstr.FromInt32(g.number())
			p.Port = &number
		}
		out = append(out, p)
	}
	return out
}
