package scenarios

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
)

// cluster writes n workloads, each with a policy that lets the one before it in.
func cluster(tb testing.TB, n int) string {
	tb.Helper()
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: w%[1]d, namespace: ns%[2]d}
spec:
  selector: {matchLabels: {app: w%[1]d}}
  template:
    metadata: {labels: {app: w%[1]d}}
    spec: {containers: [{name: c, image: x}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: w%[1]d, namespace: ns%[2]d}
spec:
  podSelector: {matchLabels: {app: w%[1]d}}
  policyTypes: [Ingress]
  ingress:
    - from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: w%[3]d}}}]
      ports: [{protocol: TCP, port: 8080}]
`, i, i/10, max(0, i-1))
	}
	dir := tb.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "all.yaml"), []byte(b.String()), 0o600); err != nil {
		tb.Fatal(err)
	}
	return dir
}

// BenchmarkOnly proves "only A can reach B" over 1,000 workloads of a class
// each and all addresses: 1,000 classes, 1,001 rows.
func BenchmarkOnly(b *testing.B) {
	dir := cluster(b, 1000)
	snap, err := sim.Load(context.Background(), collect.Options{Sources: []string{dir}})
	if err != nil {
		b.Fatal(err)
	}
	made, err := sim.New(snap, sim.Options{Network: "calico", PodCIDRs: []string{"10.244.0.0/16"}})
	if err != nil {
		b.Fatal(err)
	}
	v := newView(made)
	s := &scenario{w: &world{o: &Options{Snapshot: snap, Network: "calico", PodCIDRs: []string{"10.244.0.0/16"}}}}
	dst, err := v.resolve(subject{name: "ns50/w500", text: `"ns50/w500"`})
	if err != nil {
		b.Fatal(err)
	}
	src, err := v.resolve(subject{name: "ns49/w499", text: `"ns49/w499"`})
	if err != nil {
		b.Fatal(err)
	}
	w, err := parseWant("")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		q := question{from: v.without([]*ends{src}), to: dst, want: w, deny: true}
		if err := s.nobody(context.Background(), v, q, "else", []*ends{src, dst}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkScenarios runs 200 scenarios over manifests that are loaded once.
func BenchmarkScenarios(b *testing.B) {
	dir := cluster(b, 1000)
	var f strings.Builder
	f.WriteString("Feature: many\n  Background:\n    Given the manifests in \".\"\n    And the network is \"calico\"\n    And pods have addresses in \"10.244.0.0/16\"\n")
	for i := 1; i <= 200; i++ {
		fmt.Fprintf(&f, "  Scenario: s%d\n    Then only \"ns%d/w%d\" can reach \"ns%d/w%d\"\n", i, (i-1)/10, i-1, i/10, i)
	}
	file := filepath.Join(dir, "many.feature")
	if err := os.WriteFile(file, []byte(f.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r, err := Run(context.Background(), Options{Paths: []string{file}})
		if err != nil || r.Passed != 200 {
			b.Fatal(r, err)
		}
	}
}
