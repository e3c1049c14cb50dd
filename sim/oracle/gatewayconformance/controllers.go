package gatewayconformance

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/gateway-api/conformance/utils/suite"
)

// reconcile runs the controllers that the suite waits for, over all objects; the
// lock is held.
func (c *Cluster) reconcile(ctx context.Context) error {
	for _, run := range []func(context.Context) error{c.namespaces, c.deployments, c.gateways, c.services, c.plane.follow} {
		if err := run(ctx); err != nil {
			return err
		}
	}
	return nil
}

// put stores what a controller makes: new, or in the place of what it made before.
func (c *Cluster) put(ctx context.Context, obj client.Object) error {
	was := obj.DeepCopyObject().(client.Object)
	err := c.store.Get(ctx, client.ObjectKeyFromObject(obj), was)
	switch {
	case missing(err):
		obj.SetCreationTimestamp(c.birth())
		obj.SetUID(types.UID(fmt.Sprint(c.born)))
		return c.store.Create(ctx, obj)
	case err != nil:
		return err
	}
	obj.SetResourceVersion(was.GetResourceVersion())
	obj.SetCreationTimestamp(was.GetCreationTimestamp())
	obj.SetUID(was.GetUID())
	if equality.Semantic.DeepEqual(was, obj) {
		return nil
	}
	return c.store.Update(ctx, obj)
}

// injection is the label by which a namespace asks for the mesh's proxies.
const injection = "istio-injection"

// namespaces puts the label on each namespace that the API server gives it, and on
// those of the suite's mesh tests the one by which they join the mesh, which the
// suite leaves to who runs it.
func (c *Cluster) namespaces(ctx context.Context) error {
	list := &corev1.NamespaceList{}
	if err := c.store.List(ctx, list); err != nil {
		return err
	}
	for i := range list.Items {
		n := &list.Items[i]
		if n.Labels[corev1.LabelMetadataName] == n.Name {
			continue
		}
		if n.Name == suite.MeshNamespace || n.Name == suite.MeshConsumerNamespace {
			metav1.SetMetaDataLabel(&n.ObjectMeta, injection, "enabled")
		}
		metav1.SetMetaDataLabel(&n.ObjectMeta, corev1.LabelMetadataName, n.Name)
		if err := c.store.Update(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// owner is the reference to a controller of an object.
func owner(kind, version string, o client.Object) metav1.OwnerReference {
	yes := true
	return metav1.OwnerReference{APIVersion: version, Kind: kind, Name: o.GetName(), UID: o.GetUID(), Controller: &yes}
}

// ownedBy tells whether an object's controller is of a kind and still exists.
func ownedBy(o client.Object, kind string, alive map[types.UID]bool) (owned, orphan bool) {
	for _, r := range o.GetOwnerReferences() {
		if r.Kind == kind {
			return true, !alive[r.UID]
		}
	}
	return false, false
}
