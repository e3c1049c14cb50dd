package sim_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
)

// gatewayService is the Service before the gateway's pods.
const gatewayService = `---
apiVersion: v1
kind: Service
metadata: {name: gw, namespace: t, labels: {gateway.networking.k8s.io/gateway-name: gw}}
spec: {type: LoadBalancer, selector: {gateway.networking.k8s.io/gateway-name: gw}, clusterIP: 10.96.0.2, ports: [{name: http, port: 80, targetPort: 8000}]}
status: {loadBalancer: {ingress: [{ip: 203.0.113.80}]}}
---
apiVersion: v1
kind: Node
metadata: {name: n1}
status: {addresses: [{type: InternalIP, address: 172.18.0.2}]}
`

// gatewayManifest is a gateway with n HTTPRoutes, ten for each host.
func gatewayManifest(n int) string {
	var b strings.Builder
	b.WriteString(`apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: t}
spec: {gatewayClassName: c, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: v1
kind: Pod
metadata: {name: gw, namespace: t, labels: {gateway.networking.k8s.io/gateway-name: gw}}
status: {podIP: 10.0.0.1}
---
apiVersion: v1
kind: Pod
metadata: {name: s, namespace: t, labels: {app: s}}
status: {podIP: 10.0.0.2}
---
apiVersion: v1
kind: Service
metadata: {name: s, namespace: t}
spec: {selector: {app: s}, clusterIP: 10.96.0.1, ports: [{port: 80, targetPort: 8080}]}
`)
	for i := range n {
		fmt.Fprintf(&b, `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r%d, namespace: t}
spec:
  parentRefs: [{name: gw}]
  hostnames: [h%d.example.com]
  rules: [{matches: [{path: {value: /p%d}, method: GET}], backendRefs: [{name: s, port: 80}]}]
`, i, i/10, i%10)
	}
	return b.String()
}

// BenchmarkGateway answers a request from outside through a gateway with 1,000
// HTTPRoutes, with its whole trace; the choice of the route alone is l7's
// BenchmarkRequest.
func BenchmarkGateway(b *testing.B) {
	s, f := throughGateway(b, "")
	b.ReportAllocs()
	start := cpuTime()
	for b.Loop() {
		s.Verdict(f)
	}
	b.ReportMetric(float64(cpuTime()-start)/float64(b.N), "cpu-ns/op")
}

// BenchmarkGatewayDecide is BenchmarkGateway for the outcome alone, where the gateway's
// pods are reached directly and where they are behind a load balancer.
func BenchmarkGatewayDecide(b *testing.B) {
	for name, before := range map[string]string{"pods": "", "LoadBalancer": gatewayService} {
		b.Run(name, func(b *testing.B) {
			s, f := throughGateway(b, before)
			b.ReportAllocs()
			start := cpuTime()
			for b.Loop() {
				if s.Decide(f) != model.Allowed {
					b.Fatal("not the verdict")
				}
			}
			b.ReportMetric(float64(cpuTime()-start)/float64(b.N), "cpu-ns/op")
		})
	}
}

func throughGateway(b *testing.B, before string) (*sim.Simulator, model.Flow) {
	snap, err := sim.Load(context.Background(), collect.Options{Sources: []string{"-"}, Stdin: strings.NewReader(gatewayManifest(1000) + before)})
	if err != nil {
		b.Fatal(err)
	}
	s, err := sim.New(snap, sim.Options{})
	if err != nil {
		b.Fatal(err)
	}
	from, err := s.Resolve("203.0.113.1")
	if err != nil {
		b.Fatal(err)
	}
	c, err := sim.ParseCall("GET", "http://h55.example.com/p7/x")
	if err != nil {
		b.Fatal(err)
	}
	f := s.Flow(from.Parties[0], c)
	if v := s.Verdict(f); v.Outcome != model.Allowed {
		b.Fatal(v.Outcome, v.Reasons)
	}
	return s, f
}
