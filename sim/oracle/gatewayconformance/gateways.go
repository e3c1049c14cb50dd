package gatewayconformance

import (
	"context"
	"fmt"
	"maps"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// gateways provides for every Gateway of the suite's class what a controller
// provides (GEP-1762): a ServiceAccount, a pod and a Service of type LoadBalancer,
// with the Gateway's name and its infrastructure's labels on each. Whether the
// Gateway serves is for netfate to say.
func (c *Cluster) gateways(ctx context.Context) error {
	list := &gatewayv1.GatewayList{}
	if err := c.store.List(ctx, list); err != nil {
		return err
	}
	alive := map[types.UID]bool{}
	for i := range list.Items {
		g := &list.Items[i]
		if g.Spec.GatewayClassName != ClassName {
			continue
		}
		alive[g.UID] = true
		if err := c.provide(ctx, g); err != nil {
			return err
		}
	}
	if err := c.collect(ctx, "Gateway", alive); err != nil {
		return err
	}
	return c.dropProvided(ctx, alive)
}

func (c *Cluster) provide(ctx context.Context, g *gatewayv1.Gateway) error {
	account := &corev1.ServiceAccount{ObjectMeta: provided(g)}
	if err := c.put(ctx, account); err != nil {
		return err
	}
	pod := &corev1.Pod{ObjectMeta: provided(g), Spec: corev1.PodSpec{ServiceAccountName: account.Name, Containers: []corev1.Container{{Name: "proxy", Image: "proxy"}}}}
	if err := c.podUnlessThere(ctx, pod); err != nil {
		return err
	}
	service := &corev1.Service{}
	err := c.store.Get(ctx, types.NamespacedName{Namespace: account.Namespace, Name: account.Name}, service)
	if err != nil && !missing(err) {
		return err
	}
	ports, err2 := c.portsOf(ctx, g)
	if err2 != nil {
		return err2
	}
	if err == nil {
		service.Labels, service.Spec.Ports = account.Labels, ports
		return c.put(ctx, service)
	}
	service.ObjectMeta, service.Spec.Ports = provided(g), ports
	service.Spec.Type = corev1.ServiceTypeLoadBalancer
	service.Spec.Selector = map[string]string{gatewayv1.GatewayNameLabelKey: g.Name}
	service.Status.LoadBalancer.Ingress = []corev1.LoadBalancerIngress{{IP: c.loopback()}}
	return c.put(ctx, service)
}

// loopback allocates the address that a Gateway is reached at. It is one of this
// machine, so that what the suite dials by itself can be answered.
func (c *Cluster) loopback() string {
	c.born++
	return fmt.Sprintf("127.77.%d.%d", c.born/250, c.born%250+1)
}

// providedName is the name of what a Gateway has, cut to what a Service may have.
func providedName(gateway string) string {
	name := gateway + "-" + ClassName
	if len(name) <= 63 {
		return name
	}
	return fmt.Sprintf("%s-%08x", name[:54], sum(name))
}

func provided(g *gatewayv1.Gateway) metav1.ObjectMeta {
	m := metav1.ObjectMeta{Namespace: g.Namespace, Name: providedName(g.Name),
		Labels: map[string]string{}, Annotations: map[string]string{}, OwnerReferences: []metav1.OwnerReference{owner("Gateway", "gateway.networking.k8s.io/v1", g)}}
	if in := g.Spec.Infrastructure; in != nil {
		for k, v := range in.Labels {
			m.Labels[string(k)] = string(v)
		}
		for k, v := range in.Annotations {
			m.Annotations[string(k)] = string(v)
		}
	}
	maps.Copy(m.Labels, map[string]string{gatewayv1.GatewayNameLabelKey: g.Name})
	return m
}

// portsOf are the ports of a Gateway's own listeners and of its ListenerSets'.
func (c *Cluster) portsOf(ctx context.Context, g *gatewayv1.Gateway) ([]corev1.ServicePort, error) {
	ports := &portSet{seen: map[string]bool{}}
	for _, l := range g.Spec.Listeners {
		ports.add(l.Protocol, l.Port)
	}
	sets := &gatewayv1.ListenerSetList{}
	if err := c.store.List(ctx, sets); err != nil {
		return nil, err
	}
	for i := range sets.Items {
		s := &sets.Items[i]
		if string(s.Spec.ParentRef.Name) != g.Name {
			continue
		}
		for _, l := range s.Spec.Listeners {
			ports.add(l.Protocol, l.Port)
		}
	}
	return ports.list, nil
}

type portSet struct {
	seen map[string]bool
	list []corev1.ServicePort
}

func (s *portSet) add(protocol gatewayv1.ProtocolType, port gatewayv1.PortNumber) {
	p := corev1.ProtocolTCP
	if protocol == gatewayv1.UDPProtocolType {
		p = corev1.ProtocolUDP
	}
	name := fmt.Sprintf("port-%d", port)
	if p == corev1.ProtocolUDP {
		name = fmt.Sprintf("udp-%d", port)
	}
	if s.seen[name] {
		return
	}
	s.seen[name] = true
	s.list = append(s.list, corev1.ServicePort{Name: name, Protocol: p, Port: int32(port), TargetPort: intstr.FromInt32(int32(port))})
}

// dropProvided removes what Gateways had that are gone.
func (c *Cluster) dropProvided(ctx context.Context, alive map[types.UID]bool) error {
	services, accounts := &corev1.ServiceList{}, &corev1.ServiceAccountList{}
	if err := c.store.List(ctx, services); err != nil {
		return err
	}
	for i := range services.Items {
		if _, orphan := ownedBy(&services.Items[i], "Gateway", alive); orphan {
			if err := c.store.Delete(ctx, &services.Items[i]); err != nil {
				return err
			}
		}
	}
	if err := c.store.List(ctx, accounts); err != nil {
		return err
	}
	for i := range accounts.Items {
		if _, orphan := ownedBy(&accounts.Items[i], "Gateway", alive); orphan {
			if err := c.store.Delete(ctx, &accounts.Items[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
