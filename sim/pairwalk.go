package sim

import (
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/model"
)

// pairWalk goes through the pairs of peers of several simulators side by side
// and hands out those on which they differ. Peers are the same where their ID
// and kind are.
type pairWalk struct {
	o    MatrixOptions
	in   *algebra.Interner // values of all sides are compared in its IDs
	side []*walkSide
	// only limits the walk to pairs that may differ; nil is all pairs.
	only func(from, to *Peer) bool
	// emit receives a pair; a side that lacks a peer has nil there.
	emit func(from, to []*Peer, vals []walkValue) bool
	// requests are lists that values name, by number and one, and their numbers.
	requests [][]Requests
	numbers  map[string]int32
	fams     []algebra.Family
	said     map[walkValue]*Connections
}

// walkValue is what passes between two peers in the walk's own numbers.
type walkValue struct {
	engine.Value
	requests int32
}

// walkSide is one simulator of a walk.
type walkSide struct {
	s     *Simulator
	p     *engine.Pairs
	peers map[sideKey]*Peer
	row   []engine.Value
	rowOf *Peer
	memo  map[pairValue]walkValue
	adm   *Proxies
	// gateways are ways of requests from outside; nil where there are none.
	gateways *gatewayLines
}

type sideKey struct{ id, kind string }

func (p *Peer) key() sideKey { return sideKey{p.ID, p.Kind} }

func newPairWalk(o MatrixOptions, sims ...*Simulator) *pairWalk {
	w := &pairWalk{o: o, in: algebra.NewInterner(), numbers: map[string]int32{}, fams: planFamilies(sims...), said: map[walkValue]*Connections{}}
	sp := newSpace(sims...)
	for _, s := range sims {
		side := &walkSide{s: s, p: s.engine.Pairs(), peers: map[sideKey]*Peer{}, memo: map[pairValue]walkValue{},
			row: make([]engine.Value, s.engine.Classes()), adm: newProxies(s, sp)}
		side.gateways = newGatewayLines(s, side.adm, sp)
		for _, p := range s.peers(o.By, o.Nodes) {
			side.peers[p.key()] = p
		}
		w.side = append(w.side, side)
	}
	return w
}

// union lists the peers of all sides in order, each as one peer a side.
func (w *pairWalk) union() [][]*Peer {
	byKey := map[sideKey][]*Peer{}
	var order []*Peer
	for i, side := range w.side {
		for k, p := range side.peers {
			if byKey[k] == nil {
				byKey[k] = make([]*Peer, len(w.side))
				order = append(order, p)
			}
			byKey[k][i] = p
		}
	}
	slices.SortFunc(order, comparePeers)
	out := make([][]*Peer, len(order))
	for i, p := range order {
		out[i] = byKey[p.key()]
	}
	return out
}

// externals lists the ranges of addresses that some side tells apart.
func (w *pairWalk) externals(d model.Direction) []*Peer {
	var sets []algebra.AddrSet
	v4, v6 := false, false
	for _, side := range w.side {
		for _, r := range side.s.engine.ExternalRanges(d) {
			sets = append(sets, algebra.AddrSet{r})
		}
		if d == model.Ingress {
			sets = append(sets, side.adm.blocks()...)
		}
		v4, v6 = v4 || side.s.m.V4, v6 || side.s.m.V6
	}
	var out []*Peer
	for _, r := range algebra.Partition(sets) {
		if (r.Family() == algebra.IPv4 && v4) || (r.Family() == algebra.IPv6 && v6) {
			out = append(out, &Peer{ID: rangeID(r), Kind: External, Range: r})
		}
	}
	return out
}

// run walks all pairs until emit returns false.
func (w *pairWalk) run() bool {
	peers, sources, dests := w.union(), w.externals(model.Ingress), w.externals(model.Egress)
	for _, x := range sources {
		for _, b := range peers {
			if !w.pair(w.same(x), b, true, false) {
				return false
			}
		}
	}
	for _, a := range peers {
		for _, x := range dests {
			if !w.pair(a, w.same(x), false, true) {
				return false
			}
		}
		for _, b := range peers {
			if w.o.ExcludeSelf && first(a).key() == first(b).key() {
				continue
			}
			if !w.pair(a, b, false, false) {
				return false
			}
		}
	}
	return true
}

func (w *pairWalk) same(x *Peer) []*Peer {
	out := make([]*Peer, len(w.side))
	for i := range out {
		out[i] = x
	}
	return out
}

