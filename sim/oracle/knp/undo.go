package knp

import (
	"net/netip"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
	npav1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	npav1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"
)

// ownAddress tells whether a pod calls an address of its own.
func ownAddress(c *cluster, f flow) bool {
	p := c.podAt(f.src)
	return p != nil && p == c.podAt(f.dst)
}

// fromOwnNode tells whether the source is an address of the pod's node.
func fromOwnNode(c *cluster, f flow) bool {
	p := c.podAt(f.dst)
	return p != nil && c.nodeAt(f.src) == p.Spec.NodeName
}

// otherAddresses returns the flow with the other addresses that a node at one of
// its ends has in the family.
func otherAddresses(c *cluster, f flow) []flow {
	var out []flow
	for _, a := range c.sameNode(f.src) {
		other := f
		other.src = a
		out = append(out, other)
	}
	for _, a := range c.sameNode(f.dst) {
		other := f
		other.dst = a
		out = append(out, other)
	}
	return out
}

// sameNode returns the other addresses, of the same family, of the node at an address.
func (c *cluster) sameNode(at netip.Addr) []netip.Addr {
	name := c.nodeAt(at)
	var out []netip.Addr
	for _, o := range c.objects {
		n, ok := o.(*corev1.Node)
		if !ok || n.Name != name {
			continue
		}
		for _, a := range n.Status.Addresses {
			if addr, err := netip.ParseAddr(a.Address); err == nil && addr != at && addr.Is4() == at.Is4() {
				out = append(out, addr)
			}
		}
	}
	return out
}

// sidecarsAreContainers counts init containers that keep running as containers.
func sidecarsAreContainers(c *cluster, _ flow) *cluster {
	return c.mapped(func(o object) bool {
		if p, ok := o.(*corev1.Pod); ok {
			p.Spec.Containers = append(p.Spec.Containers, p.Spec.InitContainers...)
		}
		return true
	})
}

// failClosed writes the rules of ClusterNetworkPolicies with a peer of no known
// field as the API's text has them: Accept matches nothing, others deny everything.
func failClosed(c *cluster, _ flow) *cluster {
	return c.mapped(func(o object) bool {
		p, ok := o.(*npav1alpha2.ClusterNetworkPolicy)
		if !ok {
			return true
		}
		ingress, egress := p.Spec.Ingress, p.Spec.Egress
		p.Spec.Ingress, p.Spec.Egress = nil, nil
		for _, r := range ingress {
			switch {
			case !unknownFrom(r.From):
				p.Spec.Ingress = append(p.Spec.Ingress, r)
			case r.Action != npav1alpha2.ClusterNetworkPolicyRuleActionAccept:
				p.Spec.Ingress = append(p.Spec.Ingress, npav1alpha2.ClusterNetworkPolicyIngressRule{
					Action: npav1alpha2.ClusterNetworkPolicyRuleActionDeny,
					From:   []npav1alpha2.ClusterNetworkPolicyIngressPeer{{Namespaces: &metav1.LabelSelector{}}},
				})
			}
		}
		for _, r := range egress {
			switch {
			case !unknownTo(r.To):
				p.Spec.Egress = append(p.Spec.Egress, r)
			case r.Action != npav1alpha2.ClusterNetworkPolicyRuleActionAccept:
				p.Spec.Egress = append(p.Spec.Egress, npav1alpha2.ClusterNetworkPolicyEgressRule{
					Action: npav1alpha2.ClusterNetworkPolicyRuleActionDeny,
					To:     []npav1alpha2.ClusterNetworkPolicyEgressPeer{{Networks: []npav1alpha2.CIDR{"0.0.0.0/0", "::/0"}}},
				})
			}
		}
		return true
	})
}

func unknownFrom(peers []npav1alpha2.ClusterNetworkPolicyIngressPeer) bool {
	for _, p := range peers {
		if p.Namespaces == nil && p.Pods == nil {
			return true
		}
	}
	return false
}

func unknownTo(peers []npav1alpha2.ClusterNetworkPolicyEgressPeer) bool {
	for _, p := range peers {
		if p.Namespaces == nil && p.Pods == nil && p.Nodes == nil && p.Networks == nil && p.DomainNames == nil {
			return true
		}
	}
	return false
}

// refusedFromOutside tells whether a rule that fails closed refuses what comes
// from no pod. No rule of the API can say that, so there is nothing to undo.
func refusedFromOutside(c *cluster, f flow) bool {
	dst := c.podAt(f.dst)
	if dst == nil || c.podAt(f.src) != nil {
		return false
	}
	for _, o := range c.objects {
		p, ok := o.(*npav1alpha2.ClusterNetworkPolicy)
		if !ok || !c.subject(p, dst) {
			continue
		}
		for _, r := range p.Spec.Ingress {
			if unknownFrom(r.From) && r.Action != npav1alpha2.ClusterNetworkPolicyRuleActionAccept {
				return true
			}
		}
	}
	return false
}

func (c *cluster) subject(p *npav1alpha2.ClusterNetworkPolicy, pod *corev1.Pod) bool {
	labels := c.labelsOf(pod.Namespace)
	if s := p.Spec.Subject.Namespaces; s != nil {
		return networkpolicy.MatchesSelector(s, labels)
	}
	s := p.Spec.Subject.Pods
	return networkpolicy.MatchesSelector(&s.NamespaceSelector, labels) && networkpolicy.MatchesSelector(&s.PodSelector, pod.Labels)
}

func (c *cluster) labelsOf(namespace string) map[string]string {
	for _, o := range c.objects {
		if ns, ok := o.(*corev1.Namespace); ok && ns.Name == namespace {
			return ns.Labels
		}
	}
	return nil
}

// isAddr tells whether the text is an address.
func isAddr(text string) (netip.Prefix, bool) {
	a, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

// nodesAreAddresses writes nodes peers of v1alpha1 as the addresses of the nodes.
func nodesAreAddresses(c *cluster, _ flow) *cluster {
	networks := func(s *metav1.LabelSelector) []npav1alpha1.CIDR {
		var out []npav1alpha1.CIDR
		for _, o := range c.objects {
			n, ok := o.(*corev1.Node)
			if !ok || !networkpolicy.MatchesSelector(s, n.Labels) {
				continue
			}
			for _, a := range n.Status.Addresses {
				if p, ok := isAddr(a.Address); ok {
					out = append(out, npav1alpha1.CIDR(p.String()))
				}
			}
		}
		return out
	}
	return c.mapped(func(o object) bool {
		switch p := o.(type) {
		case *npav1alpha1.AdminNetworkPolicy:
			for i := range p.Spec.Egress {
				for j := range p.Spec.Egress[i].To {
					if to := &p.Spec.Egress[i].To[j]; to.Nodes != nil {
						to.Networks, to.Nodes = networks(to.Nodes), nil
					}
				}
			}
		case *npav1alpha1.BaselineAdminNetworkPolicy:
			for i := range p.Spec.Egress {
				for j := range p.Spec.Egress[i].To {
					if to := &p.Spec.Egress[i].To[j]; to.Nodes != nil {
						to.Networks, to.Nodes = networks(to.Nodes), nil
					}
				}
			}
		}
		return true
	})
}
