package inventory

import (
	"fmt"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// line shows what matters of an endpoint.
func line(e *model.Endpoint) string {
	s := e.ID() + " " + e.Workload.Kind + "/" + e.Workload.Name + " {" + e.Labels.String() + "} sa=" + e.ServiceAccount
	for _, p := range e.Ports {
		s += fmt.Sprintf(" %s=%s", p.Name, model.PortText(p.Protocol, p.Port))
	}
	for _, ip := range e.IPs {
		s += " " + ip.String()
	}
	for _, f := range []struct {
		on   bool
		text string
	}{{e.HostNetwork, "host"}, {e.Template, "template"}, {e.NotReady, "notready"}, {e.Node != "", "on:" + e.Node}} {
		if f.on {
			s += " " + f.text
		}
	}
	return s
}

func lines(r Result) []string {
	out := make([]string, 0, len(r.Endpoints))
	for i := range r.Endpoints {
		out = append(out, line(&r.Endpoints[i]))
	}
	return out
}

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: x, ports: [{name: http, containerPort: 80}]}]}
---
`

const replicaSet = `
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: web-77d5
  namespace: shop
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: u, controller: true}]
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, pod-template-hash: 77d5}}
    spec: {containers: [{name: c, image: x}]}
---
`

const webPod = `
apiVersion: v1
kind: Pod
metadata:
  name: web-77d5-x
  namespace: shop
  labels: {app: web, pod-template-hash: 77d5}
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-77d5, uid: u, controller: true}]
spec: {containers: [{name: c, image: x}]}
---
`

func TestWorkloads(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string
	}{
		{"bare pod", `{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: a}}, spec: {nodeName: n1, serviceAccountName: bob}, status: {phase: Running, podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}]}}`,
			[]string{"default/a Pod/a {app=a} sa=bob 10.0.0.1 fd00::1 on:n1"}},
		{"podIP alone, leading zeros", `{apiVersion: v1, kind: Pod, metadata: {name: a}, status: {podIP: 10.000.0.01}}`,
			[]string{"default/a Pod/a {} sa=default 10.0.0.1"}},
		{"finished pods are gone", `{apiVersion: v1, kind: Pod, metadata: {name: a}, status: {phase: Succeeded}}
