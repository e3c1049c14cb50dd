package apply

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Workload names what is waited for.
type Workload struct{ Kind, Namespace, Name string }

// String returns "DaemonSet kube-system/cilium".
func (w Workload) String() string { return fmt.Sprintf("%s %s/%s", w.Kind, w.Namespace, w.Name) }

func (w Workload) object() *unstructured.Unstructured {
	o := &unstructured.Unstructured{}
	o.SetGroupVersionKind(schema.GroupVersionKind{Group: "apps", Version: "v1", Kind: w.Kind})
	o.SetNamespace(w.Namespace)
	o.SetName(w.Name)
	return o
}

// Workloads returns those among objects that can be waited for.
func Workloads(objects []*unstructured.Unstructured) []Workload {
	var out []Workload
	for _, o := range objects {
		switch o.GetKind() {
		case "DaemonSet", "Deployment", "StatefulSet":
			out = append(out, Workload{o.GetKind(), o.GetNamespace(), o.GetName()})
		}
	}
	return out
}

// Wait waits until every pod of the workloads is ready in its newest form. progress,
// if not nil, is told what is waited for. The error says what holds up the first
// that is not: the containers' own reasons.
func (c *Client) Wait(ctx context.Context, timeout time.Duration, list []Workload, progress func(string)) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for _, w := range list {
		said := ""
		for {
			state, ok, err := c.state(ctx, w)
			if ok {
				break
			}
			if err != nil {
				state = err.Error()
			}
			if text := fmt.Sprintf("waiting for %s: %s", w, state); progress != nil && text != said && ctx.Err() == nil {
				progress(text)
				said = text
			}
			if err := sleep(ctx, time.Second); err != nil {
				if errors.Is(err, context.DeadlineExceeded) {
					return fmt.Errorf("%s is not ready after %s: %s", w, timeout, c.whatHolds(w, state)) //nolint:contextcheck // ctx is over
				}
				return err
			}
		}
	}
	return nil
}

// state says how far a workload is.
func (c *Client) state(ctx context.Context, w Workload) (text string, ready bool, err error) {
	o, err := c.Get(ctx, w.object())
	if err != nil {
		return "", false, err
	}
	n := func(path ...string) int64 {
		v, _, _ := unstructured.NestedInt64(o.Object, path...)
		return v
	}
	want, have, updated := n("status", "desiredNumberScheduled"), n("status", "numberReady"), n("status", "updatedNumberScheduled")
	if w.Kind != "DaemonSet" {
		want, have, updated = n("spec", "replicas"), n("status", "readyReplicas"), n("status", "updatedReplicas")
	}
	current := n("status", "observedGeneration") >= o.GetGeneration()
	if w.Kind == "DaemonSet" && want == 0 {
		current = false // its controller has not seen it yet
	}
	return fmt.Sprintf("%d of %d ready", have, want), current && have >= want && updated >= want, nil
}

// whatHolds collects the reasons of the pods of a workload.
func (c *Client) whatHolds(w Workload, state string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	pods, err := c.List(ctx, schema.GroupVersionKind{Version: "v1", Kind: "Pod"}, w.Namespace, "")
	if err != nil {
		return state
	}
	for i := range pods {
		if strings.HasPrefix(pods[i].GetName(), w.Name+"-") {
			if why := Why(&pods[i]); why != "" {
				return fmt.Sprintf("%s; pod %s: %s", state, pods[i].GetName(), why)
			}
		}
	}
	return state
}

// Why says why a pod is not ready, "" where it is or nothing is known.
func Why(pod *unstructured.Unstructured) string {
	for _, list := range []string{"initContainerStatuses", "containerStatuses"} {
		items, _, _ := unstructured.NestedSlice(pod.Object, "status", list)
		for _, item := range items {
			m, ok := item.(map[string]any)
			if !ok {
				continue
			}
			for _, state := range []string{"waiting", "terminated"} {
				reason, _, _ := unstructured.NestedString(m, "state", state, "reason")
				message, _, _ := unstructured.NestedString(m, "state", state, "message")
				if reason != "" && reason != "Completed" && reason != "PodInitializing" {
					return strings.TrimSpace(fmt.Sprintf("container %v: %s %s", m["name"], reason, message))
				}
			}
		}
	}
	if condition(pod, "PodScheduled") == "False" {
		return "it finds no node"
	}
	return ""
}
