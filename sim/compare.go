package sim

import "iter"

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
		w.emit = func(from, to []*Peer, vals []walkValue) bool {
			d := Difference{From: first(from), To: first(to)}
			for _, v := range vals {
				d.By = append(d.By, w.words(v))
			}
			return yield(d)
		}
		w.run()
	}
}
