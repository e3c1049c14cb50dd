package gatewayconformance

import (
	"context"
	"reflect"
	"strconv"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
)

// Client returns the client by which the suite sees the cluster: what it writes
// goes to the store and wakes the controllers, what it reads carries the status
// that netfate computes of the objects in the store.
func (c *Cluster) Client() client.WithWatch {
	return interceptor.NewClient(c.store, interceptor.Funcs{
		Create: func(ctx context.Context, s client.WithWatch, obj client.Object, opts ...client.CreateOption) error {
			c.mu.Lock()
			defer c.mu.Unlock()
			return c.create(ctx, s, obj, opts...)
		},
		Update: func(ctx context.Context, s client.WithWatch, obj client.Object, opts ...client.UpdateOption) error {
			return c.change(ctx, obj, func() error { return s.Update(ctx, obj, opts...) })
		},
		Patch: func(ctx context.Context, s client.WithWatch, obj client.Object, p client.Patch, opts ...client.PatchOption) error {
			return c.change(ctx, obj, func() error { return s.Patch(ctx, obj, p, opts...) })
		},
		Delete: func(ctx context.Context, s client.WithWatch, obj client.Object, opts ...client.DeleteOption) error {
			c.mu.Lock()
			defer c.mu.Unlock()
			if err := s.Delete(ctx, obj, opts...); err != nil {
				return err
			}
			return c.wake(ctx, obj)
		},
		Get: func(ctx context.Context, s client.WithWatch, key client.ObjectKey, obj client.Object, opts ...client.GetOption) error {
			if err := s.Get(ctx, key, obj, opts...); err != nil {
				return err
			}
			return c.withStatus(ctx, obj)
		},
		List: func(ctx context.Context, s client.WithWatch, list client.ObjectList, opts ...client.ListOption) error {
			if err := s.List(ctx, list, opts...); err != nil {
				return err
			}
			return meta.EachListItem(list, func(o runtime.Object) error { return c.withStatus(ctx, o.(client.Object)) })
		},
	})
}

// create stores a new object as the API server does; the lock is held.
func (c *Cluster) create(ctx context.Context, s client.WithWatch, obj client.Object, opts ...client.CreateOption) error {
	obj.SetCreationTimestamp(c.birth())
	obj.SetUID(types.UID(strconv.Itoa(c.born)))
	obj.SetGeneration(1)
	if err := s.Create(ctx, obj, opts...); err != nil {
		return err
	}
	if err := c.admit(ctx, obj, nil); err != nil {
		return err
	}
	return c.wake(ctx, obj)
}

// change runs a write of an existing object.
func (c *Cluster) change(ctx context.Context, obj client.Object, write func() error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	before, err := c.asMap(ctx, obj)
	if err != nil {
		return err
	}
	if err := write(); err != nil {
		return err
	}
	if err := c.admit(ctx, obj, before); err != nil {
		return err
	}
	return c.wake(ctx, obj)
}

// admit does to an object just written what the API server does: defaults, no
// status but the one of its own subresource, and a new generation where the
// specification is another than before. The caller's object follows.
func (c *Cluster) admit(ctx context.Context, obj client.Object, before *unstructured.Unstructured) error {
	u, err := c.asMap(ctx, obj)
	if err != nil {
		return err
	}
	was := u.DeepCopy()
	if c.schemas.fill(u.GroupVersionKind(), u.Object) {
		delete(u.Object, "status")
	}
	if before != nil {
		u.SetGeneration(before.GetGeneration())
		u.SetCreationTimestamp(before.GetCreationTimestamp())
		u.SetUID(before.GetUID())
		if !reflect.DeepEqual(before.Object["spec"], u.Object["spec"]) {
			u.SetGeneration(before.GetGeneration() + 1)
		}
	}
	if !reflect.DeepEqual(was.Object, u.Object) {
		if err := c.store.Update(ctx, u); err != nil {
			return err
		}
	}
	return c.store.Get(ctx, client.ObjectKeyFromObject(obj), obj)
}

// wake runs the controllers after a write of what one of them looks at; the lock is held.
func (c *Cluster) wake(ctx context.Context, obj client.Object) error {
	c.version++
	gvk, err := c.store.GroupVersionKindFor(obj)
	if err != nil {
		return err
	}
	switch gvk.Kind {
	case "Namespace", "Deployment", "Service", "Gateway", "ListenerSet":
		return c.reconcile(ctx)
	}
	return nil
}

// missing tells whether an error says that an object does not exist.
func missing(err error) bool { return apierrors.IsNotFound(err) }
