package engine_test

import (
	"math"
	"testing"

	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/internal/gencluster"
)

// TestGrowth: where the policies stay and the classes double, compiling goes
// through no more than n log n times as much for each row.
func TestGrowth(t *testing.T) {
	var before float64
	for apps := 50; apps <= 1600; apps *= 2 {
		e := engine.Compile(gencluster.New(gencluster.Size{Namespaces: 6, Apps: apps, Replicas: 1, Policies: 40}).Model())
		n := float64(e.Classes())
		perRow := float64(e.Work()) / float64(e.Rows())
		t.Logf("%5.0f classes, %4d rows, %7d steps", n, e.Rows(), e.Work())
		if limit := 2 * math.Log(n) / math.Log(n/2); before > 0 && perRow > before*limit {
			t.Errorf("%.0f classes: %.0f steps a row, %.0f at half as many classes: more than %.2f times", n, perRow, before, limit)
		}
		before = perRow
	}
}

// TestGrowthOfRows: where namespaces double, and with them classes, policies and
// rows, a row has no more than twice the runs.
func TestGrowthOfRows(t *testing.T) {
	var before float64
	for spaces := 10; spaces <= 80; spaces *= 2 {
		e := engine.Compile(gencluster.New(gencluster.Size{Namespaces: spaces, Apps: 20, Replicas: 1, Policies: 20}).Model())
		perRow := float64(e.Work()) / float64(e.Rows())
		t.Logf("%5d classes, %4d rows, %7d steps", e.Classes(), e.Rows(), e.Work())
		if before > 0 && perRow > 2*before {
			t.Errorf("%d namespaces: %.0f steps a row, %.0f at half as many namespaces", spaces, perRow, before)
		}
		before = perRow
	}
}

// TestWhatIfIsLocal: a change of one policy makes as many rows anew in a large
// cluster as in a small one.
func TestWhatIfIsLocal(t *testing.T) {
	for _, spaces := range []int{10, 20, 40} {
		m := gencluster.New(gencluster.Size{Namespaces: spaces, Apps: 50, Replicas: 1, Policies: 100}).Model()
		e := engine.Compile(m)
		_, aff, shares := e.With(oneChange(m))
		if !shares {
			t.Fatal("the change parts classes")
		}
		if n := aff[0].Size() + aff[1].Size(); n > 100 {
			t.Errorf("%d namespaces: %d classes affected", spaces, n)
		}
	}
}
