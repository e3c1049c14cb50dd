package control

import (
	"errors"
	"fmt"
	"net/netip"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/netfate/netfate/clusters/mirror"
	"github.com/netfate/netfate/clusters/observation"
)

// mirrored finds the ends of flows among mirrored pods.
type mirrored struct {
	m        *mirror.Mirror
	pods     map[string]*mirror.Pod
	services map[string]*mirror.Service
	addrs    map[string][]netip.Addr // by kind, namespace and name
	why      map[string]string       // why a pod cannot be probed
}

// Mirrored returns the resolver of a mirror. objects are the Pods, Services and Nodes that the cluster has, with
// their status; other kinds are ignored.
func Mirrored(m *mirror.Mirror, objects []unstructured.Unstructured) Resolver {
	r := &mirrored{
		m: m, pods: map[string]*mirror.Pod{}, services: map[string]*mirror.Service{}, addrs: map[string][]netip.Addr{}, why: map[string]string{},
	}
	for i := range m.Pods {
		r.pods[m.Pods[i].ID] = &m.Pods[i]
	}
	for i := range m.Services {
		r.services[m.Services[i].Namespace+"/"+m.Services[i].Name] = &m.Services[i]
	}
	for i := range objects {
		r.read(&objects[i])
	}
	return r.resolve
}

func key(kind, namespace, name string) string { return kind + " " + namespace + "/" + name }

// read notes the addresses of an object.
func (r *mirrored) read(o *unstructured.Unstructured) {
	k := key(o.GetKind(), o.GetNamespace(), o.GetName())
	switch o.GetKind() {
	case "Pod":
		r.addrs[k] = addresses(o, "ip", "status", "podIPs")
		phase, _, _ := unstructured.NestedString(o.Object, "status", "phase")
		if phase != "Running" || o.GetDeletionTimestamp() != nil {
			r.why[k] = fmt.Sprintf("pod %s/%s is not running (%s)", o.GetNamespace(), o.GetName(), phase)
		}
	case "Node":
		list, _, _ := unstructured.NestedSlice(o.Object, "status", "addresses")
		for _, x := range list {
			m, ok := x.(map[string]any)
			if text, _ := m["address"].(string); ok && m["type"] == "InternalIP" {
				if a, err := netip.ParseAddr(text); err == nil {
					r.addrs[k] = append(r.addrs[k], a)
				}
			}
		}
	case "Service":
		list, _, _ := unstructured.NestedStringSlice(o.Object, "spec", "clusterIPs")
		for _, text := range list {
			if a, err := netip.ParseAddr(text); err == nil { // "None" is not one
				r.addrs[k] = append(r.addrs[k], a)
			}
		}
	}
}

func addresses(o *unstructured.Unstructured, field string, path ...string) []netip.Addr {
	list, _, _ := unstructured.NestedSlice(o.Object, path...)
	var out []netip.Addr
	for _, x := range list {
		m, _ := x.(map[string]any)
		text, _ := m[field].(string)
		if a, err := netip.ParseAddr(text); err == nil {
			out = append(out, a)
		}
	}
	return out
}

func (r *mirrored) resolve(p observation.Party) (Target, error) {
	switch p.Kind {
	case observation.KindPod:
		pod := r.pods[p.ID]
		if pod == nil {
			return Target{}, fmt.Errorf("pod %s is not mirrored", p.ID)
		}
		return r.target(pod)
	case observation.KindNode:
		return r.node(p.ID)
	case observation.KindService:
		return r.service(p.ID)
	case observation.KindAddress:
		return r.address(p)
	}
	return Target{}, fmt.Errorf("%s: nothing of the mirror stands for a %s", p, p.Kind)
}

func (r *mirrored) target(p *mirror.Pod) (Target, error) {
	k := key("Pod", p.Namespace, p.Name)
	switch addrs, ok := r.addrs[k]; {
	case !ok:
		return Target{}, fmt.Errorf("pod %s/%s does not exist", p.Namespace, p.Name)
	case r.why[k] != "":
		return Target{}, errors.New(r.why[k])
	case len(addrs) == 0:
		return Target{}, fmt.Errorf("pod %s/%s has no address yet", p.Namespace, p.Name)
	default:
		return Target{ID: p.ID, Namespace: p.Namespace, Pod: p.Name, Container: mirror.Container, Addresses: addrs, Agent: true}, nil
	}
}

// node is the agent on the node's network as a source; as a destination it is every pod on that network.
func (r *mirrored) node(name string) (Target, error) {
	if live, ok := r.m.Nodes[name]; ok {
		name = live
	}
	t := Target{Addresses: r.addrs[key("Node", "", name)]}
	for i := range r.m.NodeAgents {
		if p := &r.m.NodeAgents[i]; p.Node == name {
			own, err := r.target(p)
			if err != nil {
				return t, err
			}
			t.Namespace, t.Pod, t.Container = own.Namespace, own.Pod, own.Container
		}
	}
	if len(t.Addresses) == 0 {
		return t, fmt.Errorf("the cluster has no node %s", name)
	}
	t.Behind = func(protocol string, port uint16) []Backend {
		var out []Backend
		for _, list := range [][]mirror.Pod{r.m.NodeAgents, r.m.Pods} {
			for i := range list {
				if p := &list[i]; p.Node == name && p.HostNetwork && (p.Serves(protocol, port) || observation.Pings(protocol)) {
					out = r.backend(out, p, port)
				}
			}
		}
		return out
	}
	return t, nil
}

func (r *mirrored) backend(out []Backend, p *mirror.Pod, port uint16) []Backend {
	if t, err := r.target(p); err == nil {
		out = append(out, Backend{Target: t, Port: port})
	}
	return out
}

func (r *mirrored) service(id string) (Target, error) {
	s := r.services[id]
	if s == nil {
		return Target{}, fmt.Errorf("the Service %s is not mirrored", id)
	}
	t := Target{Addresses: r.addrs[key("Service", s.Namespace, s.Name)]}
	t.Behind = func(protocol string, port uint16) []Backend {
		var out []Backend
		for _, i := range s.Pods {
			p := &r.m.Pods[i]
			if target, ok := s.TargetOf(protocol, port, p); ok && (s.NotReadyToo || !p.NotReady) {
				out = r.backend(out, p, target)
			}
		}
		return out
	}
	if s.Headless {
		for _, b := range t.Behind("TCP", 0) {
			t.Addresses = append(t.Addresses, b.Addresses...)
		}
	}
	if len(t.Addresses) == 0 {
		return t, fmt.Errorf("the Service %s has no address", id)
	}
	return t, nil
}

// address is a mirrored pod's, or that of something unknown.
func (r *mirrored) address(p observation.Party) (Target, error) {
	a, err := netip.ParseAddr(p.Address)
	if err != nil {
		return Target{}, fmt.Errorf("%q is not an address", p.Address)
	}
	for i := range r.m.Pods {
		for _, own := range r.addrs[key("Pod", r.m.Pods[i].Namespace, r.m.Pods[i].Name)] {
			if own == a && !r.m.Pods[i].HostNetwork {
				return r.target(&r.m.Pods[i])
			}
		}
	}
	return Target{Addresses: []netip.Addr{a}}, nil
}
