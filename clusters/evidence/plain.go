package evidence

import (
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
)

// kindOf returns the kind of an object, as readers want it.
func kindOf(o *model.Object) policyapi.Kind {
	gv, err := schema.ParseGroupVersion(o.APIVersion)
	if err != nil {
		return policyapi.Kind{Kind: o.Kind}
	}
	return policyapi.Kind{Group: gv.Group, Version: gv.Version, Kind: o.Kind, Namespaced: o.Namespace != ""}
}

// plain keeps of an object what a verdict may depend on.
func plain(kind string, o map[string]any) map[string]any {
	out := map[string]any{"apiVersion": o["apiVersion"], "kind": kind, "metadata": some(o["metadata"], "name", "namespace", "labels")}
	switch kind {
	case "Node":
		meta := out["metadata"].(map[string]any)
		meta["labels"] = some(meta["labels"], "kubernetes.io/hostname", "node-role.kubernetes.io/control-plane")
		out["spec"] = some(o["spec"], "podCIDR", "podCIDRs")
		out["status"] = some(o["status"], "addresses")
	case "Pod":
		spec := some(o["spec"], "nodeName", "hostNetwork")
		spec["containers"] = containers(o["spec"])
		out["spec"] = spec
		out["status"] = some(o["status"], "phase", "podIP", "podIPs", "hostIP")
	case "Namespace":
	case "Service":
		out["spec"] = some(o["spec"], "selector", "ports", "clusterIP", "clusterIPs", "type")
	default:
		out["spec"] = o["spec"]
		if o["specs"] != nil {
			out["specs"] = o["specs"]
		}
	}
	return out
}

// some returns the fields of a map that are there.
func some(v any, names ...string) map[string]any {
	m, _ := v.(map[string]any)
	out := map[string]any{}
	for _, n := range names {
		if m[n] != nil {
			out[n] = m[n]
		}
	}
	return out
}

// containers keeps the names and ports, without what is the agent's.
func containers(spec any) []any {
	m, _ := spec.(map[string]any)
	list, _ := m["containers"].([]any)
	var out []any
	for _, c := range list {
		one := some(c, "name", "ports")
		if image, ok := c.(map[string]any)["image"].(string); ok {
			one["image"], _, _ = strings.Cut(image, ":") // its tag is another one with every build
		}
		out = append(out, one)
	}
	return out
}
