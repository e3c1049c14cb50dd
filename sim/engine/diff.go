package engine

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Delta is a pair of classes between which different connections pass before
// and after a change, in the values of Differ's interner.
type Delta struct {
	From, To      uint32
	Before, After Value
}

// ExternalDelta is the same between a class and a range of external addresses.
type ExternalDelta struct {
	Direction     model.Direction // Egress: the class sends
	Class         uint32
	Range         algebra.AddrRange
	Before, After Value
}

// Differ computes the exact difference of an engine and one made of it by With.
type Differ struct {
	before, after *Engine
	aff           Affected
	p             *Pairs // of after, whose interner extends that of before
}

// NewDiffer returns the difference between e and what With returned for it.
func NewDiffer(before, after *Engine, aff Affected) *Differ {
	return &Differ{before: before, after: after, aff: aff, p: after.Pairs()}
}

// Pairs gives access to the values' connections.
func (d *Differ) Pairs() *Pairs { return d.p }

// Each calls f for every pair of classes that changed, once each. Pairs of a
// class with itself are its different members.
func (d *Differ) Each(f func(Delta)) {
	for j := range d.aff[model.Ingress].Values() {
		d.rowDelta(model.Ingress, j, func(k uint32) { d.emit(k, j, f) })
	}
	for k := range d.aff[model.Egress].Values() {
		d.rowDelta(model.Egress, k, func(j uint32) {
			if !d.changed(model.Ingress, j, k) {
				d.emit(k, j, f)
			}
		})
	}
}

// rowDelta calls f for each class for which the row of class k changed.
func (d *Differ) rowDelta(dir model.Direction, k uint32, f func(uint32)) {
	a, b := d.before.rows[dir].at(k), d.after.rows[dir].at(k)
	if a == b {
		return
	}
	pos := uint32(0)
	for i, j := 0, 0; i < len(a.runs) && j < len(b.runs); {
		end := min(a.runs[i].end, b.runs[j].end)
		if a.runs[i].Value != b.runs[j].Value {
			for x := pos; x < end; x++ {
				f(x)
			}
		}
		pos = end
		if a.runs[i].end == end {
			i++
		}
		if b.runs[j].end == end {
			j++
		}
	}
}

// changed tells whether the row of class k changed for class x.
func (d *Differ) changed(dir model.Direction, k, x uint32) bool {
	a, b := d.before.rows[dir].at(k), d.after.rows[dir].at(k)
	return a != b && a.at(x) != b.at(x)
}

func (d *Differ) emit(from, to uint32, f func(Delta)) {
	before := d.value(d.before, from, to)
	after := d.value(d.after, from, to)
	if before != after {
		f(Delta{from, to, before, after})
	}
}

func (d *Differ) value(e *Engine, from, to uint32) Value {
	v := d.p.Both(e.rows[model.Egress].at(from).at(to), e.rows[model.Ingress].at(to).at(from))
	return d.p.within(v, e.c.list[from].fam&e.c.list[to].fam)
}

// EachExternal calls f for every change between a class and external addresses.
func (d *Differ) EachExternal(f func(ExternalDelta)) {
	for _, dir := range [...]model.Direction{model.Egress, model.Ingress} {
		for k := range d.aff[dir].Values() {
			d.externalRow(dir, k, f)
		}
	}
}

func (d *Differ) externalRow(dir model.Direction, k uint32, f func(ExternalDelta)) {
	a, b := d.before.rows[dir].at(k).ext, d.after.rows[dir].at(k).ext
	if d.before.rows[dir].at(k) == d.after.rows[dir].at(k) {
		return
	}
	from := a[0].From
	for i, j := 0, 0; i < len(a) && j < len(b); {
		to := a[i].To
		if b[j].To.Less(to) {
			to = b[j].To
		}
		fam := d.after.c.list[k].fam & (1 << familyOf(from))
		before, after := d.p.within(a[i].Value, fam), d.p.within(b[j].Value, fam)
		if before != after {
			f(ExternalDelta{dir, k, algebra.AddrRange{From: from, To: to}, before, after})
		}
		if a[i].To == to {
			i++
		}
		if b[j].To == to {
			j++
		}
		if from = to.Next(); !from.IsValid() && i < len(a) {
			from = a[i].From
		}
	}
}
