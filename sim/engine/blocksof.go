package engine

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Block is a set of source classes and a set of destination classes between
// which the same connections pass, from each source to each destination.
type Block struct {
	From, To algebra.Set
	Value    Value
}

// rowGroup is the classes that share a row.
type rowGroup struct {
	row    *row
	set    algebra.Set
	lo, hi uint32
	run    int // cursor of the scan
	now    run // the run under it
}

// seek moves the cursor to the run that holds a class not before it.
func (g *rowGroup) seek(k uint32) {
	for g.now.end <= k {
		g.run++
		g.now = g.row.runs[g.run]
	}
}

// Blocks calls f with disjoint blocks that hold every pair of classes between
// which something may pass, until f returns false. Sources on the host network
// are left out: what they reach depends on their node (see Endpoints). Both is
// used as it stands: families that a class lacks are not taken away.
func (p *Pairs) Blocks(f func(Block) bool) {
	from := p.e.groups(model.Egress, func(k uint32) bool { return !p.e.c.list[k].host })
	to := p.e.groups(model.Ingress, func(uint32) bool { return true })
	for i := range from {
		if !p.blocksFrom(&from[i], to, f) {
			return
		}
	}
}

// groups returns the classes by row, ordered by their first class.
func (e *Engine) groups(d model.Direction, keep func(uint32) bool) []rowGroup {
	index := make(map[*row]int)
	var sets []algebra.Set
	var out []rowGroup
	for k := range e.c.list {
		r := e.rows[d].at(uint32(k))
		if !keep(uint32(k)) {
			continue
		}
		i, ok := index[r]
		if !ok {
			i = len(out)
			index[r] = i
			out = append(out, rowGroup{row: r, lo: uint32(k), now: r.runs[0]})
			sets = append(sets, nil)
		}
		out[i].hi = uint32(k)
		if s := sets[i]; len(s) > 0 && s[len(s)-1].Hi+1 == uint32(k) {
			s[len(s)-1].Hi++
		} else {
			sets[i] = append(s, algebra.Interval{Lo: uint32(k), Hi: uint32(k)})
		}
	}
	for i := range out {
		out[i].set = sets[i]
	}
	return out
}

// blocksFrom goes through the destinations for one group of sources. Groups
// come ordered by their first class, so the runs are found by cursors. Nearly
// all groups lie in one run of each other, which is asked first.
func (p *Pairs) blocksFrom(g *rowGroup, to []rowGroup, f func(Block) bool) bool {
	g.run, g.now = 0, g.row.runs[0]
	for i := range to {
		t := &to[i]
		g.seek(t.lo)
		whole := t.hi < g.now.end
		if whole && g.now.May == algebra.NoneID {
			continue
		}
		t.seek(g.lo)
		if !whole || g.hi >= t.now.end {
			if !p.split(g, t, f) {
				return false
			}
			continue
		}
		v := p.Both(g.now.Value, t.now.Value)
		if v.May != algebra.NoneID && !f(Block{g.set, t.set, v}) {
			return false
		}
	}
	return true
}

// split handles groups whose partner's row has several runs over them.
func (p *Pairs) split(g, t *rowGroup, f func(Block) bool) bool {
	p.parts[0] = partition(p.parts[0][:0], g.set, t.row, t.run, g.hi)
	if len(p.parts[0]) == 0 {
		return true
	}
	p.parts[1] = partition(p.parts[1][:0], t.set, g.row, g.run, t.hi)
	for _, b := range p.parts[1] {
		for _, a := range p.parts[0] {
			v := p.Both(a.value, b.value)
			if v.May != algebra.NoneID && !f(Block{a.set, b.set, v}) {
				return false
			}
		}
	}
	return true
}

// part is a part of a group for which a row has one value.
type part struct {
	set   algebra.Set
	value Value
}

// partition splits a set of classes by the values that a row has for them, and
// leaves out those for which nothing may pass.
func partition(out []part, set algebra.Set, r *row, run int, hi uint32) []part {
	lo := uint32(0)
	if run > 0 {
		lo = r.runs[run-1].end
	}
	for ; run < len(r.runs) && lo <= hi; run++ {
		at := &r.runs[run]
		if at.May != algebra.NoneID {
			if s := clip(set, lo, at.end); len(s) > 0 {
				out = addPart(out, s, at.Value)
			}
		}
		lo = at.end
	}
	return out
}

func addPart(parts []part, s algebra.Set, v Value) []part {
	for i := range parts {
		if parts[i].value == v {
			parts[i].set = parts[i].set.Union(s)
			return parts
		}
	}
	return append(parts, part{s, v})
}
