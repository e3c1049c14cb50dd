package inventory

import (
	"fmt"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/model"
)

// serviceLine shows what matters of a Service.
func serviceLine(s *model.Service) string {
	out := s.ID() + " " + s.Type.String()
	if s.HasSelector {
		out += " {" + s.Selector.String() + "}"
	}
	out += fmt.Sprintf(" ips=%v external=%v", s.ClusterIPs, s.External)
	for _, p := range s.Ports {
		out += fmt.Sprintf(" %s:%s->%d%s/%d", p.Name, model.PortText(p.Protocol, p.Port), p.TargetPort, p.TargetName, p.NodePort)
	}
	for _, b := range s.Backends {
		out += fmt.Sprintf(" [%s ready=%v node=%s %v]", b.Addr, !b.NotReady, b.Node, b.Ports)
	}
	for _, f := range []struct {
		on   bool
		text string
	}{{s.Headless, "headless"}, {s.InternalLocal, "internal-local"}, {s.ExternalLocal, "external-local"}, {s.PublishNotReady, "unready"}, {s.ExternalName != "", s.ExternalName}} {
		if f.on {
			out += " " + f.text
		}
	}
	if len(s.Families) > 0 {
		out += fmt.Sprint(" ", s.Families)
	}
	return out
}

func TestServices(t *testing.T) {
	const extra = `
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s-1, labels: {kubernetes.io/service-name: s}}, addressType: IPv4,
 ports: [{name: a, port: 81}, {name: any}], endpoints: [{addresses: [1.1.1.1], nodeName: n1}, {addresses: [1.1.1.2], conditions: {ready: false}}]}
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s-2, labels: {kubernetes.io/service-name: s}}, addressType: FQDN, ports: [], endpoints: [{addresses: [example.com]}]}`
	tests := []struct{ name, spec, extra, want string }{
		{"defaults", "selector: {a: b}, ports: [{port: 80}]", "", "default/s ClusterIP {a=b} ips=[] external=[] :TCP 80->80/0"},
		{"target ports", "selector: {a: b}, ports: [{name: x, port: 80, targetPort: 8080}, {name: u, port: 53, protocol: UDP, targetPort: dns}, {name: z, port: 9, targetPort: 0}]", "",
			"default/s ClusterIP {a=b} ips=[] external=[] x:TCP 80->8080/0 u:UDP 53->0dns/0 z:TCP 9->9/0"},
		{"headless", "clusterIP: None, selector: {a: b}", "", "default/s ClusterIP {a=b} ips=[] external=[] headless"},
		{"dual stack", `clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1, "fd00::1"], ports: [{port: 1}]`, "", "default/s ClusterIP ips=[10.0.0.1 fd00::1] external=[] :TCP 1->1/0 [IPv4 IPv6]"},
		{"dual stack demanded", "ipFamilyPolicy: RequireDualStack, ports: [{port: 1}]", "", "default/s ClusterIP ips=[] external=[] :TCP 1->1/0 [IPv4 IPv6]"},
		{"empty selector is none", "selector: {}, ports: [{port: 1}]", "", "default/s ClusterIP ips=[] external=[] :TCP 1->1/0"},
		{"node port", "type: NodePort, externalTrafficPolicy: Local, selector: {a: b}, ports: [{port: 1, nodePort: 30001}]", "", "default/s NodePort {a=b} ips=[] external=[] :TCP 1->1/30001 external-local"},
		{"load balancer", "type: LoadBalancer, externalIPs: [5.5.5.5], loadBalancerIP: 6.6.6.6, internalTrafficPolicy: Local, selector: {a: b}, ports: [{port: 1}]}, status: {loadBalancer: {ingress: [{ip: 6.6.6.6}, {ip: 7.7.7.7}, {hostname: x.example.com}]}", "",
			"default/s LoadBalancer {a=b} ips=[] external=[5.5.5.5 6.6.6.6 7.7.7.7] :TCP 1->1/0 internal-local"},
		{"external name", "type: ExternalName, externalName: example.com", "", "default/s ExternalName ips=[] external=[] example.com"},
		{"slices", "publishNotReadyAddresses: true, ports: [{name: a, port: 80}]", extra,
			"default/s ClusterIP ips=[] external=[] a:TCP 80->80/0 [1.1.1.1 ready=true node=n1 [{a TCP 81}]] [1.1.1.2 ready=false node= [{a TCP 81}]] unready"},
		{"slices beside a selector", "selector: {a: b}, ports: [{name: a, port: 80}]", extra, "default/s ClusterIP {a=b} ips=[] external=[] a:TCP 80->80/0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := build(t, "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {"+tt.spec+"}}"+tt.extra)
			if len(r.Services) != 1 || len(r.Problems) > 0 {
				t.Fatalf("%d Services, problems %v", len(r.Services), r.Problems)
			}
			if got := serviceLine(&r.Services[0]); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestNamespaces(t *testing.T) {
	r := build(t, `{apiVersion: v1, kind: Namespace, metadata: {name: b, labels: {env: prod, kubernetes.io/metadata.name: wrong}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: a}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: c}}
---
{apiVersion: v1, kind: Service, metadata: {name: p}, spec: {ports: [{port: 1}]}}`)
	var got []string
	for _, n := range r.Namespaces {
		got = append(got, n.Name+" {"+n.Labels.String()+"}")
	}
	want := "a {kubernetes.io/metadata.name=a}; b {env=prod,kubernetes.io/metadata.name=b}; c {kubernetes.io/metadata.name=c}; default {kubernetes.io/metadata.name=default}"
	if s := strings.Join(got, "; "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	wantProblems := `warning: test.yaml:1:104: Namespace b: metadata.labels["kubernetes.io/metadata.name"]: the API server sets this label to "b" (leave it out)
warning: no Namespace object for a, c: labels other than kubernetes.io/metadata.name are taken as absent (add the Namespace objects if selectors use namespace labels)`
	if s := problems(r); s != wantProblems {
		t.Errorf("got\n%s\nwant\n%s", s, wantProblems)
	}
}

func problems(r Result) string {
	var out []string
	for _, p := range r.Problems {
		out = append(out, p.Error())
	}
	return strings.Join(out, "\n")
}

func TestNoWarningWithoutNamespaceObjects(t *testing.T) {
	if r := build(t, "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: a}}"); len(r.Problems) > 0 {
		t.Error(r.Problems)
	}
}
