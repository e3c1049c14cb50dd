package inventory

import (
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

func TestRejected(t *testing.T) {
	pod := func(meta, rest string) string {
		return "{apiVersion: v1, kind: Pod, metadata: {name: a" + meta + "}" + rest + "}"
	}
	service := func(spec string) string {
		return "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {" + spec + "}}"
	}
	port := func(p string) string { return pod("", ", spec: {containers: [{name: c, ports: [{"+p+"}]}]}") }
	tests := []struct{ in, want string }{
		{"{apiVersion: v1, kind: Pod, metadata: {name: A_b}}", `metadata.name: not a valid name: "A_b"`},
		{"{apiVersion: v1, kind: Pod, metadata: {}}", "metadata.name: required"},
		{pod(", namespace: x.y", ""), `metadata.namespace: not a valid namespace: "x.y"`},
		{pod(", labels: {a b: c}", ""), `metadata.labels.a b: not a label key: "a b"`},
		{pod(", labels: {a: '-c'}", ""), `metadata.labels.a: not a label value: "-c"`},
		{pod(", labels: {a: 1}", ""), "metadata.labels.a: must be a string, but this is a number (1)"},
		{pod("", ", spec: {hostNetwork: 'true'}"), "spec.hostNetwork: must be a boolean, but this is a string"},
		{pod("", ", status: {podIP: nowhere}"), `status.podIP: not an IP address: "nowhere"`},
		{pod("", ", status: {podIPs: [{ip: 1.2.3}]}"), `status.podIPs[0].ip: not an IP address: "1.2.3"`},
		{port("containerPort: 0"), "spec.containers[0].ports[0].containerPort: must be between 1 and 65535"},
		{port("containerPort: 70000"), "containerPort: must be between 1 and 65535"},
		{port("containerPort: 1, protocol: tcp"), `protocol: unknown protocol "tcp"`},
		{port("containerPort: 1, name: UPPER"), `name: not a port name: "UPPER"`},
		{port("containerPort: 1, name: '80'"), `name: not a port name: "80"`},
		{service("ports: []"), "spec.ports: required"},
		{service("ports: [{port: 0}]"), "spec.ports[0].port: must be between 1 and 65535"},
		{service("ports: [{port: 1, targetPort: '80'}]"), `targetPort: neither a port number nor a port name: "80"`},
		{service("ports: [{port: 1, nodePort: 30000}]"), "nodePort: may not be set for type ClusterIP"},
		{service("ports: [{port: 1}, {port: 2, name: x}]"), "spec.ports[0].name: required where there are several ports"},
		{service("ports: [{port: 1, name: y1}, {port: 1, name: x}]"), "spec.ports[1]: a port of this name"},
		{service("type: Foo, ports: [{port: 1}]"), `spec.type: unknown type "Foo"`},
		{service("type: ExternalName"), "spec.externalName: required"},
		{service("type: NodePort, clusterIP: None"), "spec.clusterIP: may not be None for type NodePort"},
		{service("clusterIP: nowhere, ports: [{port: 1}]"), `spec.clusterIP: not an IP address: "nowhere"`},
		{service("selector: {'': x}, ports: [{port: 1}]"), `spec.selector[""]: not a label key: ""`},
		{"{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s}, addressType: IPv4, endpoints: [{addresses: ['::1']}]}", "endpoints[0].addresses[0]: not an address of this type"},
		{"{apiVersion: v1, kind: Namespace, metadata: {name: a.b}}", `metadata.name: not a valid name: "a.b"`},
	}
	for _, tt := range tests {
		r := build(t, tt.in)
		if len(r.Endpoints)+len(r.Services) > 0 {
			t.Errorf("%s is still there", tt.in)
		}
		if len(r.Problems) == 0 || !r.Problems[0].Rejected || r.Problems[0].Line == 0 || !strings.Contains(r.Problems[0].Error(), tt.want) {
			t.Errorf("%s: got %s, want %s", tt.in, problems(r), tt.want)
		}
	}
}

// TestUnknownField asserts that an object with an unknown field is reported and
// read: the API server drops the field.
func TestUnknownField(t *testing.T) {
	snap := load(t, "{apiVersion: v1, kind: Pod, metadata: {name: a, lables: {x: y}}}")
	for _, lenient := range []bool{false, true} {
		r := Build(snap, Options{Decoder: manifest.NewDecoder(), Lenient: lenient})
		if len(r.Endpoints) != 1 || len(r.Problems) != 1 {
			t.Fatalf("%d endpoints, %v", len(r.Endpoints), r.Problems)
		}
		p := r.Problems[0]
		if (p.Severity == model.Error) == lenient || p.Rejected || p.Hint != `did you mean "labels"?` {
			t.Errorf("lenient %v: %+v", lenient, p)
		}
	}
}

func TestDuplicates(t *testing.T) {
	r := build(t, `{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{port: 1}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: s, namespace: default}, spec: {ports: [{port: 2}]}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: default}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: default, labels: {a: b}}}`)
	want := `error: test.yaml:3:1: Service default/s: already exists (first declared at test.yaml:1)
error: test.yaml:7:1: Namespace default: already exists (first declared at test.yaml:5)`
	if got := problems(r); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(r.Services) != 1 || r.Services[0].Ports[0].Port != 1 || len(r.Namespaces) != 1 {
		t.Errorf("%v %v", r.Services, r.Namespaces)
	}
}

func TestGaps(t *testing.T) {
	tests := []struct{ in, want string }{
		{"{apiVersion: v1, kind: Pod, metadata: {name: a, deletionTimestamp: '2026-01-01T00:00:00Z'}}", "is terminating"},
		{"{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: c, ports: [{containerPort: 1, hostPort: 80}]}]}}", "port 80; not modelled"},
		{"{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {initContainers: [{name: c, restartPolicy: Always, ports: [{containerPort: 1, name: x}]}]}}", "sidecar"},
		{"{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {type: LoadBalancer, loadBalancerSourceRanges: [1.2.3.4/32], ports: [{port: 1}]}}", "outside these ranges"},
		{`{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {selector: {a: b}, ports: [{port: 1}]}}
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s, labels: {kubernetes.io/service-name: a}}, addressType: IPv4}`, "adds backends to default/a"},
	}
	for _, tt := range tests {
		r := build(t, tt.in)
		if len(r.Gaps) != 1 || !strings.Contains(r.Gaps[0].Text, tt.want) || r.Gaps[0].Origin.Line == 0 {
			t.Errorf("%s: %+v", tt.in, r.Gaps)
		}
	}
}
