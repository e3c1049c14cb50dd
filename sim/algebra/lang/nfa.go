package lang

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
)

// nfa is an automaton with choices: states with ranges of bytes, and with free steps that may ask for
// a condition between two bytes.
type nfa struct {
	states []nstate
	start  int32
	tests  bool // some free step has a condition
}

type nstate struct {
	edges []nedge
	free  []nfree
	final bool
}

// nedge is taken by the bytes lo..hi.
type nedge struct {
	lo, hi byte
	to     int32
}

// nfree is taken without a byte where the conditions of when hold; 0 is always.
type nfree struct {
	to   int32
	when syntax.EmptyOp
}

func (n *nfa) state() int32 {
	n.states = append(n.states, nstate{})
	return int32(len(n.states) - 1)
}

func (n *nfa) link(from, to int32, when syntax.EmptyOp) {
	n.states[from].free = append(n.states[from].free, nfree{to, when})
	n.tests = n.tests || when != 0
}

func (n *nfa) bytes(from int32, lo, hi byte, to int32) {
	n.states[from].edges = append(n.states[from].edges, nedge{lo, hi, to})
}

// graft copies a machine into n and returns its start and its final states.
func (n *nfa) graft(m *machine) (start int32, finals []int32) {
	start = int32(len(n.states))
	for range m.out {
		n.state()
	}
	for s, out := range m.out {
		if out == 1 {
			finals = append(finals, start+int32(s))
		}
		first := 0
		for lo, hi := m.span(int32(s)); lo < hi; lo++ {
			// A state that rejects for ever has no place among choices.
			if t := m.to[lo]; !m.sink(t) || m.out[t] == 1 {
				n.bytes(start+int32(s), byte(first), m.hi[lo], start+t)
			}
			first = int(m.hi[lo]) + 1
		}
	}
	return start, finals
}

// kind is what a condition sees of the byte before or after a place.
type kind uint8

const (
	outside kind = iota // before the first byte or after the last
	newline
	wordByte // a letter, digit or underscore of ASCII
	otherByte
)

func kindOf(b byte) kind {
	switch {
	case b == '\n':
		return newline
	case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b >= '0' && b <= '9', b == '_':
		return wordByte
	}
	return otherByte
}

// holds returns the conditions that hold between two bytes.
func holds(before, after kind) syntax.EmptyOp {
	var op syntax.EmptyOp
	if before == outside {
		op |= syntax.EmptyBeginText | syntax.EmptyBeginLine
	}
	if after == outside {
		op |= syntax.EmptyEndText | syntax.EmptyEndLine
	}
	if before == newline {
		op |= syntax.EmptyBeginLine
	}
	if after == newline {
		op |= syntax.EmptyEndLine
	}
	if (before == wordByte) != (after == wordByte) {
		return op | syntax.EmptyWordBoundary
	}
	return op | syntax.EmptyNoWordBoundary
}

// bound is what a determinisation may use.
type bound struct{ states, work int }

// determinize returns the canonical machine of n.
func (n *nfa) determinize(b bound) (*machine, error) {
	d := subsets{n: n, bound: b, number: map[string]int32{}, seen: make([]int32, len(n.states))}
	d.add([]int32{n.start}, outside)
	m := newMachine()
	for i := 0; i < len(d.order); i++ {
		if len(d.order) > b.states {
			return nil, &LimitError{What: "states of a regular expression's automaton", Limit: b.states}
		}
		if d.work > b.work {
			return nil, &LimitError{What: "steps to make a regular expression's automaton", Limit: b.work}
		}
		d.expand(m, d.order[i])
	}
	return m.minimize(), nil
}

// subsets numbers sets of states of an nfa together with what stood before them.
type subsets struct {
	n      *nfa
	bound  bound
	work   int
	number map[string]int32
	order  []subset
	key    []byte
	seen   []int32 // by state: the mark of the last closure that met it
	mark   int32
}

type subset struct {
	states []int32 // sorted
	before kind
}

// add returns the number of a set, which is sorted and distinct.
func (d *subsets) add(states []int32, before kind) int32 {
	if !d.n.tests {
		before = outside
	}
	d.key = append(d.key[:0], byte(before))
	for _, s := range states {
		d.key = binary.LittleEndian.AppendUint32(d.key, uint32(s))
	}
	id, ok := d.number[string(d.key)]
	if !ok {
		id = int32(len(d.order))
		d.number[string(d.key)] = id
		d.order = append(d.order, subset{states, before})
	}
	return id
}

// closure returns what a set reaches by free steps when the next byte is of a kind.
func (d *subsets) closure(s subset, after kind) (states []int32, final bool) {
	op := holds(s.before, after)
	d.mark++
	todo := slices.Clone(s.states)
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		d.work++
		if d.seen[at] == d.mark {
			continue
		}
		d.seen[at] = d.mark
		state := &d.n.states[at]
		final = final || state.final
		if len(state.edges) > 0 {
			states = append(states, at)
		}
		for _, f := range state.free {
			if f.when&^op == 0 {
				todo = append(todo, f.to)
			}
		}
	}
	return states, final
}

// expand appends the state of a set to m.
func (d *subsets) expand(m *machine, s subset) {
	end, final := d.closure(s, outside)
	out := int32(0)
	if final {
		out = 1
	}
	m.add(out)
	closed := [4][]int32{newline: end, wordByte: end, otherByte: end}
	if d.n.tests {
		for k := newline; k <= otherByte; k++ {
			closed[k], _ = d.closure(s, k)
		}
	}
	for _, g := range d.next(closed) {
		m.edge(g.last, d.add(g.states(), kindOf(g.last)))
	}
	m.close()
}

// gap is a run of bytes that lead to the same states.
type gap struct {
	last byte
	to   []int32
}

// states returns the states of a gap, sorted and distinct.
func (g *gap) states() []int32 {
	slices.Sort(g.to)
	return slices.Compact(g.to)
}

// next returns where the bytes lead, by runs.
func (d *subsets) next(closed [4][]int32) []gap {
	cuts := d.cuts(closed)
	var gaps []gap
	var at [256]int
	for b := range 256 {
		at[b] = len(gaps)
		if cuts[b] {
			gaps = append(gaps, gap{last: byte(b)})
		}
	}
	for k := newline; k <= otherByte; k++ {
		for _, s := range closed[k] {
			for _, e := range d.n.states[s].edges {
				for i := at[e.lo]; i <= at[e.hi]; i++ {
					d.work++
					if !d.n.tests || kindOf(gaps[i].last) == k {
						gaps[i].to = append(gaps[i].to, e.to)
					}
				}
			}
		}
		if !d.n.tests {
			break
		}
	}
	return gaps
}

// cuts tells after which bytes the answer may change.
func (d *subsets) cuts(closed [4][]int32) [256]bool {
	cuts := [256]bool{255: true}
	for k := newline; k <= otherByte; k++ {
		for _, s := range closed[k] {
			for _, e := range d.n.states[s].edges {
				cuts[e.hi] = true
				if e.lo > 0 {
					cuts[e.lo-1] = true
				}
			}
		}
		if !d.n.tests {
			return cuts
		}
	}
	for b := range 255 {
		if kindOf(byte(b)) != kindOf(byte(b+1)) {
			cuts[b] = true
		}
	}
	return cuts
}
