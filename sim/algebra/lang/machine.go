package lang

import (
	"math/bits"
	"slices"
)

// machine is a complete deterministic automaton over bytes with a number in each state. Its start is
// state 0. It is written once and then read only.
type machine struct {
	out  []int32 // by state
	off  []int32 // by state, and one more: where the state's ranges begin in hi and to
	hi   []byte  // the last byte of a range; the first follows the range before it; a state's last is 255
	to   []int32 // the state that a range leads to
	hash uint64  // of a canonical machine
}

// newMachine returns a machine without states.
func newMachine() *machine { return &machine{off: []int32{0}} }

// constant returns the canonical machine that gives every string the number v.
func constant(v int32) *machine {
	m := newMachine()
	m.add(v)
	m.edge(255, 0)
	m.close()
	m.seal()
	return m
}

// add appends a state. Its edges follow in order of bytes, then close.
func (m *machine) add(out int32) { m.out = append(m.out, out) }

// edge appends the range that ends with byte hi to the state that is open.
func (m *machine) edge(hi byte, to int32) {
	if n := len(m.to); n > int(m.off[len(m.off)-1]) && m.to[n-1] == to {
		m.hi[n-1] = hi
		return
	}
	m.hi = append(m.hi, hi)
	m.to = append(m.to, to)
}

// close ends the edges of a state.
func (m *machine) close() { m.off = append(m.off, int32(len(m.to))) }

// span returns where the ranges of a state begin and end.
func (m *machine) span(s int32) (int32, int32) { return m.off[s], m.off[s+1] }

// step returns the state after byte c.
func (m *machine) step(s int32, c byte) int32 {
	lo, hi := m.span(s)
	for hi-lo > 8 {
		if mid := (lo + hi) / 2; m.hi[mid-1] < c {
			lo = mid
		} else {
			hi = mid
		}
	}
	for m.hi[lo] < c {
		lo++
	}
	return m.to[lo]
}

// run returns the state after the bytes of text.
func (m *machine) run(s int32, text string) int32 {
	for i := range len(text) {
		s = m.step(s, text[i])
	}
	return s
}

// sink tells whether a state of a canonical or product machine is never left.
func (m *machine) sink(s int32) bool {
	lo, hi := m.span(s)
	return hi == lo+1 && m.to[lo] == s
}

// equal compares canonical machines.
func (m *machine) equal(o *machine) bool {
	return m == o || m.hash == o.hash && slices.Equal(m.out, o.out) && slices.Equal(m.off, o.off) &&
		slices.Equal(m.hi, o.hi) && slices.Equal(m.to, o.to)
}

// seal computes the hash of a canonical machine. Equal machines have equal hashes in every process.
func (m *machine) seal() {
	h := uint64(len(m.out))
	for _, o := range m.out {
		h = mix(h, uint64(uint32(o)))
	}
	for i, b := range m.hi {
		h = mix(h, uint64(b)<<32|uint64(uint32(m.to[i])))
	}
	m.hash = h
}

// from returns the canonical machine that starts in state s of a minimal machine.
func (m *machine) from(s int32) *machine {
	if s == 0 && m.hash != 0 {
		return m
	}
	same := func(s int32) int32 { return s }
	return m.quotient(s, len(m.out), same, same)
}

// quotient returns the machine over the classes of states, numbered in the order in which a walk by
// breadth meets them: class tells the class of a state, one of count, and member a state of a class.
func (m *machine) quotient(start int32, count int, class, member func(int32) int32) *machine {
	number := make([]int32, count) // by class: its number and one
	order := make([]int32, 1, min(count, 64))
	order[0] = class(start)
	number[order[0]] = 1
	q := &machine{off: make([]int32, 1, cap(order)+1), out: make([]int32, 0, cap(order))}
	for i := 0; i < len(order); i++ {
		s := member(order[i])
		q.add(m.out[s])
		for lo, hi := m.span(s); lo < hi; lo++ {
			c := class(m.to[lo])
			if number[c] == 0 {
				order = append(order, c)
				number[c] = int32(len(order))
			}
			q.edge(m.hi[lo], number[c]-1)
		}
		q.close()
	}
	q.seal()
	return q
}

// mix folds v into the hash h by the high and low halves of a product, which spreads every input bit.
func mix(h, v uint64) uint64 {
	hi, lo := bits.Mul64(h^v^0x9e3779b97f4a7c15, 0xd6e8feb86659fd93)
	return bits.RotateLeft64(h, 23) ^ hi ^ lo
}
