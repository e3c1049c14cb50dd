package engine

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Pairs computes what passes between classes. It holds buffers and an interner
// of its own: one goroutine uses it at a time, and values it returns are read
// with its Conns.
type Pairs struct {
	e     *Engine
	in    *algebra.Interner
	ev    evaluator
	row   []Value // by ingress row: its value for the current source
	known []uint32
	stamp uint32
	fam   [4]algebra.ID
	both  [256]bothSlot // results of Both, by a hash of its arguments
	parts [2][]part     // buffers of split
}

// bothSlot remembers what passes two points.
type bothSlot struct{ a, b, out Value }

// Pairs returns a new computation of pairs.
func (e *Engine) Pairs() *Pairs {
	in := e.in.Clone()
	return &Pairs{e: e, in: in, ev: evaluator{in: in},
		fam: [4]algebra.ID{algebra.NoneID, in.ID(algebra.FamilyConns(algebra.IPv4)), in.ID(algebra.FamilyConns(algebra.IPv6)), algebra.AllID}}
}

// Conns returns the connections that an ID of a value stands for.
func (p *Pairs) Conns(id algebra.ID) algebra.Set { return p.in.Set(id) }

// ID returns the ID of a set of connections, to compare values with.
func (p *Pairs) ID(s algebra.Set) algebra.ID { return p.in.ID(s) }

// Both returns the connections that pass two enforcement points.
func (p *Pairs) Both(a, b Value) Value {
	if a == b || b.Allow == algebra.AllID {
		return a
	}
	if a.May == algebra.NoneID || b.May == algebra.NoneID {
		return Value{}
	}
	h := (uint32(a.Allow)*31+uint32(a.May))*0x9e3779b1 ^ (uint32(b.Allow)*31+uint32(b.May))*0x85ebca6b
	s := &p.both[h>>24]
	if s.a != a || s.b != b {
		*s = bothSlot{a, b, Value{Allow: p.in.Intersect(a.Allow, b.Allow), May: p.in.Intersect(a.May, b.May)}}
	}
	return s.out
}

// within limits a value to families.
func (p *Pairs) within(v Value, fam uint8) Value {
	if fam == famBoth {
		return v
	}
	return Value{Allow: p.in.Intersect(v.Allow, p.fam[fam]), May: p.in.Intersect(v.May, p.fam[fam])}
}

// From fills out with what source class k may send to each class, out[j] for
// class j, between different members; out has a place for every class. Host
// sources are evaluated as if no destination were on their node: see Local.
func (p *Pairs) From(k uint32, out []Value) {
	if p.row == nil {
		p.row, p.known = make([]Value, p.e.rowCount), make([]uint32, p.e.rowCount)
	}
	p.stamp++
	eg := p.e.rows[model.Egress].at(k)
	ingress := p.e.rows[model.Ingress]
	fam := p.e.c.list[k].fam
	j := uint32(0)
	for _, run := range eg.runs {
		v, end := run.Value, run.end
		if v.May == algebra.NoneID {
			clear(out[j:end])
			j = end
			continue
		}
		for ; j < end; j++ {
			out[j] = p.within(p.Both(v, p.ingress(ingress.at(j), k)), fam&p.e.c.list[j].fam)
		}
	}
}

// ingress returns a row's value for the current source, looked up once.
func (p *Pairs) ingress(r *row, k uint32) Value {
	if p.known[r.id] == p.stamp {
		return p.row[r.id]
	}
	v := r.at(k)
	p.row[r.id], p.known[r.id] = v, p.stamp
	return v
}

// One returns what passes from class k to class j, between different members.
func (p *Pairs) One(k, j uint32) Value {
	v := p.Both(p.e.rows[model.Egress].at(k).at(j), p.e.rows[model.Ingress].at(j).at(k))
	return p.within(v, p.e.c.list[k].fam&p.e.c.list[j].fam)
}

// Endpoints returns what passes between two endpoints, a pod to itself and the
// local node included. What a pod says to itself is shown in its own families.
func (p *Pairs) Endpoints(from, to int) Value {
	a, b := p.e.c.of[from], p.e.c.of[to]
	fam := p.e.c.list[a].fam & p.e.c.list[b].fam
	if p.e.isSelf(from, to) {
		return p.within(Value{algebra.AllID, algebra.AllID}, fam)
	}
	if !p.e.mayBeLocal(a, b) {
		return p.One(a, b)
	}
	out := p.e.rows[model.Egress].at(a).at(b)
	return p.within(p.Both(out, p.local(from, to)), fam)
}

// ToExternal calls f for each range of external addresses, in order, with what
// endpoint class k may send there; FromExternal for what it accepts from there.
func (p *Pairs) ToExternal(k uint32, f func(algebra.AddrRange, Value)) {
	p.external(model.Egress, k, f)
}

// FromExternal calls f for each range of external addresses with what class k accepts from it.
func (p *Pairs) FromExternal(k uint32, f func(algebra.AddrRange, Value)) {
	p.external(model.Ingress, k, f)
}

func (p *Pairs) external(d model.Direction, k uint32, f func(algebra.AddrRange, Value)) {
	for _, run := range p.e.rows[d].at(k).ext {
		fam := p.e.c.list[k].fam & famV4
		if run.Family() == algebra.IPv6 {
			fam = p.e.c.list[k].fam & famV6
		}
		f(run.AddrRange, p.within(run.Value, fam))
	}
}
