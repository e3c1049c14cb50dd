package sim_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/internal/gencluster"
)

// BenchmarkMatrix goes the whole way: manifests in a file to the lines of the
// matrix, by workload.
func BenchmarkMatrix(b *testing.B) {
	for _, c := range []struct {
		name string
		size gencluster.Size
	}{
		{"301", gencluster.Size{Namespaces: 30, Apps: 10, Replicas: 1, Policies: 5, Templates: true}},
		{"501", gencluster.Size{Namespaces: 50, Apps: 10, Replicas: 1, Policies: 5, Templates: true}},
		{"1001", gencluster.Size{Namespaces: 100, Apps: 10, Replicas: 1, Policies: 5, Templates: true}},
	} {
		b.Run(c.name, func(b *testing.B) {
			file := manifests(b, c.size)
			var s *sim.Simulator
			lines := 0
			b.ReportAllocs()
			start := cpuTime()
			for b.Loop() {
				s = load(b, file)
				lines = 0
				for range s.Matrix(sim.MatrixOptions{ExcludeSelf: true}, nil) {
					lines++
				}
			}
			b.ReportMetric(float64(cpuTime()-start)/float64(b.N), "cpu-ns/op")
			b.ReportMetric(float64(lines), "lines")
			b.ReportMetric(float64(s.Engine().Classes()), "classes")
			b.ReportMetric(float64(s.Engine().Rows()), "rows")
			b.ReportMetric(float64(len(s.Snapshot().Objects)), "objects")
		})
	}
}

func manifests(tb testing.TB, size gencluster.Size) string {
	file := filepath.Join(tb.TempDir(), "cluster.yaml")
	if err := os.WriteFile(file, []byte(gencluster.New(size).Manifests()), 0o600); err != nil {
		tb.Fatal(err)
	}
	return file
}

func load(tb testing.TB, file string) *sim.Simulator {
	snap, err := sim.Load(context.Background(), collect.Options{Sources: []string{file}})
	if err != nil {
		tb.Fatal(err)
	}
	s, err := sim.New(snap, sim.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// TestGeneratedClusters: the model that engine benchmarks use is the one that
// the manifests mean.
func TestGeneratedClusters(t *testing.T) {
	for _, templates := range []bool{false, true} {
		size := gencluster.Size{Namespaces: 6, Apps: 8, Replicas: 2, Policies: 20, Templates: templates}
		s, m := load(t, manifests(t, size)), gencluster.New(size).Model()
		if len(s.Problems()) > 0 {
			t.Fatal(s.Problems())
		}
		if got, want := s.Model().Policies(), m.Policies(); got != want || len(s.Model().Endpoints) != len(m.Endpoints) {
			t.Errorf("%d policies and %d endpoints, not %d and %d", got, len(s.Model().Endpoints), want, len(m.Endpoints))
		}
		e := engine.Compile(m)
		if got := s.Engine(); got.Classes() != e.Classes() || got.Rows() != e.Rows() {
			t.Errorf("%d classes and %d rows, not %d and %d", got.Classes(), got.Rows(), e.Classes(), e.Rows())
		}
	}
}
