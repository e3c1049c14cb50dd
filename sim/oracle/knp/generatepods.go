package knp

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// addPod adds a running pod: most on the pod network, some on their node's.
func (g *generator) addPod() {
	node := pick(g, g.nodes...)
	pod := &corev1.Pod{
		TypeMeta: typeMeta("v1", "Pod"),
		ObjectMeta: metav1.ObjectMeta{
			Name: fmt.Sprintf("p%d", len(g.c.objects)), Namespace: pick(g, g.spaces...), Labels: g.podLabels(),
		},
		Spec:   corev1.PodSpec{NodeName: node.Name, HostNetwork: g.chance(8)},
		Status: corev1.PodStatus{Phase: corev1.PodRunning},
	}
	pod.Spec.Containers = []corev1.Container{g.container("main")}
	if g.chance(20) {
		pod.Spec.Containers = append(pod.Spec.Containers, g.container("second"))
	}
	if g.chance(8) {
		always := corev1.ContainerRestartPolicyAlways
		sidecar := g.container("sidecar")
		sidecar.RestartPolicy = &always
		pod.Spec.InitContainers = []corev1.Container{sidecar}
	}
	if g.chance(5) { // it still has its network
		now := metav1.Unix(1_700_000_000, 0)
		pod.DeletionTimestamp = &now
	}
	g.giveAddresses(pod, node)
	g.add(pod)
}

func (g *generator) podLabels() map[string]string {
	labels := map[string]string{}
	if g.chance(90) {
		labels["app"] = pick(g, "x", "y", "z")
	}
	if g.chance(40) {
		labels["env"] = pick(g, "dev", "prod", "")
	}
	return labels
}

// container has ports with names that mean other numbers in other containers.
func (g *generator) container(name string) corev1.Container {
	c := corev1.Container{Name: name, Image: "image"}
	seen := map[string]bool{}
	for range g.r.IntN(4) {
		p := corev1.ContainerPort{
			Name: pick(g, "web", "api", "dns", ""), ContainerPort: pick[int32](g, 80, 443, 8080, 8081, 53, 9090),
			Protocol: pick(g, corev1.ProtocolTCP, corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP),
		}
		if p.Name == "" || !seen[p.Name] {
			seen[p.Name] = true
			c.Ports = append(c.Ports, p)
		}
	}
	return c
}

// giveAddresses gives a pod addresses of the cluster's families: its own, or its
// node's on the host network. In a cluster of both a pod may have one alone.
func (g *generator) giveAddresses(pod *corev1.Pod, node *corev1.Node) {
	if pod.Spec.HostNetwork {
		for _, a := range node.Status.Addresses {
			if a.Type == corev1.NodeInternalIP {
				pod.Status.PodIPs = append(pod.Status.PodIPs, corev1.PodIP{IP: a.Address})
			}
		}
	} else {
		g.used++
		only := g.r.IntN(6)
		if g.v4 && (!g.v6 || only != 0) {
			pod.Status.PodIPs = append(pod.Status.PodIPs, corev1.PodIP{IP: fmt.Sprintf("10.0.%d.%d", 1+g.used%2, g.used)})
		}
		if g.v6 && (!g.v4 || only != 1) {
			pod.Status.PodIPs = append(pod.Status.PodIPs, corev1.PodIP{IP: fmt.Sprintf("fd00:10::%d:%d", 1+g.used%2, g.used)})
		}
	}
	pod.Status.PodIP = pod.Status.PodIPs[0].IP
}

// addFinishedPod at times adds a pod that has run to its end and whose address a
// running pod has now.
func (g *generator) addFinishedPod() {
	if !g.chance(25) {
		return
	}
	var of *corev1.Pod
	g.c.pods(func(p *corev1.Pod) {
		if !p.Spec.HostNetwork {
			of = p
		}
	})
	if of == nil {
		return
	}
	done := of.DeepCopy()
	done.Name, done.Labels, done.Namespace = "done", g.podLabels(), pick(g, g.spaces...)
	done.Status.Phase = pick(g, corev1.PodSucceeded, corev1.PodFailed)
	g.add(done)
}
