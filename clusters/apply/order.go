package apply

import (
	"context"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const rankDefinitions = 1

// rank says when an object is applied: what others need comes first.
func rank(o *unstructured.Unstructured) int {
	switch o.GetKind() {
	case "Namespace":
		return 0
	case "CustomResourceDefinition":
		return rankDefinitions
	case "PriorityClass", "ServiceAccount", "Role", "ClusterRole", "StorageClass":
		return 2
	case "RoleBinding", "ClusterRoleBinding", "ConfigMap", "Secret":
		return 3
	case "Service":
		return 4
	case "Pod", "Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "Job", "CronJob", "ReplicationController":
		return 5
	case "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "APIService":
		return 7
	}
	return 6
}

// establishing is how long the API server may take to serve a new definition.
const establishing = 60 * time.Second

// established waits until the definitions among the objects are served.
func (c *Client) established(ctx context.Context, objects []*unstructured.Unstructured) error {
	ctx, cancel := context.WithTimeout(ctx, establishing)
	defer cancel()
	for _, o := range objects {
		if o.GetKind() != "CustomResourceDefinition" {
			continue
		}
		for {
			have, err := c.Get(ctx, o)
			if err == nil && condition(have, "Established") == "True" {
				break
			}
			if err := sleep(ctx, 100*time.Millisecond); err != nil {
				return fmt.Errorf("%s is not served yet: %w", Title(o), err)
			}
		}
		c.mapper.Reset()
	}
	return nil
}

// condition returns the status of a condition, "" where it is not there.
func condition(o *unstructured.Unstructured, kind string) string {
	list, _, _ := unstructured.NestedSlice(o.Object, "status", "conditions")
	for _, item := range list {
		if m, ok := item.(map[string]any); ok && m["type"] == kind {
			s, _ := m["status"].(string)
			return s
		}
	}
	return ""
}
