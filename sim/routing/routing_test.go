package routing

import (
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// shop has two nodes, three web pods (one on the host network), one that is not
// ready, a client on each node and one whose node is not known.
const shop = `
{apiVersion: v1, kind: Node, metadata: {name: n1}, status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}}
---
{apiVersion: v1, kind: Node, metadata: {name: n2}, status: {addresses: [{type: InternalIP, address: 192.168.0.2}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: w1, labels: {app: web}}, spec: {nodeName: n1, containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}, status: {podIP: 10.0.0.1}}
---
{apiVersion: v1, kind: Pod, metadata: {name: w2, labels: {app: web}}, spec: {nodeName: n2, containers: [{name: c, ports: [{name: http, containerPort: 9090}]}]}, status: {podIP: 10.0.0.2}}
---
{apiVersion: v1, kind: Pod, metadata: {name: w3, labels: {app: web, role: host}}, spec: {nodeName: n2, hostNetwork: true}, status: {podIP: 192.168.0.2}}
---
{apiVersion: v1, kind: Pod, metadata: {name: w4, labels: {app: web}}, spec: {nodeName: n1}, status: {podIP: 10.0.0.4, conditions: [{type: Ready, status: "False"}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: other, namespace: else, labels: {app: web}}, status: {podIP: 10.0.0.9}}
---
{apiVersion: v1, kind: Pod, metadata: {name: c1}, spec: {nodeName: n1}, status: {podIP: 10.0.1.1}}
---
{apiVersion: v1, kind: Pod, metadata: {name: c0}, status: {podIP: 10.0.1.9}}
---
{apiVersion: v1, kind: Pod, metadata: {name: h1}, spec: {nodeName: n1, hostNetwork: true}, status: {podIP: 192.168.0.1}}
---
`

func svc(name, spec string) string {
	return "{apiVersion: v1, kind: Service, metadata: {name: " + name + "}, spec: {" + spec + "}}\n---\n"
}

const outside = "1.2.3.4"

func TestExpand(t *testing.T) {
	tests := []struct {
		name, in, from, to string
		proto              algebra.Protocol
		port               uint16
		want               string
	}{
		{"pod to pod", "", "c1", "w1", algebra.TCP, 80, "w1:80"},
		{"pod to its own address", "", "c1", "10.0.0.1", algebra.TCP, 80, "w1:80"},
		{"address nobody owns", "", "c1", outside, algebra.TCP, 80, "1.2.3.4:80"},
		{"outside by a pod's address", svc("web", "selector: {app: web}, clusterIP: 10.96.0.1, ports: [{port: 80}]"), "10.0.1.1", "svc:web", algebra.TCP, 80, "w1:80; w2:80; w3:80"},
		{"host outside", "", "c1", "host:example.com", algebra.TCP, 443, "host:example.com:443"},

		{"cluster IP", svc("web", "selector: {app: web}, ports: [{port: 80, targetPort: 8080}]"), "c1", "svc:web", algebra.TCP, 80, "w1:8080; w2:8080; w3:8080"},
		{"by address", svc("web", "selector: {app: web}, clusterIP: 10.96.0.1, ports: [{port: 80, targetPort: 8080}]"), "c1", "10.96.0.1", algebra.TCP, 80, "w1:8080; w2:8080; w3:8080"},
		{"by name", svc("web", "selector: {app: web}, ports: [{port: 80}]"), "c1", "host:web.default.svc.cluster.local", algebra.TCP, 80, "w1:80; w2:80; w3:80"},
		{"named target port, per pod", svc("web", "selector: {app: web}, ports: [{port: 80, targetPort: http}]"), "c1", "svc:web", algebra.TCP, 80, "w1:8080; w2:9090"},
		{"second port", svc("web", "selector: {app: web, role: host}, ports: [{name: a, port: 80}, {name: b, port: 53, protocol: UDP, targetPort: 5353}]"), "c1", "svc:web", algebra.UDP, 53, "w3:5353"},
		{"no such port", svc("web", "selector: {app: web}, ports: [{port: 80}]"), "c1", "svc:web", algebra.TCP, 81, "denied (timeout): Service default/web has no port TCP 81"},
		{"ping", svc("web", "selector: {app: web}, ports: [{port: 80}]"), "c1", "svc:web", algebra.ICMP, 0x800, "denied (timeout): the address of Service default/web answers on its ports only, not to ICMP"},
		{"no backend", svc("web", "selector: {app: none}, ports: [{port: 80}]"), "c1", "svc:web", algebra.TCP, 80, "denied (connection refused): Service default/web has no ready backend for port TCP 80"},
		{"no pod has the port's name", svc("web", "selector: {app: web}, ports: [{port: 80, targetPort: none}]"), "c1", "svc:web", algebra.TCP, 80, "denied (connection refused): Service default/web has no ready backend for port TCP 80"},
		{"pods that are not ready", svc("web", "selector: {app: web}, publishNotReadyAddresses: true, ports: [{port: 80}]"), "c1", "svc:web", algebra.TCP, 80, "w1:80; w2:80; w3:80; w4:80"},
		{"hairpin", svc("web", "selector: {app: web}, ports: [{port: 80}]"), "w1", "svc:web", algebra.TCP, 80, "w1:80 hairpin; w2:80; w3:80"},
		{"hairpin of a template", `{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {template: {metadata: {labels: {app: d}}}}}
---
` + svc("d", "selector: {app: d}, ports: [{port: 80}]"), "d", "svc:d", algebra.TCP, 80, "d:80 hairpin sibling"},

		{"headless", svc("web", "clusterIP: None, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]"), "c1", "svc:web", algebra.TCP, 80, "w1:80; w2:80; w3:80"},
		{"headless on any port", svc("web", "clusterIP: None, selector: {app: web, role: host}"), "c1", "svc:web", algebra.ICMP, 0x800, "w3:2048"},
		{"headless without backends", svc("web", "clusterIP: None, selector: {app: none}"), "c1", "svc:web", algebra.TCP, 80, "denied (name does not resolve): headless Service default/web has no ready backend, so its name has no address"},
		{"headless to itself is no hairpin", svc("web", "clusterIP: None, selector: {app: web}"), "w1", "svc:web", algebra.TCP, 80, "w1:80; w2:80; w3:80"},

		{"local to the client's node", svc("web", "internalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80}]"), "c1", "svc:web", algebra.TCP, 80, "w1:80"},
		{"local, none on the node", svc("web", "internalTrafficPolicy: Local, selector: {role: host}, ports: [{port: 80}]"), "c1", "svc:web", algebra.TCP, 80, "denied (timeout): Service default/web has internalTrafficPolicy: Local, and no backend on node n1"},
		{"local, client's node unknown", svc("web", "internalTrafficPolicy: Local, selector: {role: host}, ports: [{port: 80}]"), "c0", "svc:web", algebra.TCP, 80, "w3:80; ? Service default/web has internalTrafficPolicy: Local, and the node that the traffic is on is not known"},
		{"local, from the node itself", svc("web", "internalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80}]"), "n2", "svc:web", algebra.TCP, 80, "w2:80; w3:80"},
		{"local, backend's node unknown", `{apiVersion: v1, kind: Pod, metadata: {name: x, labels: {app: x}}}
---
` + svc("x", "internalTrafficPolicy: Local, selector: {app: x}, ports: [{port: 80}]"), "c1", "svc:x", algebra.TCP, 80, "x:80; ? Service default/x has internalTrafficPolicy: Local, and the nodes of its backends are not known"},

		{"ExternalName", svc("db", "type: ExternalName, externalName: db.example.com."), "c1", "svc:db", algebra.TCP, 5432, "host:db.example.com:5432"},
		{"ExternalName of a Service", svc("db", "type: ExternalName, externalName: web.default.svc.cluster.local") + svc("web", "selector: {role: host}, ports: [{port: 80, targetPort: 1}]"), "c1", "svc:db", algebra.TCP, 80, "w3:1"},
		{"ExternalName of nothing", svc("db", "type: ExternalName, externalName: no.default.svc"), "c1", "svc:db", algebra.TCP, 80, "denied (name does not resolve): there is no Service default/no"},
		{"ExternalName of an address", svc("db", "type: ExternalName, externalName: 1.2.3.4"), "c1", "svc:db", algebra.TCP, 80, "denied (name does not resolve): externalName of Service default/db is an address, which is taken for a name and does not resolve"},
		{"ExternalName of itself", svc("db", "type: ExternalName, externalName: db.default.svc"), "c1", "svc:db", algebra.TCP, 80, "denied (name does not resolve): Service default/db is a name that leads back to itself"},
		{"ExternalName from outside", svc("db", "type: ExternalName, externalName: example.com"), outside, "svc:db", algebra.TCP, 80, "denied (name does not resolve): Service default/db is a name inside the cluster only"},

		{"no selector, no slices", svc("ext", "ports: [{port: 80}]"), "c1", "svc:ext", algebra.TCP, 80, "? Service default/ext has no selector, and none of its EndpointSlices is in the snapshot"},
		{"no selector", svc("ext", "ports: [{name: a, port: 80}]") + slice("ext"), "c1", "svc:ext", algebra.TCP, 80, "8.8.8.8:443; w1:443"},
		{"no selector, headless", svc("ext", "clusterIP: None") + slice("ext"), "c1", "svc:ext", algebra.TCP, 80, "8.8.8.8:80; w1:80"},
		{"no selector, other port name", svc("ext", "ports: [{name: z, port: 80}]") + slice("ext"), "c1", "svc:ext", algebra.TCP, 80, "denied (connection refused): Service default/ext has no ready backend for port TCP 80"},

		{"cluster IP from outside", svc("web", "selector: {app: web}, ports: [{port: 80}]"), outside, "svc:web", algebra.TCP, 80, "denied (timeout): the cluster IP of Service default/web is not reachable from outside the cluster"},
		{"headless from outside", svc("web", "clusterIP: None, selector: {app: web}"), outside, "svc:web", algebra.TCP, 80, "denied (name does not resolve): Service default/web is headless: its name resolves inside the cluster only"},
		{"load balancer", svc("web", "type: LoadBalancer, loadBalancerIP: 5.5.5.5, selector: {role: host}, ports: [{port: 80, targetPort: 8080}]"), outside, "svc:web", algebra.TCP, 80, "w3:8080 snat=maybe,n1,n2"},
		{"load balancer's address", svc("web", "type: LoadBalancer, loadBalancerIP: 5.5.5.5, selector: {role: host}, ports: [{port: 80, targetPort: 8080}]"), outside, "5.5.5.5", algebra.TCP, 80, "w3:8080 snat=maybe,n1,n2"},
		{"load balancer's address, other port", svc("web", "type: LoadBalancer, loadBalancerIP: 5.5.5.5, selector: {role: host}, ports: [{port: 80}]"), outside, "5.5.5.5", algebra.TCP, 81, "denied (timeout): Service default/web has no port TCP 81"},
		{"load balancer, local", svc("web", "type: LoadBalancer, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80}]"), outside, "svc:web", algebra.TCP, 80, "w1:80; w2:80; w3:80"},
		{"external IP", svc("web", "externalIPs: [5.5.5.5], selector: {role: host}, ports: [{port: 80}]"), "c1", "5.5.5.5", algebra.TCP, 80, "w3:80 snat=maybe,n1"},
		{"external IP from the node", svc("web", "externalIPs: [5.5.5.5], selector: {role: host}, ports: [{port: 80}]"), "h1", "5.5.5.5", algebra.TCP, 80, "w3:80"},
		{"external IP of a node", svc("web", "externalIPs: [192.168.0.1], selector: {role: host}, ports: [{port: 80, targetPort: 9}]"), outside, "192.168.0.1", algebra.TCP, 80, "w3:9 snat=maybe,n1,n2"},
		{"external IP of a node, other port", svc("web", "externalIPs: [192.168.0.1], selector: {role: host}, ports: [{port: 80}]"), outside, "192.168.0.1", algebra.TCP, 22, "n1:22"},

		{"node port by Service", svc("web", "type: NodePort, selector: {role: host}, ports: [{port: 80, nodePort: 30080}]"), outside, "svc:web", algebra.TCP, 30080, "w3:80 snat=maybe,n1,n2"},
		{"node port by node", svc("web", "type: NodePort, selector: {role: host}, ports: [{port: 80, nodePort: 30080}]"), outside, "n1", algebra.TCP, 30080, "w3:80 snat=maybe,n1"},
		{"node port by node's address", svc("web", "type: NodePort, selector: {role: host}, ports: [{port: 80, nodePort: 30080}]"), "c1", "192.168.0.2", algebra.TCP, 30080, "w3:80 snat=maybe,n2 via=n2:30080"},
		{"other port of a node", svc("web", "type: NodePort, selector: {role: host}, ports: [{port: 80, nodePort: 30080}]"), outside, "n1", algebra.UDP, 30080, "n1:30080"},
		{"node port, local", svc("web", "type: NodePort, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80, nodePort: 30080}]"), outside, "n1", algebra.TCP, 30080, "w1:80"},
		{"node port, local, none", svc("web", "type: NodePort, externalTrafficPolicy: Local, selector: {role: host}, ports: [{port: 80, nodePort: 30080}]"), outside, "n1", algebra.TCP, 30080, "denied (timeout): Service default/web has externalTrafficPolicy: Local, and no backend on node n1"},
		{"node port, local, pod of the node", svc("web", "type: NodePort, externalTrafficPolicy: Local, selector: {role: host}, ports: [{port: 80, nodePort: 30080}]"), "c1", "n1", algebra.TCP, 30080, "w3:80"},
		{"node port, local, pod of another node", svc("web", "type: NodePort, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 80, nodePort: 30080}]"), "c1", "n2", algebra.TCP, 30080,
			"w1:80 via=n2:30080; w2:80 via=n2:30080; w3:80 via=n2:30080; ? whether externalTrafficPolicy: Local binds traffic of pods that reach the node port of another node depends on the implementation"},
		{"a Service as source", svc("web", "selector: {app: web}, ports: [{port: 80}]"), "svc:web", "c1", algebra.TCP, 80, "denied (unknown): a Service opens no connections: name the pods behind it"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := load(t, shop+tt.in)
			r := Expand(m, model.Flow{From: party(t, m, tt.from), To: party(t, m, tt.to), Protocol: tt.proto, Port: tt.port}, algebra.IPv4)
			if got := text(m, &r); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func slice(service string) string {
	return `{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s, labels: {kubernetes.io/service-name: ` + service + `}}, addressType: IPv4,
ports: [{name: a, port: 443}], endpoints: [{addresses: [8.8.8.8]}, {addresses: [10.0.0.1]}, {addresses: [9.9.9.9], conditions: {ready: false}}]}
---
`
}

const dual = `
{apiVersion: v1, kind: Pod, metadata: {name: both, labels: {app: a}}, status: {podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: four, labels: {app: a}}, status: {podIP: 10.0.0.2}}
---
`

func TestFamilies(t *testing.T) {
	in := dual + svc("two", "ipFamilies: [IPv4, IPv6], selector: {app: a}, ports: [{port: 80}]") + svc("one", "ipFamilies: [IPv4], selector: {app: a}, ports: [{port: 80}]")
	m := load(t, in)
	tests := []struct {
		from, to string
		fam      algebra.Family
		want     string
		missing  bool
	}{
		{"both", "svc:two", algebra.IPv4, "both:80 hairpin; four:80", false},
		{"both", "svc:two", algebra.IPv6, "both:80 hairpin", false},
		{"both", "svc:one", algebra.IPv6, "denied (name does not resolve): Service default/one has no IPv6 address", true},
		{"four", "svc:two", algebra.IPv6, "denied (name does not resolve): default/four has no IPv6 address", true},
		{"both", "four", algebra.IPv6, "denied (name does not resolve): default/four has no IPv6 address", true},
		{"both", "1.2.3.4", algebra.IPv6, "denied (name does not resolve): 1.2.3.4 is not an IPv6 address", true},
		{"2001:db8::1", "both", algebra.IPv6, "both:80", false},
		{"2001:db8::1", "both", algebra.IPv4, "denied (name does not resolve): 2001:db8::1 is not an IPv4 address", true},
	}
	for _, tt := range tests {
		r := Expand(m, model.Flow{From: party(t, m, tt.from), To: party(t, m, tt.to), Protocol: algebra.TCP, Port: 80}, tt.fam)
		if got := text(m, &r); got != tt.want || r.NotInFamily != tt.missing {
			t.Errorf("%s to %s: got %s (%v), want %s", tt.from, tt.to, got, r.NotInFamily, tt.want)
		}
	}
}

func TestNotes(t *testing.T) {
	m := load(t, shop+svc("web", "clusterIP: None, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]"))
	r := Expand(m, model.Flow{From: party(t, m, "c1"), To: party(t, m, "svc:web"), Protocol: algebra.TCP, Port: 80}, algebra.IPv4)
	if len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "not translated") {
		t.Error(r.Notes)
	}
	m = load(t, shop+svc("web", "selector: {app: web}, ports: [{port: 80, targetPort: 8080}]"))
	r = Expand(m, model.Flow{From: party(t, m, "c1"), To: party(t, m, "svc:web"), Protocol: algebra.TCP, Port: 80}, algebra.IPv4)
	if want := "Service default/web port TCP 80 goes to port 8080 of a backend"; r.Targets[0].Note != want {
		t.Error(r.Targets[0].Note)
	}
}

func TestResolveAddress(t *testing.T) {
	m := load(t, shop+svc("web", "clusterIP: 10.96.0.1, externalIPs: [5.5.5.5], selector: {app: web}, ports: [{port: 80}]"))
	for addr, want := range map[string]string{
		"10.0.0.1": "w1", "192.168.0.2": "n2", "10.96.0.1": "svc:web", "5.5.5.5": "svc:web", "8.8.8.8": "8.8.8.8",
	} {
		if got := show(m, ResolveAddress(m, party(t, m, addr).Addr)); got != want {
			t.Errorf("%s: got %s, want %s", addr, got, want)
		}
	}
}
