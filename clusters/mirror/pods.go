package mirror

import (
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/netfate/netfate/sim/model"
)

// nodes spreads the snapshot's nodes over the cluster's.
func (b *builder) nodes() {
	var names []string
	for i := range b.inv.Endpoints {
		e := &b.inv.Endpoints[i]
		name := e.Node
		if e.Kind == model.Node {
			name = e.Name
		}
		if name != "" && e.Cluster == "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for i, name := range names {
		b.m.Nodes[name] = b.o.Nodes[i%len(b.o.Nodes)]
	}
	if len(names) > len(b.o.Nodes) {
		b.lost(nil, "", "%d nodes share the cluster's %d: what differs between pods of one node and of two may differ from the snapshot", len(names), len(b.o.Nodes))
	}
}

// pods makes a pod for each endpoint.
func (b *builder) pods() {
	next := 0
	for i := range b.inv.Endpoints {
		e := &b.inv.Endpoints[i]
		switch {
		case e.Kind == model.Node:
			continue
		case e.Cluster != "":
			b.lost(e.Object, "", "it is in the cluster %s", e.Cluster)
			continue
		case system(e.Namespace):
			b.lost(e.Object, "", "namespace %s belongs to the cluster itself: flows with this pod are not observed", e.Namespace)
			continue
		}
		node := b.m.Nodes[e.Node]
		if node == "" { // not known: in turn
			node = b.o.Nodes[next%len(b.o.Nodes)]
			next++
		}
		p := Pod{
			ID: e.ID(), Namespace: e.Namespace, Name: e.Name, Node: node, HostNetwork: e.HostNetwork, NotReady: e.NotReady, Declared: Declared(e.Object),
		}
		b.serve(&p, e.Object)
		b.namespaces[p.Namespace] = true
		b.accounts[[2]string{p.Namespace, e.ServiceAccount}] = true
		b.m.Pods = append(b.m.Pods, p)
		b.podObjects = append(b.podObjects, b.podObject(&p, e.Labels, e.ServiceAccount))
	}
}

// nodeAgents makes an agent for each node of the cluster.
func (b *builder) nodeAgents() {
	if !b.o.NodeAgents {
		return
	}
	b.namespaces[System] = true
	b.accounts[[2]string{System, "default"}] = true
	for _, node := range b.o.Nodes {
		p := Pod{ID: node, Namespace: System, Name: "node-" + node, Node: node, HostNetwork: true}
		b.serve(&p, nil)
		b.m.NodeAgents = append(b.m.NodeAgents, p)
		b.podObjects = append(b.podObjects, b.podObject(&p, nil, "default"))
	}
}

func (b *builder) podObject(p *Pod, labels model.Labels, account string) *unstructured.Unstructured {
	meta := map[string]any{"name": p.Name, "namespace": p.Namespace, "annotations": map[string]any{Annotation: p.ID}}
	if len(labels) > 0 {
		meta["labels"] = labelMap(labels)
	}
	policy := b.o.PullPolicy
	if policy == "" {
		policy = "IfNotPresent"
	}
	var containers []any
	for i, ports := range p.containers() {
		c := map[string]any{
			"name": containerName(i), "image": b.o.Image, "imagePullPolicy": policy, "args": []any{"serve"},
			"securityContext": p.security(),
		}
		if i == 0 {
			c["args"], c["env"] = p.args(), p.env()
		}
		if len(ports) > 0 {
			c["ports"] = portObjects(ports)
		}
		containers = append(containers, c)
	}
	spec := map[string]any{
		"containers": containers, "nodeName": p.Node, "serviceAccountName": account, "automountServiceAccountToken": false,
		"enableServiceLinks": false, "terminationGracePeriodSeconds": int64(0), "hostNetwork": p.HostNetwork,
		"tolerations": []any{map[string]any{"operator": "Exists"}},
	}
	if !p.HostNetwork {
		spec["securityContext"] = map[string]any{
			"runAsNonRoot": true, "runAsUser": int64(65532), "runAsGroup": int64(65532), "seccompProfile": map[string]any{"type": "RuntimeDefault"},
			"sysctls": []any{map[string]any{"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}, Pings()},
		}
	}
	if p.NotReady {
		spec["readinessGates"] = []any{map[string]any{"conditionType": "netfate.dev/not-ready-in-the-snapshot"}}
	}
	return object("v1", "Pod", meta, "spec", spec)
}

// Pings is the sysctl of a pod, one of those that Kubernetes calls safe and the Pod Security Standard "restricted" takes,
// by which its agent may send echo requests without privileges: all groups may.
func Pings() map[string]any {
	return map[string]any{"name": "net.ipv4.ping_group_range", "value": "0 2147483647"}
}

// security is what the Pod Security Standard "restricted" wants, so that the namespaces' labels can be kept. On a
// node's network there is no sysctl of the pod's own to open low ports.
func (p *Pod) security() map[string]any {
	drop := map[string]any{"drop": []any{"ALL"}}
	if p.HostNetwork {
		drop["add"] = []any{"NET_BIND_SERVICE"}
	}
	return map[string]any{"allowPrivilegeEscalation": false, "capabilities": drop}
}

func (p *Pod) env() []any {
	return []any{
		map[string]any{"name": "NETFATE_ID", "value": p.ID},
		map[string]any{"name": "NODE_NAME", "value": p.Node},
	}
}

func labelMap(labels model.Labels) map[string]any {
	out := make(map[string]any, len(labels))
	for _, l := range labels {
		out[l.Key] = l.Value
	}
	return out
}

func object(version, kind string, meta map[string]any, key string, value any) *unstructured.Unstructured {
	m := map[string]any{"apiVersion": version, "kind": kind, "metadata": meta}
	if key != "" {
		m[key] = value
	}
	return &unstructured.Unstructured{Object: m}
}
