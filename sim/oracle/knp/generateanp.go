package knp

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	npav1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
)

// addAdminNetworkPolicy adds an AdminNetworkPolicy.
func (g *generator) addAdminNetworkPolicy(i int) {
	p := &npav1alpha1.AdminNetworkPolicy{
		TypeMeta:   typeMeta("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy"),
		ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("%c-anp%d", 'a'+g.r.IntN(26), i)},
		Spec:       npav1alpha1.AdminNetworkPolicySpec{Priority: pick[int32](g, 0, 5, 5, 5, 1000), Subject: g.subject1()},
	}
	for range g.r.IntN(3) {
		p.Spec.Ingress = append(p.Spec.Ingress, npav1alpha1.AdminNetworkPolicyIngressRule{
			Action: g.action1(), From: g.from1(), Ports: g.ports1(true),
		})
	}
	for range g.r.IntN(3) {
		rule := npav1alpha1.AdminNetworkPolicyEgressRule{Action: g.action1()}
		onlyPods := true
		for range 1 + g.r.IntN(2) {
			peer, isPods := g.to1(rule.Action == npav1alpha1.AdminNetworkPolicyRuleActionAllow)
			rule.To, onlyPods = append(rule.To, peer), onlyPods && isPods
		}
		rule.Ports = g.ports1(onlyPods)
		p.Spec.Egress = append(p.Spec.Egress, rule)
	}
	g.add(p)
}

// addBaseline adds the one BaselineAdminNetworkPolicy.
func (g *generator) addBaseline() {
	p := &npav1alpha1.BaselineAdminNetworkPolicy{
		TypeMeta:   typeMeta("policy.networking.k8s.io/v1alpha1", "BaselineAdminNetworkPolicy"),
		ObjectMeta: metav1.ObjectMeta{Name: "default"},
		Spec:       npav1alpha1.BaselineAdminNetworkPolicySpec{Subject: g.subject1()},
	}
	action := func() npav1alpha1.BaselineAdminNetworkPolicyRuleAction {
		return pick(g, npav1alpha1.BaselineAdminNetworkPolicyRuleActionAllow,
			npav1alpha1.BaselineAdminNetworkPolicyRuleActionDeny, npav1alpha1.BaselineAdminNetworkPolicyRuleActionDeny)
	}
	for range g.r.IntN(4) {
		p.Spec.Ingress = append(p.Spec.Ingress, npav1alpha1.BaselineAdminNetworkPolicyIngressRule{
			Action: action(), From: g.from1(), Ports: g.ports1(true),
		})
	}
	for range g.r.IntN(4) {
		to, isPods := g.to1(false)
		p.Spec.Egress = append(p.Spec.Egress, npav1alpha1.BaselineAdminNetworkPolicyEgressRule{
			Action: action(), Ports: g.ports1(isPods), To: []npav1alpha1.BaselineAdminNetworkPolicyEgressPeer{
				{Namespaces: to.Namespaces, Pods: to.Pods, Nodes: to.Nodes, Networks: to.Networks}},
		})
	}
	g.add(p)
}

func (g *generator) action1() npav1alpha1.AdminNetworkPolicyRuleAction {
	return pick(g, npav1alpha1.AdminNetworkPolicyRuleActionAllow,
		npav1alpha1.AdminNetworkPolicyRuleActionDeny, npav1alpha1.AdminNetworkPolicyRuleActionPass)
}

func (g *generator) subject1() npav1alpha1.AdminNetworkPolicySubject {
	if g.chance(50) {
		return npav1alpha1.AdminNetworkPolicySubject{Namespaces: g.namespaces()}
	}
	return npav1alpha1.AdminNetworkPolicySubject{Pods: g.namespacedPod1()}
}

func (g *generator) namespacedPod1() *npav1alpha1.NamespacedPod {
	return &npav1alpha1.NamespacedPod{NamespaceSelector: *g.namespaces(), PodSelector: *g.pods()}
}

func (g *generator) from1() []npav1alpha1.AdminNetworkPolicyIngressPeer {
	var out []npav1alpha1.AdminNetworkPolicyIngressPeer
	for range 1 + g.r.IntN(2) {
		s := g.subject1()
		out = append(out, npav1alpha1.AdminNetworkPolicyIngressPeer{Namespaces: s.Namespaces, Pods: s.Pods})
	}
	return out
}

// to1 returns a peer, and whether it is one of pods.
func (g *generator) to1(domains bool) (npav1alpha1.AdminNetworkPolicyEgressPeer, bool) {
	switch kind := g.r.IntN(100); {
	case kind < 50:
		s := g.subject1()
		return npav1alpha1.AdminNetworkPolicyEgressPeer{Namespaces: s.Namespaces, Pods: s.Pods}, true
	case kind < 65:
		return npav1alpha1.AdminNetworkPolicyEgressPeer{Nodes: g.nodeSelector()}, false
	case kind < 70 && domains:
		return npav1alpha1.AdminNetworkPolicyEgressPeer{DomainNames: []npav1alpha1.DomainName{npav1alpha1.DomainName(g.domain())}}, false
	}
	first, others := g.cidr()
	networks := []npav1alpha1.CIDR{npav1alpha1.CIDR(first)}
	for _, o := range others {
		networks = append(networks, npav1alpha1.CIDR(o))
	}
	return npav1alpha1.AdminNetworkPolicyEgressPeer{Networks: networks}, false
}

func (g *generator) ports1(named bool) *[]npav1alpha1.AdminNetworkPolicyPort {
	if g.chance(40) {
		return nil
	}
	var out []npav1alpha1.AdminNetworkPolicyPort
	for range 1 + g.r.IntN(2) {
		proto := pick(g, corev1.ProtocolTCP, corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP)
		switch kind := g.r.IntN(6); {
		case kind < 2 && named:
			name := pick(g, "web", "api", "dns")
			out = append(out, npav1alpha1.AdminNetworkPolicyPort{NamedPort: &name})
		case kind < 4:
			lo, hi := g.span()
			out = append(out, npav1alpha1.AdminNetworkPolicyPort{PortRange: &npav1alpha1.PortRange{Protocol: proto, Start: lo, End: hi}})
		default:
			out = append(out, npav1alpha1.AdminNetworkPolicyPort{PortNumber: &npav1alpha1.Port{Protocol: proto, Port: g.number()}})
		}
	}
	return &out
}
