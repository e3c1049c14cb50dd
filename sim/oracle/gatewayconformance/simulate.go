package gatewayconformance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
)

// Names of the implementation that the suite believes to test.
const (
	ClassName      = "netfate"
	ControllerName = "netfate.dev/simulator"
)

// read lists what netfate reads from a cluster, beside the Gateway API's kinds.
func (c *Cluster) read() []schema.GroupVersionKind {
	out := []schema.GroupVersionKind{
		{Version: "v1", Kind: "Namespace"}, {Version: "v1", Kind: "Pod"}, {Version: "v1", Kind: "Service"},
		{Version: "v1", Kind: "ServiceAccount"}, {Version: "v1", Kind: "Secret"}, {Version: "v1", Kind: "ConfigMap"},
		{Group: "apps", Version: "v1", Kind: "Deployment"}, {Group: "discovery.k8s.io", Version: "v1", Kind: "EndpointSlice"},
	}
	for _, crd := range c.schemas.resources {
		for i := range crd.Spec.Versions {
			gvk := schema.GroupVersionKind{Group: crd.Spec.Group, Version: crd.Spec.Versions[i].Name, Kind: crd.Spec.Names.Kind}
			if c.scheme.Recognizes(gvk) { // the store does not convert: each version is a list of its own
				out = append(out, gvk)
			}
		}
	}
	return out
}

// objects returns all objects of the store, without status of the Gateway API's.
func (c *Cluster) objects(ctx context.Context) ([]unstructured.Unstructured, error) {
	var out []unstructured.Unstructured
	for _, gvk := range c.read() {
		list := &unstructured.UnstructuredList{}
		list.SetGroupVersionKind(gvk.GroupVersion().WithKind(gvk.Kind + "List"))
		if err := c.store.List(ctx, list); err != nil {
			return nil, fmt.Errorf("list %s: %w", gvk, err)
		}
		slices.SortFunc(list.Items, func(a, b unstructured.Unstructured) int {
			return bytes.Compare([]byte(a.GetNamespace()+"/"+a.GetName()), []byte(b.GetNamespace()+"/"+b.GetName()))
		})
		out = append(out, list.Items...)
	}
	return out, nil
}

// manifests writes the objects as documents of one stream.
func (c *Cluster) manifests(ctx context.Context) ([]byte, error) {
	list, err := c.objects(ctx)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	for i := range list {
		text, err := json.Marshal(list[i].Object)
		if err != nil {
			return nil, err
		}
		b.WriteString("---\n")
		b.Write(text)
		b.WriteByte('\n')
	}
	return b.Bytes(), nil
}

// ask returns what netfate makes of the cluster as it is now; the lock is held.
func (c *Cluster) ask(ctx context.Context) (*answers, error) {
	if c.answered != nil && c.answered.version == c.version {
		return c.answered, nil
	}
	text, err := c.manifests(ctx)
	if err != nil {
		return nil, err
	}
	snap, err := sim.Load(ctx, collect.Options{Sources: []string{"-"}, Stdin: bytes.NewReader(text)})
	if err != nil {
		return nil, err
	}
	s, err := sim.New(snap, sim.Options{Mesh: "istio-sidecar"})
	if err != nil {
		return nil, err
	}
	for _, p := range append(slices.Clone(snap.Problems), s.Problems()...) {
		// What the API server took, netfate must be able to read.
		if p.Severity == model.Error && p.Rejected {
			return nil, fmt.Errorf("netfate refuses an object of the suite: %w", p)
		}
	}
	c.answered = &answers{version: c.version, sim: s, status: statusOf(s)}
	return c.answered, nil
}
