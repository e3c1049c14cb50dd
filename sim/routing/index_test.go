package routing

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// many returns n Services, each with three of 3n pods, in one namespace.
func many(n int) string {
	var b strings.Builder
	for i := range 3 * n {
		fmt.Fprintf(&b, "{apiVersion: v1, kind: Pod, metadata: {name: p%05d, labels: {app: a%d, env: prod}}, status: {podIP: 10.0.%d.%d}}\n---\n", i, i%n, i>>8, i&255)
	}
	for i := range n {
		b.WriteString(svc(fmt.Sprintf("s%05d", i), fmt.Sprintf("selector: {app: a%d, env: prod}, ports: [{port: 80, targetPort: 8080}]", i)))
	}
	return b.String()
}

// TestConcurrentUse asks one index from many goroutines.
func TestConcurrentUse(t *testing.T) {
	m := load(t, many(50))
	ix := NewIndex(m)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range m.Services {
				f := model.Flow{From: model.Party{Index: g}, To: model.Party{Kind: model.PartyService, Index: i}, Protocol: algebra.TCP, Port: 80}
				if r := ix.Expand(f, algebra.IPv4); len(r.Targets) != 3 {
					t.Errorf("%d targets", len(r.Targets))
				}
				ix.ResolveAddress(m.Endpoints[i].IPs[0])
			}
		})
	}
	wg.Wait()
}

// BenchmarkExpand follows a flow to one of 1,000 Services of three pods each.
func BenchmarkExpand(b *testing.B) {
	m := load(b, many(1000))
	ix := NewIndex(m)
	f := model.Flow{To: model.Party{Kind: model.PartyService}, Protocol: algebra.TCP, Port: 80}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		f.To.Index = i % len(m.Services)
		if r := ix.Expand(f, algebra.IPv4); len(r.Targets) != 3 {
			b.Fatal(len(r.Targets))
		}
	}
}

// BenchmarkIndex builds the index and looks behind each of 1,000 Services.
func BenchmarkIndex(b *testing.B) {
	m := load(b, many(1000))
	b.ReportAllocs()
	for b.Loop() {
		ix := NewIndex(m)
		for i := range m.Services {
			if len(ix.Backends(i)) != 3 {
				b.Fatal(i)
			}
		}
	}
}
