package live

import (
	"errors"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/netfate/netfate/clusters/minimise"
)

func named(kind, namespace, name string) *unstructured.Unstructured {
	o := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": kind}}
	o.SetNamespace(namespace)
	o.SetName(name)
	return o
}

// TestSystemIsLeftAlone: nothing is put into the namespaces of the cluster itself. The
// bench below has no client: a request would panic.
func TestSystemIsLeftAlone(t *testing.T) {
	for _, o := range []*unstructured.Unstructured{
		named("Pod", "kube-system", "a"), named("NetworkPolicy", "kube-public", "a"), named("Namespace", "", "kube-system"), named("Namespace", "", "default"),
	} {
		if err := (&Bench{}).put(t.Context(), []*unstructured.Unstructured{named("Pod", "shop", "a"), o}); !errors.Is(err, minimise.ErrRefused) {
			t.Errorf("%s: %v", key(o), err)
		}
	}
	for _, o := range []*unstructured.Unstructured{named("Pod", "default", "a"), named("Namespace", "", "shop"), named("Pod", "kubernetes", "a")} {
		if system(o) {
			t.Errorf("%s is taken for the cluster's own", key(o))
		}
	}
}

// TestNodeFor: nodes of a case stand for those of the cluster, and one too many is an error.
func TestNodeFor(t *testing.T) {
	b := &Bench{nodes: []*unstructured.Unstructured{named("Node", "", "worker"), named("Node", "", "control-plane")}}
	for name, want := range map[string]string{"worker": "worker", "n1": "worker", "n2": "control-plane", "n3": "", "n0": "", "other": ""} {
		if got, err := b.nodeFor(name); got != want || (err != nil) != (want == "") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// TestOrder: policies go first and namespaces last.
func TestOrder(t *testing.T) {
	order := []string{"NetworkPolicy", "Service", "Pod", "ServiceAccount", "Namespace"}
	for i := range order {
		if got := leaving(named(order[i], "a", "a")); got != i {
			t.Errorf("%s: %d, want %d", order[i], got, i)
		}
	}
}
