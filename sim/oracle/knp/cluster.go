package knp

import (
	"encoding/json"
	"fmt"
	"net/netip"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	npav1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	npav1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"
)

// object is a Kubernetes object with its metadata.
type object interface {
	runtime.Object
	metav1.Object
}

// cluster is all that decides verdicts, as the API server stores it.
type cluster struct {
	objects  []object
	plugin   string              // which cluster policies the engine runs: v1alpha1 or v1alpha2
	hosts    map[string][]string // the addresses of host names outside the cluster
	spelling spelling
}

// The plugins of kube-network-policies for the cluster policies.
const (
	pluginV1alpha1 = "v1alpha1"
	pluginV1alpha2 = "v1alpha2"
)

// with returns the cluster with other objects.
func (c *cluster) with(objects []object) *cluster {
	out := *c
	out.objects = objects
	return &out
}

// mapped returns the cluster with a copy of each object changed; an object for
// which edit returns false is left out.
func (c *cluster) mapped(edit func(object) bool) *cluster {
	var out []object
	for _, o := range c.objects {
		copied, ok := o.DeepCopyObject().(object)
		if ok && edit(copied) {
			out = append(out, copied)
		}
	}
	return c.with(out)
}

// pods calls visit for each pod that has its network.
func (c *cluster) pods(visit func(*corev1.Pod)) {
	for _, o := range c.objects {
		if p, ok := o.(*corev1.Pod); ok && p.Status.Phase == corev1.PodRunning {
			visit(p)
		}
	}
}

// podAt returns the running pod with an address of its own, nil when there is none.
func (c *cluster) podAt(addr netip.Addr) *corev1.Pod {
	var found *corev1.Pod
	c.pods(func(p *corev1.Pod) {
		for _, ip := range p.Status.PodIPs {
			if !p.Spec.HostNetwork && ip.IP == addr.String() {
				found = p
			}
		}
	})
	return found
}

// nodeAt returns the name of the node with an address, "" when there is none.
func (c *cluster) nodeAt(addr netip.Addr) string {
	for _, o := range c.objects {
		n, ok := o.(*corev1.Node)
		if !ok {
			continue
		}
		for _, a := range n.Status.Addresses {
			if a.Address == addr.String() {
				return n.Name
			}
		}
	}
	return ""
}

// newObject returns an empty object of a kind.
func newObject(kind string) (object, error) {
	switch kind {
	case "Namespace":
		return &corev1.Namespace{}, nil
	case "Node":
		return &corev1.Node{}, nil
	case "Pod":
		return &corev1.Pod{}, nil
	case "NetworkPolicy":
		return &networkingv1.NetworkPolicy{}, nil
	case "AdminNetworkPolicy":
		return &npav1alpha1.AdminNetworkPolicy{}, nil
	case "BaselineAdminNetworkPolicy":
		return &npav1alpha1.BaselineAdminNetworkPolicy{}, nil
	case "ClusterNetworkPolicy":
		return &npav1alpha2.ClusterNetworkPolicy{}, nil
	}
	return nil, fmt.Errorf("no type for kind %q", kind)
}

// toMap returns the object as JSON has it.
func toMap(o object) (map[string]any, error) {
	data, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	var out map[string]any
	return out, json.Unmarshal(data, &out)
}

// fromMap is the reverse of toMap.
func fromMap(m map[string]any) (object, error) {
	kind, _ := m["kind"].(string)
	o, err := newObject(kind)
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	return o, json.Unmarshal(data, o)
}
