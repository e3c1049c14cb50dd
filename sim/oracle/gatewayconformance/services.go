package gatewayconformance

import (
	"context"
	"fmt"
	"net/netip"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// services gives every Service its addresses, and its EndpointSlices where it
// selects pods.
func (c *Cluster) services(ctx context.Context) error {
	list := &corev1.ServiceList{}
	if err := c.store.List(ctx, list); err != nil {
		return err
	}
	alive := map[types.UID]bool{}
	for i := range list.Items {
		s := &list.Items[i]
		alive[s.UID] = true
		if err := c.addresses(ctx, s); err != nil {
			return err
		}
		if len(s.Spec.Selector) == 0 || s.Spec.Type == corev1.ServiceTypeExternalName {
			continue
		}
		if err := c.slices(ctx, s); err != nil {
			return err
		}
	}
	return c.dropSlices(ctx, alive)
}

// addresses allocates a Service's cluster addresses and fills the API's defaults.
func (c *Cluster) addresses(ctx context.Context, s *corev1.Service) error {
	if s.Spec.ClusterIP != "" || s.Spec.Type == corev1.ServiceTypeExternalName {
		return nil
	}
	c.born++
	v4, v6 := fmt.Sprintf("10.96.%d.%d", c.born/250, c.born%250+1), fmt.Sprintf("fd00:96::%x", c.born)
	s.Spec.ClusterIP, s.Spec.ClusterIPs = v4, []string{v4, v6}
	s.Spec.IPFamilies = []corev1.IPFamily{corev1.IPv4Protocol, corev1.IPv6Protocol}
	if s.Spec.Type == "" {
		s.Spec.Type = corev1.ServiceTypeClusterIP
	}
	for i := range s.Spec.Ports {
		p := &s.Spec.Ports[i]
		if p.Protocol == "" {
			p.Protocol = corev1.ProtocolTCP
		}
		if p.TargetPort == (intstr.IntOrString{}) {
			p.TargetPort = intstr.FromInt32(p.Port)
		}
	}
	return c.store.Update(ctx, s)
}

// slices writes the EndpointSlices of a Service, one for each address family.
func (c *Cluster) slices(ctx context.Context, s *corev1.Service) error {
	pods := &corev1.PodList{}
	if err := c.store.List(ctx, pods, client.InNamespace(s.Namespace),
		client.MatchingLabelsSelector{Selector: labels.SelectorFromSet(s.Spec.Selector)}); err != nil {
		return err
	}
	for _, family := range []discoveryv1.AddressType{discoveryv1.AddressTypeIPv4, discoveryv1.AddressTypeIPv6} {
		slice := &discoveryv1.EndpointSlice{
			ObjectMeta: metav1.ObjectMeta{Namespace: s.Namespace, Name: fmt.Sprintf("%s-%08x", s.Name, sum(s.Name, string(family))),
				Labels:          map[string]string{discoveryv1.LabelServiceName: s.Name, discoveryv1.LabelManagedBy: "endpointslice-controller.k8s.io"},
				OwnerReferences: []metav1.OwnerReference{owner("Service", "v1", s)}},
			AddressType: family, Ports: slicePorts(s),
		}
		for i := range pods.Items {
			slice.Endpoints = append(slice.Endpoints, endpointsOf(&pods.Items[i], family)...)
		}
		if err := c.put(ctx, slice); err != nil {
			return err
		}
	}
	return nil
}

func slicePorts(s *corev1.Service) []discoveryv1.EndpointPort {
	var out []discoveryv1.EndpointPort
	for i := range s.Spec.Ports {
		p := s.Spec.Ports[i]
		port := p.TargetPort.IntVal
		if port == 0 {
			port = p.Port
		}
		out = append(out, discoveryv1.EndpointPort{Name: &p.Name, Port: &port, Protocol: &p.Protocol, AppProtocol: p.AppProtocol})
	}
	return out
}

func endpointsOf(pod *corev1.Pod, family discoveryv1.AddressType) []discoveryv1.Endpoint {
	var out []discoveryv1.Endpoint
	yes, no := true, false
	for _, ip := range pod.Status.PodIPs {
		addr, err := netip.ParseAddr(ip.IP)
		if err != nil || addr.Is4() != (family == discoveryv1.AddressTypeIPv4) {
			continue
		}
		out = append(out, discoveryv1.Endpoint{Addresses: []string{ip.IP}, NodeName: &pod.Spec.NodeName,
			Conditions: discoveryv1.EndpointConditions{Ready: &yes, Serving: &yes, Terminating: &no},
			TargetRef:  &corev1.ObjectReference{Kind: "Pod", Namespace: pod.Namespace, Name: pod.Name, UID: pod.UID}})
	}
	return out
}

// dropSlices removes the EndpointSlices of Services that are gone.
func (c *Cluster) dropSlices(ctx context.Context, alive map[types.UID]bool) error {
	list := &discoveryv1.EndpointSliceList{}
	if err := c.store.List(ctx, list); err != nil {
		return err
	}
	for i := range list.Items {
		if _, orphan := ownedBy(&list.Items[i], "Service", alive); orphan {
			if err := c.store.Delete(ctx, &list.Items[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
