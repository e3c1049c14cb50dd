package sim_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// meshed writes a mesh of n workloads with a Service, an AuthorizationPolicy and,
// where a kind is given, a route each: a VirtualService or an HTTPRoute of the
// Service. Mutual TLS is STRICT.
func meshed(n int, route string) string {
	var b strings.Builder
	doc := func(format string, args ...any) { fmt.Fprintf(&b, "---\n"+format+"\n", args...) }
	for i := range n / 20 {
		doc("{apiVersion: v1, kind: Namespace, metadata: {name: n%d, labels: {istio-injection: enabled}}}", i)
	}
	doc("{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: default, namespace: istio-system}, spec: {mtls: {mode: STRICT}}}")
	for i := range n {
		ns := fmt.Sprintf("n%d", i%(n/20))
		doc("{apiVersion: apps/v1, kind: Deployment, metadata: {name: w%d, namespace: %s}, spec: {selector: {matchLabels: {app: w%d}}, template: {metadata: {labels: {app: w%d}}, spec: {serviceAccountName: w%d, containers: [{name: c, image: x}]}}}}", i, ns, i, i, i)
		doc("{apiVersion: v1, kind: Service, metadata: {name: w%d, namespace: %s}, spec: {selector: {app: w%d}, ports: [{name: http, port: 80, targetPort: 8080}]}}", i, ns, i)
		other := (i + 7) % n
		doc("{apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: {name: w%d, namespace: %s}, spec: {selector: {matchLabels: {app: w%d}}, rules: [{from: [{source: {principals: [cluster.local/ns/n%d/sa/w%d]}}], to: [{operation: {methods: [GET, POST], paths: [\"/api/w%d/*\"]}}]}, {from: [{source: {namespaces: [%s]}}], to: [{operation: {methods: [GET], paths: [\"/healthz\"]}}]}]}}", i, ns, i, other%(n/20), other, i, ns)
		switch route {
		case "VirtualService":
			doc("{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: w%d, namespace: %s}, spec: {hosts: [w%d], http: [{match: [{uri: {prefix: /api}}], route: [{destination: {host: w%d}}]}, {route: [{destination: {host: w%d}}]}]}}", i, ns, i, i, i)
		case "HTTPRoute":
			doc("{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: w%d, namespace: %s}, spec: {parentRefs: [{group: \"\", kind: Service, name: w%d}], rules: [{matches: [{path: {value: /api}}], backendRefs: [{name: w%d, port: 80}]}, {backendRefs: [{name: w%d, port: 80}]}]}}", i, ns, i, i, i)
		}
	}
	return b.String()
}

func loadMesh(b *testing.B, text string) *sim.Simulator {
	file := filepath.Join(b.TempDir(), "mesh.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	return load(b, file)
}

// BenchmarkMeshMatrix computes the matrix of 1,000 workloads of a mesh, requests
// included: about 1,000,000 pairs.
func BenchmarkMeshMatrix(b *testing.B) {
	s := loadMesh(b, meshed(1000, ""))
	lines, parts := 0, 0
	b.ReportAllocs()
	start := cpuTime()
	for b.Loop() {
		lines, parts = 0, 0
		for l := range s.Matrix(sim.MatrixOptions{ExcludeSelf: true}, nil) {
			if lines++; len(l.Requests) > 0 {
				parts++
			}
		}
	}
	b.ReportMetric(float64(cpuTime()-start)/float64(b.N), "cpu-ns/op")
	b.ReportMetric(float64(lines), "lines")
	b.ReportMetric(float64(parts), "lines-with-requests")
	b.ReportMetric(float64(s.Engine().Classes()), "classes")
	b.ReportMetric(float64(len(s.Snapshot().Objects)), "objects")
}

// asked is a request of w7 to w0, whose policy lets it in.
func asked(b *testing.B, s *sim.Simulator) model.Flow {
	m := s.Model()
	from := slices.IndexFunc(m.Endpoints, func(e model.Endpoint) bool { return e.Namespace == "n7" && strings.HasSuffix(e.WorkloadID(), "/w7") })
	to := slices.IndexFunc(m.Services, func(x model.Service) bool { return x.ID() == "n0/w0" })
	if from < 0 || to < 0 {
		b.Fatal("the ends of the request are not there")
	}
	return model.Flow{From: model.Party{Kind: model.PartyEndpoint, Index: from}, To: model.Party{Kind: model.PartyService, Index: to},
		Protocol: algebra.TCP, Port: 80, Request: &model.Request{Method: "GET", Host: "w0.n0", Path: "/api/w0/x"}}
}

// routed runs a benchmark where 1,000 AuthorizationPolicies and 1,000 routes are, of
// each kind.
func routed(b *testing.B, ask func(s *sim.Simulator, f model.Flow) model.Outcome) {
	for _, route := range []string{"VirtualService", "HTTPRoute"} {
		b.Run(route, func(b *testing.B) {
			s := loadMesh(b, meshed(1000, route))
			f := asked(b, s)
			b.ReportAllocs()
			start := cpuTime()
			for b.Loop() {
				if ask(s, f) != model.Allowed {
					b.Fatal("not allowed")
				}
			}
			b.ReportMetric(float64(cpuTime()-start)/float64(b.N), "cpu-ns/op")
			b.ReportMetric(float64(len(s.Snapshot().Objects)), "objects")
		})
	}
}

// BenchmarkRequestVerdict asks for one request with its trace.
func BenchmarkRequestVerdict(b *testing.B) {
	routed(b, func(s *sim.Simulator, f model.Flow) model.Outcome { return s.Verdict(f).Outcome })
}

// BenchmarkRequestDecide asks for one request's outcome alone.
func BenchmarkRequestDecide(b *testing.B) {
	routed(b, func(s *sim.Simulator, f model.Flow) model.Outcome { return s.Decide(f) })
}
