package knp

import (
	corev1 "k8s.io/api/core/v1"
	npav1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
)

// ownPortsOnly writes the named ports of v1alpha1 as the numbers and protocols
// that the destination of the flow gives the name. A rule left without ports
// matches nothing and goes.
func ownPortsOnly(c *cluster, f flow) *cluster {
	dst := c.podAt(f.dst)
	keep := func(ports **[]npav1alpha1.AdminNetworkPolicyPort) bool {
		if *ports == nil {
			return true
		}
		var out []npav1alpha1.AdminNetworkPolicyPort
		for _, p := range **ports {
			if p.NamedPort == nil {
				out = append(out, p)
				continue
			}
			out = append(out, declared(dst, *p.NamedPort)...)
		}
		*ports = &out
		return len(out) > 0
	}
	return c.mapped(func(o object) bool {
		switch p := o.(type) {
		case *npav1alpha1.AdminNetworkPolicy:
			p.Spec.Ingress = kept(p.Spec.Ingress, func(r *npav1alpha1.AdminNetworkPolicyIngressRule) bool { return keep(&r.Ports) })
			p.Spec.Egress = kept(p.Spec.Egress, func(r *npav1alpha1.AdminNetworkPolicyEgressRule) bool { return keep(&r.Ports) })
		case *npav1alpha1.BaselineAdminNetworkPolicy:
			p.Spec.Ingress = kept(p.Spec.Ingress, func(r *npav1alpha1.BaselineAdminNetworkPolicyIngressRule) bool { return keep(&r.Ports) })
			p.Spec.Egress = kept(p.Spec.Egress, func(r *npav1alpha1.BaselineAdminNetworkPolicyEgressRule) bool { return keep(&r.Ports) })
		}
		return true
	})
}

// declared returns the ports that a pod's containers give a name.
func declared(pod *corev1.Pod, name string) []npav1alpha1.AdminNetworkPolicyPort {
	var out []npav1alpha1.AdminNetworkPolicyPort
	if pod == nil {
		return nil
	}
	for _, c := range pod.Spec.Containers {
		for _, p := range c.Ports {
			if p.Name == name {
				out = append(out, npav1alpha1.AdminNetworkPolicyPort{
					PortNumber: &npav1alpha1.Port{Protocol: p.Protocol, Port: p.ContainerPort},
				})
			}
		}
	}
	return out
}

// kept returns the items for which keep, which may change them, is true.
func kept[T any](list []T, keep func(*T) bool) []T {
	var out []T
	for i := range list {
		if keep(&list[i]) {
			out = append(out, list[i])
		}
	}
	return out
}
