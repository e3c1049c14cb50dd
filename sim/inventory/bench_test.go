package inventory

import (
	"fmt"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/manifest"
)

// pods returns n pods of 500 workloads as kubectl prints them, in short.
func pods(n int) string {
	var b strings.Builder
	for i := range n {
		app := i % 500
		fmt.Fprintf(&b, `---
apiVersion: v1
kind: Pod
metadata:
  name: app%d-7d4b9c-%05d
  namespace: ns%03d
  labels: {app: app%d, tier: backend, version: v1, pod-template-hash: 7d4b9c}
  ownerReferences:
  - {apiVersion: apps/v1, kind: ReplicaSet, name: app%d-7d4b9c, uid: u, controller: true}
spec:
  nodeName: node%d
  containers:
  - name: c
    image: "x:1"
    ports: [{name: http, containerPort: 8080, protocol: TCP}, {name: metrics, containerPort: 9090, protocol: TCP}]
status: {phase: Running, hostIP: 192.168.49.2, podIP: 10.%d.%d.%d, podIPs: [{ip: 10.%d.%d.%d}]}
`, app, i, app%100, app, app, i%50, i>>16, i>>8&255, i&255, i>>16, i>>8&255, i&255)
	}
	return b.String()
}

func benchmark(b *testing.B, text string) {
	snap := load(b, text)
	opt := Options{Decoder: manifest.NewDecoder()}
	b.ReportAllocs()
	start, rounds := cpuTime(), 0
	for b.Loop() {
		rounds++
		if r := Build(snap, opt); len(r.Endpoints) != len(snap.Objects) || len(r.Problems) > 0 {
			b.Fatal(len(r.Endpoints), r.Problems)
		}
	}
	b.ReportMetric(float64((cpuTime()-start).Microseconds())/1000/float64(rounds), "cpu-ms/op")
}

// BenchmarkBuildPods reads 50,000 pods; the parse is not counted.
func BenchmarkBuildPods(b *testing.B) { benchmark(b, pods(50_000)) }

// BenchmarkBuildDeployments reads 1,000 templates.
func BenchmarkBuildDeployments(b *testing.B) {
	var text strings.Builder
	for i := range 1000 {
		text.WriteString("---" + strings.Replace(strings.Replace(deployment, "---", "", 1), "name: web,", fmt.Sprintf("name: web%d,", i), 1))
	}
	benchmark(b, text.String())
}
