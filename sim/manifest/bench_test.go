package manifest

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	netv1 "k8s.io/api/networking/v1"
)

// pods returns n pods in one file, as a cluster dump or a generator writes them, about 430 bytes each.
func pods(n int) []byte {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString("---\n")
		}
		ip := fmt.Sprintf("10.%d.%d.%d", i>>16&255, i>>8&255, i&255)
		fmt.Fprintf(&b, `apiVersion: v1
kind: Pod
metadata:
  name: app%d-%d
  namespace: ns%04d
  labels: {app: "app%d", tier: "frontend", version: "v0"}
spec: {nodeName: node%d, containers: [{name: c, image: "x:1", ports: [{name: http, containerPort: 8080, protocol: TCP}, {name: metrics, containerPort: 9090, protocol: TCP}]}]}
status: {phase: Running, hostIP: 192.168.49.2, podIP: %s, podIPs: [{ip: %s}]}
`, i/10, i%10, i/500, i/10, i%50, ip, ip)
	}
	return []byte(b.String())
}

const policyText = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: p003-tier
  namespace: ns0001
spec:
  podSelector: {matchLabels: {tier: "db"}}
  policyTypes: [Ingress, Egress]
  ingress:
  - from:
    - podSelector:
        matchLabels:
          tier: backend
    - ipBlock:
        cidr: 198.18.0.0/15
        except: [198.18.7.0/24]
    ports:
    - protocol: TCP
      port: 8080
    - {protocol: TCP, port: metrics}
  egress:
  - {to: [{podSelector: {}}]}
`

func reportObjects(b *testing.B, perOp int) {
	b.ReportMetric(float64(b.N)*float64(perOp)/b.Elapsed().Seconds(), "objects/s")
}

// BenchmarkParsePods parses 500 small pods in one file.
func BenchmarkParsePods(b *testing.B) {
	data := pods(500)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if docs, errs := Parse("pods.yaml", data, Limits{}); len(docs) != 500 || len(errs) > 0 {
			b.Fatal(len(docs), errs)
		}
	}
	reportObjects(b, 500)
}

// BenchmarkReaderPods is BenchmarkParsePods in memory that is used again for each file.
func BenchmarkReaderPods(b *testing.B) {
	data := pods(500)
	r := NewReader(Limits{})
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if docs, errs := r.Parse("pods.yaml", data); len(docs) != 500 || len(errs) > 0 {
			b.Fatal(len(docs), errs)
		}
	}
	reportObjects(b, 500)
}

// BenchmarkParseDecodePods reads 500 pods and checks them, decodes what a simulator needs of them, or
// decodes all of them. The size of corev1.Pod (1192 bytes, and 408 for each container) is most of the
// cost of decoding.
func BenchmarkParseDecodePods(b *testing.B) {
	data := pods(500)
	opts := DecodeOptions{Skip: []string{"spec.containers", "status.containerStatuses"}}
	for _, mode := range []struct {
		name string
		do   func(d *Decoder, n *Node) []Error
	}{
		{"validate", func(d *Decoder, n *Node) []Error {
			return d.Validate("pods.yaml", n, reflect.TypeFor[corev1.Pod](), DecodeOptions{})
		}},
		{"skip", func(d *Decoder, n *Node) []Error { return d.Decode("pods.yaml", n, new(corev1.Pod), opts) }},
		{"all", func(d *Decoder, n *Node) []Error { return d.Decode("pods.yaml", n, new(corev1.Pod), DecodeOptions{}) }},
	} {
		b.Run(mode.name, func(b *testing.B) {
			d, r := NewDecoder(), NewReader(Limits{})
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				docs, _ := r.Parse("pods.yaml", data)
				for i := range docs {
					if errs := mode.do(d, docs[i].Root); len(errs) > 0 {
						b.Fatal(errs)
					}
				}
			}
			reportObjects(b, 500)
		})
	}
}

// BenchmarkParseSlow parses the same pods with one alias in each, which only the YAML library reads.
func BenchmarkParseSlow(b *testing.B) {
	data := []byte(strings.ReplaceAll(string(pods(50)), `tier: "frontend"`, `tier: &t "frontend", also: *t`))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if docs, errs := Parse("pods.yaml", data, Limits{}); len(docs) != 50 || len(errs) > 0 {
			b.Fatal(len(docs), errs)
		}
	}
	reportObjects(b, 50)
}

// BenchmarkDecodeNetworkPolicy decodes one policy of two rules.
func BenchmarkDecodeNetworkPolicy(b *testing.B) {
	docs, _ := Parse("p.yaml", []byte(policyText), Limits{})
	d := NewDecoder()
	b.ReportAllocs()
	for b.Loop() {
		var np netv1.NetworkPolicy
		if errs := d.Decode("p.yaml", docs[0].Root, &np, DecodeOptions{}); len(errs) > 0 {
			b.Fatal(errs)
		}
	}
	reportObjects(b, 1)
}

// BenchmarkDecodePod decodes one small pod.
func BenchmarkDecodePod(b *testing.B) {
	docs, _ := Parse("p.yaml", pods(1), Limits{})
	d := NewDecoder()
	b.ReportAllocs()
	for b.Loop() {
		var pod corev1.Pod
		if errs := d.Decode("p.yaml", docs[0].Root, &pod, DecodeOptions{}); len(errs) > 0 {
			b.Fatal(errs)
		}
	}
	reportObjects(b, 1)
}

// BenchmarkValidatePod checks one small pod without building it.
func BenchmarkValidatePod(b *testing.B) {
	docs, _ := Parse("p.yaml", pods(1), Limits{})
	d := NewDecoder()
	b.ReportAllocs()
	for b.Loop() {
		if errs := d.Validate("p.yaml", docs[0].Root, reflect.TypeFor[corev1.Pod](), DecodeOptions{}); len(errs) > 0 {
			b.Fatal(errs)
		}
	}
	reportObjects(b, 1)
}
