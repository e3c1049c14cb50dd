package live

import (
	"context"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/netfate/netfate/clusters/apply"
	"github.com/netfate/netfate/sim"
)

// benchOwner begins the owner of all that benches make, before the bench's name.
const benchOwner = "bench-"

// Clean removes what benches of every name left in a cluster, and returns its titles.
// What belongs to the cluster itself stays. A bench at work loses what it works with.
func Clean(ctx context.Context, c *apply.Client) ([]string, error) {
	var out []string
	for _, gvk := range kinds() {
		if served, err := c.Serves(gvk); err != nil || !served {
			if err != nil {
				return out, err
			}
			continue
		}
		items, err := c.List(ctx, gvk, "", apply.OwnerLabel)
		if err != nil {
			return out, err
		}
		var gone []*unstructured.Unstructured
		for i := range items {
			if strings.HasPrefix(items[i].GetLabels()[apply.OwnerLabel], benchOwner) {
				gone = append(gone, &items[i])
			}
		}
		if err := c.Delete(ctx, gone); err != nil {
			return out, err
		}
		for _, o := range gone {
			out = append(out, apply.Title(o))
		}
	}
	return out, nil
}

// kinds are those that a bench may have made, in the order in which they are removed:
// policies of every kind without a namespace, and what namespaces hold and are waited for.
func kinds() []schema.GroupVersionKind {
	var out []schema.GroupVersionKind
	for _, k := range sim.Kinds() {
		if !k.Namespaced && k.Group != "" && k.Group != "apiextensions.k8s.io" {
			out = append(out, schema.GroupVersionKind{Group: k.Group, Version: k.Version, Kind: k.Kind})
		}
	}
	return append(out,
		schema.GroupVersionKind{Group: "networking.k8s.io", Version: "v1", Kind: "NetworkPolicy"},
		schema.GroupVersionKind{Group: "cilium.io", Version: "v2", Kind: "CiliumNetworkPolicy"},
		schema.GroupVersionKind{Group: "cilium.io", Version: "v2", Kind: "CiliumClusterwideNetworkPolicy"},
		schema.GroupVersionKind{Version: "v1", Kind: "Service"},
		schema.GroupVersionKind{Version: "v1", Kind: "Pod"},
		schema.GroupVersionKind{Version: "v1", Kind: "Namespace"},
	)
}
