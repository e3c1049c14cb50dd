package live

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/netfate/netfate/clusters/apply"
	"github.com/netfate/netfate/clusters/mirror"
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// toApply returns an object as it is applied: a pod with the agent in it, others as they are.
func (b *Bench) toApply(o *model.Object) (*unstructured.Unstructured, error) {
	content, ok := o.Root.Any().(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s: it is no object", o.Ref)
	}
	u := apply.Clean(&unstructured.Unstructured{Object: content})
	switch o.Kind {
	case "Pod":
		return b.pod(u, o)
	case "Service":
		for _, f := range []string{"clusterIP", "clusterIPs"} {
			if v := o.Root.At("spec", "clusterIP").Str(); v != "None" {
				unstructured.RemoveNestedField(u.Object, "spec", f)
			}
		}
	}
	return u, nil
}

// pod makes the pod that stands for one: same name, labels, ports and node; its
// only container is the agent.
func (b *Bench) pod(u *unstructured.Unstructured, o *model.Object) (*unstructured.Unstructured, error) {
	declared, tcp, udp := ports(o.Root.At("spec", "containers"))
	args := []any{"serve", "--keep-going", "--tcp", joined(append(tcp, b.o.TCP...)), "--udp", joined(append(udp, b.o.UDP...))}
	spec := map[string]any{
		"terminationGracePeriodSeconds": int64(0), "automountServiceAccountToken": false, "enableServiceLinks": false,
		"tolerations": []any{map[string]any{"operator": "Exists"}},
		"containers": []any{map[string]any{
			"name": mirror.Container, "image": b.o.Image, "imagePullPolicy": "IfNotPresent", "args": args, "ports": declared,
			"env": []any{map[string]any{"name": "NETFATE_ID", "value": o.Namespace + "/" + o.Name}},
		}},
	}
	if on, _ := o.Root.At("spec", "hostNetwork").Any().(bool); on {
		spec["hostNetwork"] = true
	} else {
		spec["securityContext"] = map[string]any{"sysctls": []any{mirror.Pings()}}
	}
	if node := o.Root.At("spec", "nodeName").Str(); node != "" {
		at, err := b.nodeFor(node)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.Ref, err)
		}
		spec["nodeName"] = at
	}
	u.Object["spec"] = spec
	return u, nil
}

// ports returns the ports that the containers of a pod declare, and their numbers.
func ports(containers *manifest.Node) (declared []any, tcp, udp []uint16) {
	declared = []any{}
	for i := range items(containers) {
		list := items(containers.Items[i].Get("ports"))
		for j := range list {
			p := &list[j]
			number, ok := p.Get("containerPort").Any().(int64)
			if !ok || number < 1 || number > 65535 {
				continue // the API server has refused it, or will
			}
			one := map[string]any{"containerPort": number, "protocol": "TCP"}
			for _, f := range []string{"name", "protocol"} {
				if text := p.Get(f).Str(); text != "" {
					one[f] = text
				}
			}
			declared = append(declared, one)
			switch one["protocol"] {
			case "TCP":
				tcp = append(tcp, uint16(number))
			case "UDP":
				udp = append(udp, uint16(number))
			}
		}
	}
	return declared, tcp, udp
}

// items are those of a list, none of anything else.
func items(n *manifest.Node) []manifest.Node {
	if n == nil || n.Kind != manifest.List {
		return nil
	}
	return n.Items
}

func joined(list []uint16) string {
	set := map[uint16]bool{}
	for _, p := range list {
		set[p] = true
	}
	var out []string
	for _, p := range slices.Sorted(maps.Keys(set)) {
		out = append(out, strconv.Itoa(int(p)))
	}
	return strings.Join(out, ",")
}

// readNodes reads the cluster's nodes, workers before the control plane.
func (b *Bench) readNodes(ctx context.Context) error {
	list, err := b.c.List(ctx, schema.GroupVersionKind{Version: "v1", Kind: "Node"}, "", "")
	if err != nil {
		return err
	}
	for i := range list {
		b.nodes = append(b.nodes, &list[i])
	}
	controls := func(n *unstructured.Unstructured) int {
		if _, ok := n.GetLabels()["node-role.kubernetes.io/control-plane"]; ok {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(b.nodes, func(x, y *unstructured.Unstructured) int { return controls(x) - controls(y) })
	if len(b.nodes) == 0 {
		return errors.New("the cluster has no nodes")
	}
	return nil
}

// nodeFor returns the cluster's node that stands for one of the objects: itself if
// it is there; of "n1", "n2", … the first, the second.
func (b *Bench) nodeFor(name string) (string, error) {
	for _, n := range b.nodes {
		if n.GetName() == name {
			return name, nil
		}
	}
	if i, err := strconv.Atoi(strings.TrimPrefix(name, "n")); err == nil && i >= 1 && i <= len(b.nodes) {
		return b.nodes[i-1].GetName(), nil
	}
	return "", fmt.Errorf("the cluster has no node %s", name)
}

// starting is how many pods start at a time: more of them make each other slow, until none is ready in time.
const starting = 24

// running waits until every pod of the bench has an address and is ready.
func (b *Bench) running(ctx context.Context) error { return b.atMost(ctx, 0) }

// atMost waits until no more than so many pods of the bench are still to be ready. It gives
// up when none more became ready for the bench's time, however many there are.
func (b *Bench) atMost(ctx context.Context, most int) error {
	least, since := -1, time.Now()
	for {
		n, why, err := b.refresh(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil && n <= most:
			return nil
		case err != nil:
			why = err.Error()
		case least < 0 || n < least:
			least, since = n, time.Now()
		}
		if time.Since(since) > b.o.Timeout {
			return fmt.Errorf("pods are not ready: none more for %s, with %d to come: %s", b.o.Timeout, n, why)
		}
		if err := pause(ctx, 200*time.Millisecond); err != nil {
			return err
		}
	}
}

// refresh reads the pods where one was not ready, and says how many are not, and why one of them.
func (b *Bench) refresh(ctx context.Context) (n int, why string, err error) {
	if n, _ = b.unready(); n == 0 {
		return 0, "", nil
	}
	list, err := b.c.List(ctx, schema.GroupVersionKind{Version: "v1", Kind: "Pod"}, "", apply.OwnerLabel+"="+b.owner)
	if err != nil {
		return n, "", err
	}
	for i := range list {
		if e := b.have[key(&list[i])]; e != nil && e.now.GetUID() == list[i].GetUID() {
			e.now = &list[i]
		}
	}
	n, why = b.unready()
	return n, why, nil
}

// unready counts the pods that were not ready when they were read, and says why one of them is not.
func (b *Bench) unready() (n int, why string) {
	for k, e := range b.have {
		if e.now.GetKind() == "Pod" && !ready(e.now) {
			n++
			why = strings.TrimSpace(k + " " + apply.Why(e.now))
		}
	}
	return n, why
}

func ready(pod *unstructured.Unstructured) bool {
	if gates, _, _ := unstructured.NestedSlice(pod.Object, "spec", "readinessGates"); len(gates) > 0 {
		phase, _, _ := unstructured.NestedString(pod.Object, "status", "phase")
		ip, _, _ := unstructured.NestedString(pod.Object, "status", "podIP")
		return phase == "Running" && ip != "" // it is never to be ready
	}
	ip, _, _ := unstructured.NestedString(pod.Object, "status", "podIP")
	return ip != "" && isReady(pod)
}
