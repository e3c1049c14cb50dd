package main

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	npainformers "sigs.k8s.io/network-policy-api/pkg/client/informers/externalversions"
)

// cluster is a watcher whose stores a test fills: two nodes with a pod each, "a" and
// "b", in the namespace "t".
type cluster struct {
	*watcher
	t *testing.T
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	w, err := watcherOf(informers.NewSharedInformerFactory(nil, 0), npainformers.NewSharedInformerFactory(nil, 0))
	if err != nil {
		t.Fatal(err)
	}
	c := &cluster{w, t}
	core := w.core.Core().V1()
	c.must(core.Namespaces().Informer().GetStore().Add(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "t"}}))
	for name, network := range map[string]string{"a": "10.244.0.", "b": "10.244.1."} {
		c.must(core.Nodes().Informer().GetStore().Add(&corev1.Node{
			ObjectMeta: metav1.ObjectMeta{Name: "node-" + name},
			Spec:       corev1.NodeSpec{PodCIDRs: []string{network + "0/24", "fd00::/64"}},
		}))
		c.must(core.Pods().Informer().GetStore().Add(&corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "t", Labels: map[string]string{"app": name}},
			Spec:       corev1.PodSpec{NodeName: "node-" + name},
			Status:     corev1.PodStatus{Phase: corev1.PodRunning, PodIPs: []corev1.PodIP{{IP: network + "2"}}},
		}))
	}
	return c
}

// isolate lets b be reached by nobody, or by the pods that have a label app.
func (c *cluster) isolate(apps ...string) {
	c.t.Helper()
	np := &networkingv1.NetworkPolicy{
		ObjectMeta: metav1.ObjectMeta{Name: "b", Namespace: "t"},
		Spec: networkingv1.NetworkPolicySpec{
			PodSelector: metav1.LabelSelector{MatchLabels: map[string]string{"app": "b"}},
			PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeIngress},
		},
	}
	for _, app := range apps {
		selector := &metav1.LabelSelector{MatchLabels: map[string]string{"app": app}}
		np.Spec.Ingress = append(np.Spec.Ingress, networkingv1.NetworkPolicyIngressRule{From: []networkingv1.NetworkPolicyPeer{{PodSelector: selector}}})
	}
	c.must(c.core.Networking().V1().NetworkPolicies().Informer().GetStore().Add(np))
}

func (c *cluster) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}
