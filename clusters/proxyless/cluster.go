package proxyless

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"

	"github.com/netfate/netfate/clusters/apply"
	"github.com/netfate/netfate/clusters/control"
	"github.com/netfate/netfate/clusters/install"
	"github.com/netfate/netfate/clusters/live"
	"github.com/netfate/netfate/clusters/observation"
)

const (
	owner     = "mesh-suite" // of all that is made
	container = "main"       // of every workload
	program   = "/workload"
	startUp   = 2 * time.Minute // of all pods
	looking   = 200 * time.Millisecond
)

// Cluster is a cluster that "netfate live up" made with istiod in it.
type Cluster struct {
	Facts observation.Facts // what it says of itself

	c    *apply.Client
	exec *control.Exec
}

// Connect reads what a cluster says of itself. The error says that it has no istiod for workloads without proxies.
func Connect(ctx context.Context, config *rest.Config) (*Cluster, error) {
	c, err := apply.New(config)
	if err != nil {
		return nil, err
	}
	exec, err := control.NewExecOf(config, program, "call")
	if err != nil {
		return nil, err
	}
	s, ok, err := live.ReadState(ctx, c)
	switch {
	case err != nil:
		return nil, err
	case !ok || s.Mesh != "istio-proxyless":
		return nil, fmt.Errorf("want a cluster of netfate live up --mesh istio-proxyless, and its mesh is %q", s.Mesh)
	}
	s.Nodes = nil // no case depends on them
	return &Cluster{Facts: s.Facts, c: c, exec: exec}, nil
}

// make makes objects be there, in their order, and returns those that are, for Cluster.remove, also after an error.
func (c *Cluster) make(ctx context.Context, objects []*unstructured.Unstructured) ([]*unstructured.Unstructured, error) {
	var out []*unstructured.Unstructured
	for _, o := range objects {
		made, err := c.c.Apply(ctx, owner, []*unstructured.Unstructured{o})
		if err != nil {
			return out, err
		}
		out = append(out, made...)
	}
	return out, nil
}

// policies makes what a text of manifests says.
func (c *Cluster) policies(ctx context.Context, text string) ([]*unstructured.Unstructured, error) {
	list, err := install.Decode([]byte(text))
	if err != nil {
		return nil, err
	}
	return c.make(ctx, list)
}

func (c *Cluster) remove(ctx context.Context, objects []*unstructured.Unstructured) error {
	return c.c.Delete(ctx, objects)
}

// address waits until a pod is ready and returns its address.
func (c *Cluster) address(ctx context.Context, pod *unstructured.Unstructured) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, startUp)
	defer cancel()
	for {
		have, err := c.c.Get(ctx, pod)
		if err == nil {
			ip, _, _ := unstructured.NestedString(have.Object, "status", podIPField)
			if ip != "" && isReady(have) {
				return ip, nil
			}
			err = errors.New(apply.Why(have))
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("%s is not ready after %s: %w", apply.Title(pod), startUp, err)
		case <-time.After(looking):
		}
	}
}

func isReady(pod *unstructured.Unstructured) bool {
	list, _, _ := unstructured.NestedSlice(pod.Object, "status", "conditions")
	for _, item := range list {
		if m, ok := item.(map[string]any); ok && m["type"] == "Ready" {
			return m["status"] == "True"
		}
	}
	return false
}

// callFrom makes calls from a pod and returns their outcomes by ID.
func (c *Cluster) callFrom(ctx context.Context, pod string, calls []call) (map[string]outcome, error) {
	in, err := json.Marshal(calls)
	if err != nil {
		return nil, err
	}
	ns, name, _ := strings.Cut(pod, "/")
	var text bytes.Buffer
	if err := c.exec.Session(ctx, ns, name, container, bytes.NewReader(in), &text); err != nil {
		return nil, err
	}
	out := map[string]outcome{}
	for line := range bytes.Lines(text.Bytes()) {
		var o outcome
		if err := json.Unmarshal(line, &o); err != nil {
			return nil, fmt.Errorf("from %s: %q: %w", pod, line, err)
		}
		out[o.ID] = o
	}
	return out, nil
}
