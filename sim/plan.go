package sim

import (
	"iter"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/model"
)

// ChangeKind says what a change does to the connections of a pair.
type ChangeKind string

// The kinds. A pair is opened if it only gains connections, closed if it only
// loses some, changed if both, or if only what is undetermined changes.
const (
	Opened  ChangeKind = "opened"
	Closed  ChangeKind = "closed"
	Changed ChangeKind = "changed"
)

// ChangeLine is what a change does to the connections from one peer to another.
type ChangeLine struct {
	Kind          ChangeKind
	From, To      *Peer
	Before, After *Connections
	Because       []model.Origin // the objects and fields of the change that cause it
}

// Plan streams the exact difference between two simulators, ordered as a
// matrix, with the objects that cause each line. If after was made of before by
// Apply, only what the change can affect is computed.
func Plan(before, after *Simulator, o MatrixOptions) iter.Seq[ChangeLine] {
	return func(yield func(ChangeLine) bool) {
		w := newPairWalk(o, before, after)
		w.only = after.touched(before, w)
		a := newAttribution(before, after)
		fams := planFamilies(before, after)
		memo := map[engine.Value]*Connections{}
		words := func(v engine.Value) *Connections {
			if memo[v] == nil {
				memo[v] = describe(w.in.Set(v.Allow), w.in.Set(v.May), fams)
			}
			return memo[v]
		}
		w.emit = func(from, to []*Peer, vals []engine.Value) bool {
			line := ChangeLine{From: first(from), To: first(to), Before: words(vals[0]), After: words(vals[1])}
			line.Kind = changeKind(line.Before, line.After)
			line.Because = a.because(from, to, line.Before, line.After)
			return yield(line)
		}
		w.run()
	}
}

func planFamilies(sims ...*Simulator) []algebra.Family {
	v4, v6 := false, false
	for _, s := range sims {
		v4, v6 = v4 || s.m.V4, v6 || s.m.V6
	}
	var out []algebra.Family
	if v4 {
		out = append(out, algebra.IPv4)
	}
	if v6 {
		out = append(out, algebra.IPv6)
	}
	return out
}

func changeKind(before, after *Connections) ChangeKind {
	gained := !after.Allow.SubsetOf(before.Allow)
	lost := !before.Allow.SubsetOf(after.Allow)
	switch {
	case gained && !lost:
		return Opened
	case lost && !gained:
		return Closed
	}
	return Changed
}

// touched returns which pairs the change from before may affect; nil is all.
func (s *Simulator) touched(before *Simulator, w *pairWalk) func(from, to *Peer) bool {
	if s.parent != before {
		return nil
	}
	hit := func(p *Peer, d model.Direction) bool {
		for _, k := range p.classes {
			if s.affected[d].Contains(k) {
				return true
			}
		}
		return false
	}
	return func(from, to *Peer) bool { return hit(to, model.Ingress) || hit(from, model.Egress) }
}
