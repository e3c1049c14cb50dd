package gatewayconformance

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/gatewayapi"
)

// statuses are the status objects that netfate computes, by kind and name.
type statuses map[statusKey]any

type statusKey struct{ kind, namespace, name string }

// statusOf asks netfate for the status of all objects.
func statusOf(s *sim.Simulator) statuses {
	st := gatewayapi.Statuses(s.Assembly(gatewayapi.Assembler{}.Info()))
	out := statuses{}
	gather(out, st.Classes)
	gather(out, st.Gateways)
	gather(out, st.ListenerSets)
	gather(out, st.Routes)
	gather(out, st.Policies)
	return out
}

func gather[T any](out statuses, list map[model.Ref]T) {
	for ref, status := range list {
		out[statusKey{ref.Kind, ref.Namespace, ref.Name}] = status
	}
}

// withStatus puts the status into an object just read.
func (c *Cluster) withStatus(ctx context.Context, obj client.Object) error {
	gvk, err := c.store.GroupVersionKindFor(obj)
	if err != nil || gvk.Group != gatewayv1.GroupName {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	a, err := c.ask(ctx)
	if err != nil {
		return err
	}
	status, ok := a.status[statusKey{gvk.Kind, obj.GetNamespace(), obj.GetName()}]
	if !ok {
		return nil
	}
	m := map[string]any{}
	if err := convert(status, &m); err != nil {
		return err
	}
	if gvk.Kind == "Gateway" {
		if err := c.addressOf(ctx, obj, m); err != nil {
			return err
		}
	}
	if u, ok := obj.(*unstructured.Unstructured); ok {
		u.Object["status"] = m
		return nil
	}
	return convert(map[string]any{"status": m}, obj)
}

// addressOf adds the address that the Gateway's Service has.
func (c *Cluster) addressOf(ctx context.Context, g client.Object, status map[string]any) error {
	s := &corev1.Service{}
	err := c.store.Get(ctx, types.NamespacedName{Namespace: g.GetNamespace(), Name: providedName(g.GetName())}, s)
	if missing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	status["addresses"] = []any{map[string]any{"type": string(gatewayv1.IPAddressType), "value": s.Status.LoadBalancer.Ingress[0].IP}}
	return nil
}
