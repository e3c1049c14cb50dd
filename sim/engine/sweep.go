package engine

import (
	"slices"

	"github.com/netfate/netfate/sim/algebra"
)

// sweeper fills rows. It goes over the classes once, from one to the next at
// which an entry of the program begins or ends to match. Its buffers are used
// again from row to row.
type sweeper struct {
	values  valuer
	entries []*entry
	heads   []head // the next boundary of each entry that has one, lowest first
	place   []int  // by entry: its interval
	runs    []run
	slab    []run // where runs are kept, many rows together
	chunk   int   // how many runs to allocate at once
	work    int   // boundaries passed, over all rows
	ext     extSweeper
}

// head is the class at which an entry begins or ends to match.
type head struct{ next, entry uint32 }

func newSweeper(in *algebra.Interner, chunk int) *sweeper {
	return &sweeper{values: newValuer(in), chunk: chunk, ext: newExtSweeper()}
}

// fill computes the runs of a row over n classes.
func (w *sweeper) fill(r *row, n uint32) {
	w.entries = w.entries[:0]
	for t := range r.prog.tiers {
		for e := range r.prog.tiers[t].entries {
			w.entries = append(w.entries, &r.prog.tiers[t].entries[e])
		}
	}
	w.values.start(&r.prog)
	w.runs = w.runs[:0]
	if n > 0 {
		w.sweep(n)
	}
	r.runs = w.keep()
	r.ext = w.ext.fill(w.entries, &w.values)
	w.work += len(r.ext)
}

// sweep fills runs.
func (w *sweeper) sweep(n uint32) {
	w.start(w.values.ev.prog.union)
	for {
		next := n
		if len(w.heads) > 0 {
			next = min(n, w.heads[0].next)
		}
		if next > 0 {
			w.runs = appendRun(w.runs, next, w.values.value())
			w.work++
		}
		if next == n {
			return
		}
		for len(w.heads) > 0 && w.heads[0].next == next {
			w.pass()
		}
	}
}

// start finds where each entry begins to match. In a union, one that says the
// same as an earlier one adds nothing.
func (w *sweeper) start(union bool) {
	w.heads = w.heads[:0]
	w.place = slices.Grow(w.place[:0], len(w.entries))[:len(w.entries)]
	for i, e := range w.entries {
		w.place[i] = 0
		if len(e.classes) > 0 && !(union && w.repeats(i)) {
			w.heads = append(w.heads, head{e.classes[0].Lo, uint32(i)})
			w.sink(len(w.heads) - 1)
		}
	}
}

// repeats tells whether an entry says the same of classes as an earlier one.
func (w *sweeper) repeats(i int) bool {
	e := w.entries[i]
	for _, x := range w.entries[:i] {
		if x.conns == e.conns && sameSet(x.classes, e.classes) && x.certain == e.certain &&
			x.policyDoubt == e.policyDoubt && x.peerDoubt == e.peerDoubt {
			return true
		}
	}
	return false
}

// sameSet tells whether two sets are equal and short, or one in memory: what it
// overlooks costs time only.
func sameSet(a, b algebra.Set) bool {
	if len(a) != len(b) || len(a) == 0 {
		return false
	}
	return &a[0] == &b[0] || len(a) == 1 && a[0] == b[0]
}

// sink moves the last head to where it belongs among those before.
func (w *sweeper) sink(i int) {
	for ; i > 0 && w.heads[i-1].next > w.heads[i].next; i-- {
		w.heads[i-1], w.heads[i] = w.heads[i], w.heads[i-1]
	}
}

// pass lets the entry of the first head begin or end to match.
func (w *sweeper) pass() {
	h := w.heads[0]
	set := w.entries[h.entry].classes
	if w.values.toggle(h.entry) {
		h.next = set[w.place[h.entry]].Hi + 1
	} else {
		w.place[h.entry]++
		if w.place[h.entry] == len(set) {
			w.heads = w.heads[:copy(w.heads, w.heads[1:])]
			return
		}
		h.next = set[w.place[h.entry]].Lo
	}
	i := 0
	for ; i+1 < len(w.heads) && w.heads[i+1].next < h.next; i++ {
		w.heads[i] = w.heads[i+1]
	}
	w.heads[i] = h
}

// keep returns the runs in memory of their own.
func (w *sweeper) keep() []run {
	n := len(w.runs)
	if n > cap(w.slab)-len(w.slab) {
		w.slab = make([]run, 0, max(n, w.chunk))
	}
	from := len(w.slab)
	w.slab = append(w.slab, w.runs...)
	return w.slab[from:len(w.slab):len(w.slab)]
}
