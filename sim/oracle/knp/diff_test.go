package knp

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// flowsPerCluster is how many flows are asked in each cluster.
const flowsPerCluster = 60

// TestEngineAgrees: on random clusters kube-network-policies decides as netfate
// says under its profile, and as the neutral profile says where that is
// determined; every difference belongs to a class.
//
// NETFATE_DIFF_CLUSTERS and NETFATE_DIFF_SEED choose how many clusters and which.
func TestEngineAgrees(t *testing.T) {
	first, n := setting(t, "NETFATE_DIFF_SEED", 1), setting(t, "NETFATE_DIFF_CLUSTERS", 2000)
	if testing.Short() {
		n = min(n, 200)
	}
	total, failures := run(first, n)
	t.Logf("seeds %d to %d: %s", first, first+n-1, total)
	for _, f := range failures {
		t.Error(f)
	}
	if n < 2000 {
		return
	}
	for _, c := range classes() {
		if total.explained(c.name) == 0 {
			t.Errorf("the class %q explains nothing: has the engine changed?", c.name)
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
const maxFailures = 5

// run compares n clusters from a seed on, several at a time.
func run(first, n uint64) (*tally, []string) {
	var (
		next     atomic.Uint64
		mu       sync.Mutex
		wg       sync.WaitGroup
		failures []string
	)
	total := newTally()
	for range runtime.GOMAXPROCS(0) {
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

// one compares the cluster of a seed; the text is empty where both agree.
func one(seed uint64, t *tally) string {
	c := generate(seed)
	found, err := compare(c, flowsOf(c, seed, flowsPerCluster), t)
	if err != nil {
		text, _ := c.manifests()
		return fmt.Sprintf("seed %d: %v\n%s", seed, err, text)
	}
	if len(found) == 0 {
		return ""
	}
	return fmt.Sprintf("seed %d: %d differences, the first:\n%s", seed, len(found), minimal(c, &found[0]))
}

// minimal describes a difference on the smallest cluster that has it.
func minimal(c *cluster, d *difference) string {
	last := *d
	c = shrink(c, func(smaller *cluster) bool {
		found, err := compare(smaller, []flow{d.flow}, newTally())
		if err != nil {
			return false
		}
		for i := range found {
			if found[i].profile == d.profile && found[i].netfate.Outcome == d.netfate.Outcome {
				last = found[i]
				return true
			}
		}
		return false
	})
	c.spelling.list = false
	text, err := c.manifests()
	if err != nil {
		return err.Error()
	}
	return last.String() + "\n" + string(text)
}
