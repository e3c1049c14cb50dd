package istio

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"istio.io/istio/pkg/log"
)

// flowsPerMesh is how many flows are asked in each mesh.
const flowsPerMesh = 50

// gatewayFlowsPerMesh is how many more are asked at the gateway.
const gatewayFlowsPerMesh = 20

// TestMain silences istiod, which logs each refusal.
func TestMain(m *testing.M) {
	o := log.DefaultOptions()
	o.SetDefaultOutputLevel("all", log.NoneLevel)
	if err := log.Configure(o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// TestIstiodAgrees: on random meshes Envoy with istiod's configuration decides as
// netfate says; every difference belongs to a class.
//
// NETFATE_DIFF_MESHES and NETFATE_DIFF_SEED choose how many meshes and which.
func TestIstiodAgrees(t *testing.T) {
	first, n := setting(t, "NETFATE_DIFF_SEED", 1), setting(t, "NETFATE_DIFF_MESHES", 500)
	if testing.Short() {
		n = min(n, 100)
	}
	total, failures := run(first, n)
	t.Logf("seeds %d to %d: %s", first, first+n-1, total)
	for _, f := range failures {
		t.Error(f)
	}
	if n < 500 || len(failures) > 0 {
		return
	}
	for _, c := range classes() {
		if total.explained[c.name] == 0 {
			t.Errorf("the class %q explains nothing: has Istio changed?", c.name)
		}
	}
}

func setting(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// maxFailures is how many differences are minimised and reported.
const maxFailures = 6

// run compares n meshes from a seed on, several at a time.
func run(first, n uint64) (*tally, []string) {
	var (
		next     atomic.Uint64
		mu       sync.Mutex
		wg       sync.WaitGroup
		failures []string
	)
	total := newTally()
	for range 4 * runtime.GOMAXPROCS(0) { // istiod's stores wait for one another
		wg.Go(func() {
			own := newTally()
			for i := next.Add(1) - 1; i < n; i = next.Add(1) - 1 {
				if text := one(first+i, own); text != "" {
					mu.Lock()
					failures = append(failures, text)
					if len(failures) >= maxFailures {
						next.Store(n)
					}
					mu.Unlock()
				}
			}
			mu.Lock()
			total.add(own)
			mu.Unlock()
		})
	}
	wg.Wait()
	return total, failures
}

// one compares the mesh of a seed; the text is empty where both agree.
func one(seed uint64, t *tally) string {
	m := generate(seed)
	found, err := compare(m, flowsOf(m, seed, flowsPerMesh, gatewayFlowsPerMesh), t)
	if err != nil {
		text, _ := join(append([]any{m.settings}, m.objects...))
		return fmt.Sprintf("seed %d: %v\n%s", seed, err, text)
	}
	if len(found) == 0 {
		return ""
	}
	return fmt.Sprintf("seed %d: %d differences, the first:\n%s", seed, len(found), minimal(m, &found[0]))
}

// minimal describes a difference on the smallest mesh that has it.
func minimal(m *meshState, d *difference) string {
	last := *d
	var flows []flow
	if d.flow != nil {
		flows = append(flows, *d.flow)
	}
	m = shrink(m, func(smaller *meshState) bool {
		found, err := compare(smaller, flows, newTally())
		if err != nil {
			return false
		}
		for i := range found {
			if found[i].object == d.object && found[i].netfate == d.netfate && found[i].istio == d.istio {
				last = found[i]
				return true
			}
		}
		return false
	})
	text, err := join(append([]any{m.settings}, m.objects...))
	if err != nil {
		return err.Error()
	}
	return last.String() + "\n" + string(text)
}
