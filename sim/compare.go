package sim

import (
	"iter"

	"github.com/netfate/netfate/sim/engine"
)

// Difference is a pair of peers for which simulators predict different connections.
type Difference struct {
	From, To *Peer
	By       []*Connections // one a simulator, in the order given
}

// Compare streams the pairs on which simulators of the same snapshot under
// different profiles do not predict the same connections, ordered as a matrix.
func Compare(sims []*Simulator, o MatrixOptions) iter.Seq[Difference] {
	return func(yield func(Difference) bool) {
		w := newPairWalk(o, sims...)
		fams := planFamilies(sims...)
		memo := map[engine.Value]*Connections{}
		w.emit = func(from, to []*Peer, vals []engine.Value) bool {
			d := Difference{From: first(from), To: first(to)}
			for _, v := range vals {
				if memo[v] == nil {
					memo[v] = describe(w.in.Set(v.Allow), w.in.Set(v.May), fams)
				}
				d.By = append(d.By, memo[v])
			}
			return yield(d)
		}
		w.run()
	}
}
