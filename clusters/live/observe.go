package live

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/netfate/netfate/clusters/apply"
	"github.com/netfate/netfate/clusters/control"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
)

// Probe tries flows as things stand. It implements campaign.Bench.
func (b *Bench) Probe(ctx context.Context, flows []observation.Flow) ([]observation.Record, error) {
	return b.ctl.Probe(ctx, flows, b.resolve)
}

// resolve finds an end among the bench's objects and the cluster's nodes.
func (b *Bench) resolve(p observation.Party) (control.Target, error) {
	switch p.Kind {
	case observation.KindPod:
		ns, name := split(p.ID)
		e := b.have["Pod "+ns+"/"+name]
		if e == nil {
			return control.Target{}, fmt.Errorf("there is no pod %s", p.ID)
		}
		return target(e.now)
	case observation.KindService:
		return b.service(p.ID)
	case observation.KindNode:
		return b.node(p.ID)
	case observation.KindAddress:
		a, err := netip.ParseAddr(p.Address)
		if err != nil {
			return control.Target{}, fmt.Errorf("%q is no address", p.Address)
		}
		return control.Target{Addresses: []netip.Addr{a}}, nil
	}
	return control.Target{}, fmt.Errorf("a %s cannot be probed", p.Kind)
}

func split(id string) (namespace, name string) {
	for i := range id {
		if id[i] == '/' {
			return id[:i], id[i+1:]
		}
	}
	return "", id
}

// service is a Service with the pods behind it.
func (b *Bench) service(id string) (control.Target, error) {
	ns, name := split(id)
	e := b.have["Service "+ns+"/"+name]
	if e == nil {
		return control.Target{}, fmt.Errorf("there is no Service %s", id)
	}
	text, _, _ := unstructured.NestedString(e.now.Object, "spec", "clusterIP")
	a, err := netip.ParseAddr(text)
	if err != nil {
		return control.Target{}, fmt.Errorf("the Service %s has no cluster address", id)
	}
	return control.Target{Addresses: []netip.Addr{a}, Behind: func(proto string, port uint16) []control.Backend { return b.behind(e.now, proto, port) }}, nil
}

// behind returns the pods behind one port of a Service, from their labels.
func (b *Bench) behind(svc *unstructured.Unstructured, proto string, port uint16) []control.Backend {
	selector, _, _ := unstructured.NestedStringMap(svc.Object, "spec", "selector")
	list, _, _ := unstructured.NestedSlice(svc.Object, "spec", "ports")
	var out []control.Backend
	for _, k := range slices.Sorted(maps.Keys(b.have)) {
		pod := b.have[k].now
		if pod.GetKind() != "Pod" || pod.GetNamespace() != svc.GetNamespace() || len(selector) == 0 || !matches(selector, pod.GetLabels()) {
			continue
		}
		for _, item := range list {
			if number := targetPort(item, proto, port, pod); number > 0 {
				if t, err := target(pod); err == nil {
					out = append(out, control.Backend{Target: t, Port: number})
				}
			}
		}
	}
	return out
}

func matches(selector, labels map[string]string) bool {
	for k, v := range selector {
		if labels[k] != v {
			return false
		}
	}
	return true
}

// targetPort is the port of a pod that a Service's port leads to, 0 for none.
func targetPort(item any, proto string, port uint16, pod *unstructured.Unstructured) uint16 {
	p, ok := item.(map[string]any)
	if !ok || p["port"] != int64(port) || p["protocol"] != nil && p["protocol"] != proto {
		return 0
	}
	switch to := p["targetPort"].(type) {
	case nil:
		return port
	case int64:
		return uint16(to) //nolint:gosec // the API server bounds it
	case string:
		containers, _, _ := unstructured.NestedSlice(pod.Object, "spec", "containers")
		for _, c := range containers {
			declared, _, _ := unstructured.NestedSlice(c.(map[string]any), "ports")
			for _, d := range declared {
				m := d.(map[string]any)
				if n, ok := m["containerPort"].(int64); ok && m["name"] == to && (m["protocol"] == proto || m["protocol"] == nil && proto == "TCP") {
					return uint16(n) //nolint:gosec // the API server bounds it
				}
			}
		}
	}
	return 0
}

// node is a node, with the agent on its network.
func (b *Bench) node(name string) (control.Target, error) {
	at, err := b.nodeFor(name)
	if err != nil {
		return control.Target{}, err
	}
	pod := b.agents[at]
	if pod == nil {
		return control.Target{}, fmt.Errorf("node %s has no agent", at)
	}
	t, err := target(pod)
	t.ID = at
	return t, err
}

// asHad is an object as the cluster has it, without the API server's own and our marks.
func asHad(u *unstructured.Unstructured) *unstructured.Unstructured {
	out := apply.Clean(u)
	labels := out.GetLabels()
	delete(labels, apply.OwnerLabel)
	out.SetLabels(labels)
	if len(labels) == 0 {
		unstructured.RemoveNestedField(out.Object, "metadata", "labels")
	}
	switch u.GetKind() {
	case "Pod", "Node", "Service":
		if status, ok := u.Object["status"]; ok {
			out.Object["status"] = status
		}
		unstructured.RemoveNestedField(out.Object, "metadata", "annotations")
	case "Namespace":
		unstructured.RemoveNestedField(out.Object, "spec")
	}
	return out
}

// read returns the objects as the cluster has them, and its nodes.
func (b *Bench) read(objects []*model.Object) ([]*model.Object, error) {
	known := sim.Kinds()
	var out []*model.Object
	take := func(u *unstructured.Unstructured) error {
		u = asHad(u)
		o, err := collect.FromObject(u.Object, "", known)
		if err == nil && o == nil { // of a kind that netfate does not read, and a recorded case shows all the same
			k := u.GroupVersionKind()
			o, err = collect.FromObject(u.Object, "", []policyapi.Kind{{Group: k.Group, Version: k.Version, Kind: k.Kind, Namespaced: u.GetNamespace() != ""}})
		}
		if err != nil {
			return fmt.Errorf("%s: %w", apply.Title(u), err)
		}
		if o != nil {
			out = append(out, o)
		}
		return nil
	}
	for _, n := range b.nodes {
		if err := take(n); err != nil {
			return nil, err
		}
	}
	for _, o := range objects {
		if o.Kind == "Node" {
			continue
		}
		e := b.have[o.Kind+" "+o.Namespace+"/"+o.Name]
		if e == nil {
			return nil, fmt.Errorf("%s is not in the cluster", o.Ref)
		}
		if err := take(e.now); err != nil {
			return nil, err
		}
	}
	return out, nil
}