// first returns the peer of the first side that has it.
func first(ps []*Peer) *Peer {
	i := slices.IndexFunc(ps, func(p *Peer) bool { return p != nil })
	return ps[i]
}

// pair hands out one pair of peers if the sides differ on it.
func (w *pairWalk) pair(a, b []*Peer, extFrom, extTo bool) bool {
	if w.only != nil && !w.only(first(a), first(b)) {
		return true
	}
	vals := make([]walkValue, len(w.side))
	differ := false
	for i, side := range w.side {
		v, agree := side.value(a[i], b[i])
		if !agree {
			return w.split(a, b, extFrom, extTo)
		}
		vals[i] = w.canonical(side, v)
		differ = differ || vals[i] != vals[0]
	}
	if !differ {
		return true
	}
	return w.emit(a, b, vals)
}

// split goes on with the pods of peers whose members do not agree on some side.
func (w *pairWalk) split(a, b []*Peer, extFrom, extTo bool) bool {
	from, to := [][]*Peer{a}, [][]*Peer{b}
	if !extFrom {
		from = w.podsOf(a)
	}
	if !extTo {
		to = w.podsOf(b)
	}
	for _, x := range from {
		for _, y := range to {
			if w.o.ExcludeSelf && first(x).key() == first(y).key() {
				continue
			}
			if !w.pair(x, y, extFrom, extTo) {
				return false
			}
		}
	}
	return true
}

func (w *pairWalk) podsOf(ps []*Peer) [][]*Peer {
	byKey := map[sideKey][]*Peer{}
	var order []*Peer
	for i, p := range ps {
		if p == nil {
			continue
		}
		for _, x := range w.side[i].s.pods(p) {
			if byKey[x.key()] == nil {
				byKey[x.key()] = make([]*Peer, len(w.side))
				order = append(order, x)
			}
			byKey[x.key()][i] = x
		}
	}
	slices.SortFunc(order, comparePeers)
	out := make([][]*Peer, len(order))
	for i, p := range order {
		out[i] = byKey[p.key()]
	}
	return out
}

// value returns what passes between two peers on one side, nothing where the
// side lacks one of them, and whether all members agree.
func (side *walkSide) value(a, b *Peer) (v pairValue, agree bool) {
	if v.Value, agree = side.network(a, b); !agree || v.May == algebra.NoneID || b.IsExternal() {
		return v, agree
	}
	if a.IsExternal() {
		v.by, agree = side.adm.external(a, b)
	} else {
		v.by, agree = side.adm.between(a, b)
	}
	return v, agree
}

func (side *walkSide) network(a, b *Peer) (engine.Value, bool) {
	switch {
	case a == nil || b == nil:
		return engine.Value{}, true
	case a.IsExternal():
		return side.s.external(b, a, side.p.FromAddr)
	case b.IsExternal():
		return side.s.external(a, b, side.p.ToAddr)
	case a == b || a.host || len(a.classes) != 1 || len(b.classes) != 1:
		return side.s.between(side.p, a, b)
	}
	if side.rowOf != a {
		side.p.From(a.classes[0], side.row)
		side.rowOf = a
	}
	return side.row[b.classes[0]], true
}

// canonical returns a side's value in the walk's own numbers.
func (w *pairWalk) canonical(side *walkSide, v pairValue) walkValue {
	c, ok := side.memo[v]
	if ok {
		return c
	}
	allow, may, list := side.adm.Narrow(algebra.DropPortZero(side.p.Conns(v.Allow)), algebra.DropPortZero(side.p.Conns(v.May)), v.by)
	c.Allow, c.May = w.in.ID(allow), w.in.ID(may)
	if len(list) > 0 {
		key := requestsKey(list, w.in.ID)
		if c.requests, ok = w.numbers[key]; !ok {
			w.requests = append(w.requests, list)
			c.requests = int32(len(w.requests))
			w.numbers[key] = c.requests
		}
	}
	side.memo[v] = c
	return c
}

// words returns a value in words.
func (w *pairWalk) words(v walkValue) *Connections {
	c := w.said[v]
	if c == nil {
		c = describe(w.in.Set(v.Allow), w.in.Set(v.May), w.fams)
		if v.requests > 0 {
			c.through(w.requests[v.requests-1], func(allow, may algebra.Set) *Connections { return describe(allow, may, w.fams) })
		}
		w.said[v] = c
	}
	return c
}
