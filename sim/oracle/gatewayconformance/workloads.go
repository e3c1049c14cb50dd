package gatewayconformance

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// deployments makes the pods of every Deployment, ready and with an address,
// named as its controllers name them: "deployment-hash-hash".
func (c *Cluster) deployments(ctx context.Context) error {
	list := &appsv1.DeploymentList{}
	if err := c.store.List(ctx, list); err != nil {
		return err
	}
	alive := map[types.UID]bool{}
	for i := range list.Items {
		d := &list.Items[i]
		alive[d.UID] = true
		replicas := 1
		if d.Spec.Replicas != nil {
			replicas = int(*d.Spec.Replicas)
		}
		for n := range replicas {
			pod := podOf(d, n)
			if err := c.podUnlessThere(ctx, pod); err != nil {
				return err
			}
		}
	}
	return c.collect(ctx, "Deployment", alive)
}

func podOf(d *appsv1.Deployment, n int) *corev1.Pod {
	hash := fmt.Sprintf("%08x", sum(d.Namespace, d.Name))
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: d.Namespace, Name: fmt.Sprintf("%s-%s-%05d", d.Name, hash, n),
			Labels: d.Spec.Template.Labels, Annotations: d.Spec.Template.Annotations,
			OwnerReferences: []metav1.OwnerReference{owner("Deployment", "apps/v1", d)}},
		Spec: d.Spec.Template.Spec,
	}
}

func sum(parts ...string) uint32 {
	h := fnv.New32a()
	for _, p := range parts {
		h.Write([]byte(p + "/"))
	}
	return h.Sum32()
}

// podUnlessThere starts a pod: on the only node, with addresses of both families.
func (c *Cluster) podUnlessThere(ctx context.Context, pod *corev1.Pod) error {
	err := c.store.Get(ctx, types.NamespacedName{Namespace: pod.Namespace, Name: pod.Name}, &corev1.Pod{})
	if err == nil || !missing(err) {
		return err
	}
	pod.Spec.NodeName = "node"
	if pod.Spec.ServiceAccountName == "" {
		pod.Spec.ServiceAccountName = "default"
	}
	if err := c.inject(ctx, pod); err != nil {
		return err
	}
	n := c.born + 1
	v4, v6 := fmt.Sprintf("10.244.%d.%d", n/250, n%250+1), fmt.Sprintf("fd00:244::%x", n)
	pod.Status = corev1.PodStatus{Phase: corev1.PodRunning, PodIP: v4, PodIPs: []corev1.PodIP{{IP: v4}, {IP: v6}}}
	for _, t := range []corev1.PodConditionType{corev1.PodReady, corev1.ContainersReady, corev1.PodInitialized, corev1.PodScheduled} {
		pod.Status.Conditions = append(pod.Status.Conditions, corev1.PodCondition{Type: t, Status: corev1.ConditionTrue})
	}
	return c.put(ctx, pod)
}

// inject adds the mesh's proxy to a pod where its namespace asks for it, as the
// webhook of Istio does.
func (c *Cluster) inject(ctx context.Context, pod *corev1.Pod) error {
	n := &corev1.Namespace{}
	if err := c.store.Get(ctx, types.NamespacedName{Name: pod.Namespace}, n); err != nil {
		return client.IgnoreNotFound(err)
	}
	if n.Labels[injection] == "enabled" {
		pod.Spec.Containers = append(slices.Clone(pod.Spec.Containers), corev1.Container{Name: "istio-proxy", Image: "proxyv2"})
	}
	return nil
}

// collect removes pods whose controller of a kind is gone.
func (c *Cluster) collect(ctx context.Context, kind string, alive map[types.UID]bool) error {
	pods := &corev1.PodList{}
	if err := c.store.List(ctx, pods); err != nil {
		return err
	}
	for i := range pods.Items {
		if _, orphan := ownedBy(&pods.Items[i], kind, alive); orphan {
			if err := c.store.Delete(ctx, &pods.Items[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