---
{apiVersion: v1, kind: Pod, metadata: {name: b}, status: {phase: Failed}}`, nil},
		{"terminating pods stay", `{apiVersion: v1, kind: Pod, metadata: {name: a, deletionTimestamp: "2026-01-01T00:00:00Z"}}`,
			[]string{"default/a Pod/a {} sa=default notready"}},
		{"not ready", `{apiVersion: v1, kind: Pod, metadata: {name: a}, status: {phase: Running, conditions: [{type: Ready, status: "False"}]}}`,
			[]string{"default/a Pod/a {} sa=default notready"}},
		{"host network takes hostIPs", `{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {hostNetwork: true}, status: {hostIP: 192.168.0.1}}`,
			[]string{"default/a Pod/a {} sa=default 192.168.0.1 host"}},
		{"ports by name and protocol, first declared first", `{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [
{name: x, ports: [{name: web, containerPort: 9090}, {containerPort: 1}, {name: dns, containerPort: 53, protocol: UDP}]},
{name: z, ports: [{name: web, containerPort: 80}, {name: dns, containerPort: 53}]}]}}`,
			[]string{"default/a Pod/a {} sa=default dns=TCP 53 dns=UDP 53 web=TCP 9090 web=TCP 80"}},
		{"sidecars declare ports, other init containers do not", `{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {initContainers: [
{name: x, restartPolicy: Always, ports: [{name: proxy, containerPort: 1500}]}, {name: z, ports: [{name: once, containerPort: 1}]}]}}`,
			[]string{"default/a Pod/a {} sa=default proxy=TCP 1500"}},
		{"static pod", `{apiVersion: v1, kind: Pod, metadata: {name: etcd-n1, namespace: kube-system, ownerReferences: [{apiVersion: v1, kind: Node, name: n1, uid: u, controller: true}]}}`,
			[]string{"kube-system/etcd-n1 Pod/etcd-n1 {} sa=default"}},
		{"owner without kind", `{apiVersion: v1, kind: Pod, metadata: {name: a, ownerReferences: [{name: x, controller: true}]}}`,
			[]string{"default/a Pod/x {} sa=default"}},
		{"template", deployment, []string{"shop/web Deployment/web {app=web} sa=default http=TCP 80 template"}},
		{"replica set of a deployment adds none", deployment + replicaSet,
			[]string{"shop/web Deployment/web {app=web} sa=default http=TCP 80 template"}},
		{"replica set alone", replicaSet,
			[]string{"shop/web-77d5 Deployment/web {app=web,pod-template-hash=77d5} sa=default template"}},
		{"pods take the place of their templates", webPod + deployment + replicaSet,
			[]string{"shop/web-77d5-x Deployment/web {app=web,pod-template-hash=77d5} sa=default"}},
		{"pods of a replica set that is not there", deployment + webPod,
			[]string{"shop/web-77d5-x Deployment/web {app=web,pod-template-hash=77d5} sa=default"}},
		{"pods with an unknown owner", webPod,
			[]string{"shop/web-77d5-x ReplicaSet/web-77d5 {app=web,pod-template-hash=77d5} sa=default"}},
		{"finished pods leave the template", deployment + strings.Replace(webPod, "---", "status: {phase: Failed}\n---", 1),
			[]string{"shop/web Deployment/web {app=web} sa=default http=TCP 80 template"}},
		{"scaled to zero", strings.Replace(deployment, "spec:", "spec:\n  replicas: 0", 1),
			[]string{"shop/web Deployment/web {app=web} sa=default http=TCP 80 template"}},
		{"job", `{apiVersion: batch/v1, kind: Job, metadata: {name: j}, spec: {template: {metadata: {labels: {app: j}}, spec: {hostNetwork: true}}}}`,
			[]string{"default/j Job/j {app=j,batch.kubernetes.io/job-name=j,job-name=j} sa=default host template"}},
		{"job that has ended", `{apiVersion: batch/v1, kind: Job, metadata: {name: j}, spec: {template: {}}, status: {conditions: [{type: Complete, status: "True"}]}}`, nil},
		{"cron job and its job", `{apiVersion: batch/v1, kind: CronJob, metadata: {name: c}, spec: {schedule: "* * * * *", jobTemplate: {spec: {template: {metadata: {labels: {a: b}}}}}}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: c-1, ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: c, uid: u, controller: true}]}, spec: {template: {}}}`,
			[]string{"default/c CronJob/c {a=b} sa=default template"}},
		{"nodes last", `{apiVersion: v1, kind: Node, metadata: {name: a, labels: {zone: z}}, status: {addresses: [{type: InternalIP, address: 192.168.0.1}, {type: Hostname, address: a}, {type: ExternalIP, address: 1.2.3.4}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: b, namespace: z}}`,
			[]string{"z/b Pod/b {} sa=default", "a Node/a {zone=z} sa= 192.168.0.1 1.2.3.4 on:a"}},
		{"second of one name", `{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {num: "1"}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: default, labels: {num: "2"}}}`,
			[]string{"default/a Pod/a {num=1} sa=default"}},
	}
	for _, kind := range []string{"StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController"} {
		version := "apps/v1"
		if kind == "ReplicationController" {
			version = "v1"
		}
		tests = append(tests, struct {
			name, in string
			want     []string
		}{kind, `{apiVersion: ` + version + `, kind: ` + kind + `, metadata: {name: w}, spec: {template: {metadata: {labels: {a: b}}, spec: {serviceAccount: old}}}}`,
			[]string{"default/w " + kind + "/w {a=b} sa=old template"}})
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := lines(build(t, tt.in))
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestFamilies(t *testing.T) {
	tests := []struct {
		in     string
		v4, v6 bool
	}{
		{`{apiVersion: v1, kind: Pod, metadata: {name: a}}`, true, true},
		{`{apiVersion: v1, kind: Pod, metadata: {name: a}, status: {podIP: 10.0.0.1}}`, true, false},
		{`{apiVersion: v1, kind: Node, metadata: {name: a}, spec: {podCIDR: "fd00::/64"}}`, false, true},
		{`{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {clusterIP: 10.0.0.1, ipFamilies: [IPv4, IPv6], ports: [{port: 1}]}}`, true, true},
		{`{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {clusterIPs: ["fd00::1"], ports: [{port: 1}]}}`, false, true},
	}
	for _, tt := range tests {
		if r := build(t, tt.in); r.V4 != tt.v4 || r.V6 != tt.v6 {
			t.Errorf("%s: v4 %v v6 %v", tt.in, r.V4, r.V6)
		}
	}
}

func TestSharedSlices(t *testing.T) {
	var in strings.Builder
	for i := range 500 {
		fmt.Fprintf(&in, "---\n{apiVersion: v1, kind: Pod, metadata: {name: p%03d, labels: {app: a}}, spec: {containers: [{name: c, ports: [{name: x, containerPort: 1, protocol: UDP}]}]}}\n", i)
	}
	r := build(t, in.String())
	if len(r.Endpoints) != 500 {
		t.Fatalf("%d endpoints", len(r.Endpoints))
	}
	for i := range r.Endpoints {
		e := &r.Endpoints[i]
		if &e.Labels[0] != &r.Endpoints[0].Labels[0] || &e.Ports[0] != &r.Endpoints[0].Ports[0] {
			t.Fatalf("%s does not share its labels and ports", e.ID())
		}
		if e.Ports[0].Protocol != algebra.UDP {
			t.Fatal(e.Ports)
		}
	}
}
