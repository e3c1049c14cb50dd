package sim

import (
	"iter"

	"github.com/netfate/netfate/sim/algebra"
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
	// Opens and Closes are smallest examples of what gets through after and not
	// before, and the other way round; nil for nothing.
	Opens, Closes *Gain
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
		w.emit = func(from, to []*Peer, vals []walkValue) bool {
			line := ChangeLine{From: first(from), To: first(to), Before: w.words(vals[0]), After: w.words(vals[1])}
			line.Opens, line.Closes = line.After.exceeds(line.Before), line.Before.exceeds(line.After)
			line.Kind = changeKind(&line)
			line.Because = a.because(from, to, &line)
			return yield(line)
		}
		if !w.run() {
			return
		}
		w.throughGateways(func(from, to []*Peer, vals []*Requests) bool {
			line := ChangeLine{From: first(from), To: first(to), Before: throughOnly(vals[0]), After: throughOnly(vals[1])}
			line.Opens, line.Closes = line.After.exceeds(line.Before), line.Before.exceeds(line.After)
			line.Kind = changeKind(&line)
			line.Because = a.becauseOfGateway(from[0], to, &line, vals)
			return yield(line)
		})
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

func changeKind(l *ChangeLine) ChangeKind {
	switch {
	case l.Opens != nil && l.Closes == nil:
		return Opened
	case l.Closes != nil && l.Opens == nil:
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
