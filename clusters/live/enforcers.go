package live

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/netfate/netfate/clusters/apply"
)

// Enforcers returns a control.Options.Enforcers of a cluster: the pods of DaemonSets that may change a node's network,
// such as a network's agent, kube-proxy and ztunnel, with the containers that run in them. Its error is the API's, or
// names a DaemonSet of which a pod is missing, not ready or leaving.
func Enforcers(c *apply.Client) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		sets, err := c.List(ctx, schema.GroupVersionKind{Group: "apps", Version: "v1", Kind: "DaemonSet"}, "", "")
		if err != nil {
			return "", err
		}
		pods := map[string][]unstructured.Unstructured{} // by namespace
		var state []string
		for i := range sets {
			if !ofNetwork(&sets[i]) {
				continue
			}
			ns := sets[i].GetNamespace()
			if pods[ns] == nil {
				if pods[ns], err = c.List(ctx, schema.GroupVersionKind{Version: "v1", Kind: "Pod"}, ns, ""); err != nil {
					return "", err
				}
			}
			running, err := instances(&sets[i], pods[ns])
			if err != nil {
				return "", err
			}
			state = append(state, running...)
		}
		slices.Sort(state)
		return strings.Join(state, "\n"), nil
	}
}

// ofNetwork tells a DaemonSet whose pods may change a node's network: they are on it, or may administer one.
func ofNetwork(set *unstructured.Unstructured) bool {
	spec, _, _ := unstructured.NestedMap(set.Object, "spec", "template", "spec")
	if spec["hostNetwork"] == true {
		return true
	}
	containers, _, _ := unstructured.NestedSlice(spec, "containers")
	return slices.ContainsFunc(containers, func(item any) bool {
		one, ok := item.(map[string]any)
		if !ok {
			return false
		}
		privileged, _, _ := unstructured.NestedBool(one, "securityContext", "privileged")
		added, _, _ := unstructured.NestedStringSlice(one, "securityContext", "capabilities", "add")
		return privileged || slices.Contains(added, "NET_ADMIN") || slices.Contains(added, "ALL")
	})
}

// instances returns what runs of a DaemonSet, a text for each container.
func instances(set *unstructured.Unstructured, pods []unstructured.Unstructured) ([]string, error) {
	wanted, _, _ := unstructured.NestedInt64(set.Object, "status", "desiredNumberScheduled")
	var out []string
	ready := int64(0)
	for i := range pods {
		owners := pods[i].GetOwnerReferences()
		if len(owners) == 0 || owners[0].UID != set.GetUID() {
			continue
		}
		if isReady(&pods[i]) && pods[i].GetDeletionTimestamp() == nil {
			ready++
		}
		containers, _, _ := unstructured.NestedSlice(pods[i].Object, "status", "containerStatuses")
		for _, item := range containers {
			if one, ok := item.(map[string]any); ok {
				out = append(out, fmt.Sprintf("%s %v %v", pods[i].GetUID(), one["name"], one["containerID"]))
			}
		}
	}
	if ready < wanted {
		return nil, fmt.Errorf("%s: %d of %d pods are ready", apply.Title(set), ready, wanted)
	}
	return out, nil
}

func isReady(pod *unstructured.Unstructured) bool {
	conditions, _, _ := unstructured.NestedSlice(pod.Object, "status", "conditions")
	return slices.ContainsFunc(conditions, func(item any) bool {
		one, ok := item.(map[string]any)
		return ok && one["type"] == "Ready" && one["status"] == "True"
	})
}
