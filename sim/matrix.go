package sim

import (
	"iter"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/model"
)

// MatrixOptions choose what a matrix lists.
type MatrixOptions struct {
	By           Granularity
	ExcludeSelf  bool // leave out a peer's connections to itself
	Nodes        bool // list nodes too
	Undetermined bool // also pairs of which nothing is allowed for certain but something may be
}

// Line is the connections from one peer to another.
type Line struct {
	From, To *Peer
	*Connections
}

// Matrix streams the connections of every pair of peers that has any, ordered
// by source and destination, external addresses first. skipped, if not nil,
// counts the pairs left out because all that may pass is undetermined.
func (s *Simulator) Matrix(o MatrixOptions, skipped *int) iter.Seq[Line] {
	return func(yield func(Line) bool) {
		w := &matrixWalk{s: s, o: o, p: s.engine.Pairs(), yield: yield, skipped: skipped}
		w.d = s.describer(w.p)
		w.peers, w.sources, w.dests = s.peers(o.By, o.Nodes), s.externals(model.Ingress), s.externals(model.Egress)
		w.row = make([]engine.Value, s.engine.Classes())
		w.gateways = newGatewayLines(s, w.d.adm, w.d.space)
		if w.d.adm != nil {
			w.proxied = make([]*members, len(w.peers))
			for i, p := range w.peers {
				w.proxied[i] = w.d.adm.of(p)
			}
		}
		w.run()
	}
}

// matrixWalk goes through all pairs.
type matrixWalk struct {
	s       *Simulator
	o       MatrixOptions
	p       *engine.Pairs
	d       *describer
	peers   []*Peer
	sources []*Peer // ranges of external addresses
	dests   []*Peer
	row     []engine.Value
	proxied []*members // of the peers, where there are proxies
	// gateways are ways of requests from outside; nil where there are none.
	gateways *gatewayLines
	yield    func(Line) bool
	skipped  *int
}

func (w *matrixWalk) run() {
	for _, x := range w.sources {
		for _, b := range w.peers {
			if !w.fromExternal(x, b) {
				return
			}
		}
		if w.gateways != nil && !w.throughGateways(x) {
			return
		}
	}
	for i, a := range w.peers {
		for _, x := range w.dests {
			if !w.toExternal(a, x) {
				return
			}
		}
		if !w.from(i) {
			return
		}
	}
}

// from emits the lines of one source.
func (w *matrixWalk) from(i int) bool {
	a := w.peers[i]
	simple := !a.host && len(a.classes) == 1
	if simple {
		w.p.From(a.classes[0], w.row)
	}
	for j, b := range w.peers {
		if a == b && w.o.ExcludeSelf {
			continue
		}
		var v pairValue
		agree := true
		if simple && a != b && len(b.classes) == 1 {
			v.Value = w.row[b.classes[0]]
		} else {
			v.Value, agree = w.s.between(w.p, a, b)
		}
		if agree && w.d.adm != nil && v.May != algebra.NoneID {
			v.by, agree = w.d.adm.across(w.proxied[i], w.proxied[j])
		}
		if agree && !w.emit(a, b, v) || !agree && !w.apart(a, b) {
			return false
		}
	}
	return true
}

// emit hands out a line unless there is nothing to say.
func (w *matrixWalk) emit(a, b *Peer, v pairValue) bool {
	if v.May == algebra.NoneID {
		return true
	}
	c := w.d.of(v)
	if c.Empty() {
		if c.Undetermined == "" {
			return true
		}
		if !w.o.Undetermined {
			if w.skipped != nil {
				*w.skipped++
			}
			return true
		}
	}
	return w.yield(Line{a, b, c})
}

// apart lists the pods of peers whose members do not agree: as few as tell the
// difference, one side whole where it agrees.
func (w *matrixWalk) apart(a, b *Peer) bool {
	for _, x := range w.s.pods(a) {
		if v, ok := w.value(x, b); ok && a != b {
			if !w.emit(x, b, v) {
				return false
			}
			continue
		}
		for _, y := range w.s.pods(b) {
			if x.Endpoints[0] == y.Endpoints[0] && (a == b || w.o.ExcludeSelf) {
				continue
			}
			v, _ := w.value(x, y)
			if !w.emit(x, y, v) {
				return false
			}
		}
	}
	return true
}

// value is what passes between two peers, and whether their members agree.
func (w *matrixWalk) value(a, b *Peer) (v pairValue, agree bool) {
	if v.Value, agree = w.s.between(w.p, a, b); agree {
		v.by, agree = w.d.adm.between(a, b)
	}
	return v, agree
}

func (w *matrixWalk) fromExternal(x, b *Peer) bool {
	return w.external(b, func(p *Peer) (v pairValue, ok bool) {
		if v.Value, ok = w.s.external(p, x, w.p.FromAddr); ok {
			v.by, ok = w.d.adm.external(x, p)
		}
		return v, ok
	}, func(p *Peer, v pairValue) bool { return w.emit(x, p, v) })
}

func (w *matrixWalk) toExternal(a, x *Peer) bool {
	return w.external(a, func(p *Peer) (v pairValue, ok bool) {
		v.Value, ok = w.s.external(p, x, w.p.ToAddr)
		return v, ok
	}, func(p *Peer, v pairValue) bool { return w.emit(p, x, v) })
}

// external emits what passes between a peer and a range of addresses: one line
// where its members agree, otherwise one for each.
func (w *matrixWalk) external(p *Peer, at func(*Peer) (pairValue, bool), emit func(*Peer, pairValue) bool) bool {
	if v, ok := at(p); ok {
		return emit(p, v)
	}
	for _, y := range w.s.pods(p) {
		v, _ := at(y)
		if !emit(y, v) {
			return false
		}
	}
	return true
}
