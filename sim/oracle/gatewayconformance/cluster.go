package gatewayconformance

import (
	"context"
	"fmt"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/netfate/netfate/sim"
)

// Cluster is a cluster of objects alone: a store, the controllers without which
// the suite's workloads would not come up, and netfate in the place of the
// gateways and the mesh. It is safe for concurrent use.
type Cluster struct {
	store   client.WithWatch
	scheme  *runtime.Scheme
	schemas schemas

	mu       sync.Mutex
	born     int // objects created so far; each is a second younger than the one before
	version  int // of the store's contents
	answered *answers
	picks    map[string]*turns
	echoed   map[types.NamespacedName][]string
	plane    *dataPlane
}

// answers is what netfate makes of one version of the store.
type answers struct {
	version int
	sim     *sim.Simulator
	status  statuses
}

// NewCluster returns a cluster that knows the Gateway API's custom resources, in
// which nothing is but the namespaces that every cluster has.
func NewCluster(ctx context.Context) (*Cluster, error) {
	scheme, err := newScheme()
	if err != nil {
		return nil, err
	}
	all, err := readSchemas()
	if err != nil {
		return nil, err
	}
	c := &Cluster{scheme: scheme, schemas: all, store: fake.NewClientBuilder().WithScheme(scheme).
		// A tracker of one's own keeps no managed fields, which nobody asks for.
		WithObjectTracker(testing.NewObjectTracker(scheme, serializer.NewCodecFactory(scheme).UniversalDecoder())).Build(),
		picks: map[string]*turns{}, echoed: map[types.NamespacedName][]string{}}
	c.plane = newDataPlane(c)
	for _, crd := range all.resources {
		if err := c.store.Create(ctx, crd); err != nil {
			return nil, fmt.Errorf("custom resource %s: %w", crd.GetName(), err)
		}
	}
	for _, name := range []string{"default", "kube-system"} {
		if err := c.create(ctx, c.store, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// birth is the time at which the next object is created: the API's rules of age
// need an order that does not hang on the machine's speed.
func (c *Cluster) birth() metav1.Time {
	c.born++
	return metav1.NewTime(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(c.born) * time.Second))
}

// asMap reads an object as the store has it; its kind must be known to the scheme.
func (c *Cluster) asMap(ctx context.Context, obj client.Object) (*unstructured.Unstructured, error) {
	gvk, err := c.store.GroupVersionKindFor(obj)
	if err != nil {
		return nil, err
	}
	u := &unstructured.Unstructured{}
	u.SetGroupVersionKind(gvk)
	return u, c.store.Get(ctx, client.ObjectKeyFromObject(obj), u)
}
