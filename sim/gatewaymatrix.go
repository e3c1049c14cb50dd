package sim

import (
	"maps"
	"slices"

	"github.com/netfate/netfate/sim/model"
)

// throughGateways emits what gets from a range of addresses through gateways.
func (w *matrixWalk) throughGateways(src *Peer) bool {
	all := w.gateways.from(src)
	for _, d := range slices.SortedFunc(maps.Keys(all), compareDoors) {
		for _, p := range w.peers {
			if !w.byDoor(src, p, all[d]) {
				return false
			}
		}
	}
	return true
}

// byDoor emits what gets to a peer: one line where its members agree.
func (w *matrixWalk) byDoor(src, p *Peer, at map[int]*Requests) bool {
	r, agree := w.gateways.of(p, at)
	if agree {
		return w.emitThrough(src, p, r)
	}
	for _, y := range w.s.pods(p) {
		if !w.emitThrough(src, y, at[y.Endpoints[0]]) {
			return false
		}
	}
	return true
}

func (w *matrixWalk) emitThrough(src, p *Peer, r *Requests) bool {
	switch {
	case r == nil:
		return true
	case r.Sure.IsEmpty() && !w.o.Undetermined:
		if w.skipped != nil {
			*w.skipped++
		}
		return true
	}
	return w.yield(Line{src, p, throughOnly(r)})
}

// throughGateways hands out, for each range of addresses, what differs between the sides of
// what gets through gateways.
func (w *pairWalk) throughGateways(emit func(from, to []*Peer, values []*Requests) bool) bool {
	for _, src := range w.externals(model.Ingress) {
		all := make([]map[door]map[int]*Requests, len(w.side))
		doors := map[door]bool{}
		for i, side := range w.side {
			all[i] = side.gateways.from(src)
			for d := range all[i] {
				doors[d] = true
			}
		}
		for _, d := range slices.SortedFunc(maps.Keys(doors), compareDoors) {
			for _, to := range w.union() {
				if !w.byDoor(src, to, d, all, emit) {
					return false
				}
			}
		}
	}
	return true
}

// byDoor hands out what differs of what gets to a peer, or to its pods where they do
// not agree on some side.
func (w *pairWalk) byDoor(src *Peer, to []*Peer, d door, all []map[door]map[int]*Requests, emit func(from, to []*Peer, values []*Requests) bool) bool {
	values, differ := make([]*Requests, len(w.side)), false
	for i, side := range w.side {
		r, agree := side.gateways.of(to[i], all[i][d])
		if !agree {
			for _, y := range w.podsOf(to) {
				if !w.byDoor(src, y, d, all, emit) {
					return false
				}
			}
			return true
		}
		values[i] = r
		differ = differ || !sameWay(r, values[0])
	}
	return !differ || emit(w.same(src), to, values)
}
