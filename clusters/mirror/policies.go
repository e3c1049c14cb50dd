package mirror

import (
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
)

// policies takes everything that is not inventory as it is, without what an API server added.
func (b *builder) policies(snap *model.Snapshot) {
	inventory := map[string]bool{}
	for _, k := range collect.InventoryKinds() {
		inventory[k.APIVersion()+" "+k.Kind] = true
	}
	for _, o := range snap.Objects {
		switch {
		case inventory[o.APIVersion+" "+o.Kind], o.Root == nil:
			continue
		case o.Cluster != "":
			b.lost(o, "", "it is in the cluster %s", o.Cluster)
			continue
		case system(o.Namespace):
			b.lost(o, "", "namespace %s belongs to the cluster itself, and its own pods would be concerned", o.Namespace)
			continue
		}
		m, ok := o.Root.Any().(map[string]any)
		if !ok {
			continue
		}
		delete(m, "status")
		m["metadata"] = plainMeta(m["metadata"], o)
		if o.Namespace != "" {
			b.namespaces[o.Namespace] = true
		}
		b.m.Policies = append(b.m.Policies, &unstructured.Unstructured{Object: m})
	}
}

// plainMeta keeps what a person writes.
func plainMeta(meta any, o *model.Object) map[string]any {
	out := map[string]any{"name": o.Name}
	if o.Namespace != "" {
		out["namespace"] = o.Namespace
	}
	m, _ := meta.(map[string]any)
	for _, key := range []string{"labels", "annotations"} {
		if v, ok := m[key].(map[string]any); ok && len(v) > 0 {
			out[key] = v
		}
	}
	return out
}

// namespaceObjects are those that pods, Services or policies are in, and those that others name by label.
func (b *builder) namespaceObjects() []*unstructured.Unstructured {
	labels := map[string]model.Labels{}
	for i := range b.inv.Namespaces {
		n := &b.inv.Namespaces[i]
		if n.Cluster == "" {
			labels[n.Name] = n.Labels
			if n.Object != nil && !system(n.Name) {
				b.namespaces[n.Name] = true
			}
		}
	}
	var out []*unstructured.Unstructured
	for _, name := range slices.Sorted(maps.Keys(b.namespaces)) {
		l := labels[name].With(model.NameLabel, name)
		if name == System {
			l = l.With("pod-security.kubernetes.io/enforce", "privileged") // for agents on the nodes' network
		}
		out = append(out, object("v1", "Namespace", map[string]any{"name": name, "labels": labelMap(l)}, "", nil))
	}
	return out
}

// accountObjects are made before pods, which are refused without theirs.
func (b *builder) accountObjects() []*unstructured.Unstructured {
	keys := slices.SortedFunc(maps.Keys(b.accounts), func(x, y [2]string) int { return slices.Compare(x[:], y[:]) })
	var out []*unstructured.Unstructured
	for _, k := range keys {
		out = append(out, object("v1", "ServiceAccount", map[string]any{"name": k[1], "namespace": k[0]}, "", nil))
	}
	return out
}
