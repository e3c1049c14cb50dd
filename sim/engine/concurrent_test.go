package engine_test

import (
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/oracle/random"
)

// TestConcurrent asks one engine everything at once; the race detector watches.
func TestConcurrent(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 0))
		m := random.Model(r, random.Small())
		e, list, qs := engine.Compile(m), changes(r, m, 4), random.Questions(r, m, 20)
		var wg sync.WaitGroup
		for _, ch := range list {
			wg.Go(func() {
				after, aff, shares := e.With(ch)
				if shares {
					engine.NewDiffer(e, after, aff).Each(func(engine.Delta) {})
				}
				for _, q := range qs {
					e.Decide(asked(q))
					e.Trace(asked(q))
					after.Blockers(asked(q))
				}
				after.Model()
				e.Pairs().Blocks(func(engine.Block) bool { return true })
			})
		}
		wg.Wait()
	}
}
