package engine

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/netfate/netfate/sim/algebra"
)

// valuer computes the value of a program for the entries that match, once for
// each set of entries.
type valuer struct {
	ev   evaluator
	mask []uint64 // entries that match
	// Most programs have up to 64 entries: their values are in a small table,
	// each slot of the generation that wrote it. Others go to the map.
	table [64]slot
	gen   uint32
	wide  map[string]Value
	key   []byte
}

type slot struct {
	mask  uint64
	gen   uint32
	value Value
}

func newValuer(in *algebra.Interner) valuer {
	return valuer{ev: evaluator{in: in}, wide: map[string]Value{}}
}

// start begins with a program, of which no entry matches.
func (v *valuer) start(p *program) {
	v.ev.prog, v.ev.local = p, false
	v.gen++
	n := (p.entries + 63) / 64
	v.mask = slices.Grow(v.mask[:0], n)[:n]
	clear(v.mask)
	if len(v.wide) > 0 {
		clear(v.wide)
	}
}

// toggle changes whether an entry matches and returns whether it does now.
func (v *valuer) toggle(entry uint32) bool {
	bit := uint64(1) << (entry & 63)
	v.mask[entry>>6] ^= bit
	return v.mask[entry>>6]&bit != 0
}

// value returns the value for the entries that match.
func (v *valuer) value() Value {
	if len(v.mask) > 1 {
		return v.wideValue()
	}
	var mask uint64
	if len(v.mask) == 1 {
		mask = v.mask[0]
	}
	s := &v.table[(mask*0x9e3779b97f4a7c15)>>58]
	if s.gen != v.gen || s.mask != mask {
		*s = slot{mask, v.gen, v.compute()}
	}
	return s.value
}

func (v *valuer) wideValue() Value {
	v.key = v.key[:0]
	for _, word := range v.mask {
		v.key = binary.LittleEndian.AppendUint64(v.key, word)
	}
	val, ok := v.wide[string(v.key)]
	if !ok {
		val = v.compute()
		v.wide[string(v.key)] = val
	}
	return val
}

func (v *valuer) compute() Value {
	if v.ev.prog.union {
		return v.union()
	}
	n := v.ev.prog.entries
	v.ev.active = slices.Grow(v.ev.active[:0], n)[:n]
	for i := range v.ev.active {
		v.ev.active[i] = v.mask[i>>6]&(1<<(i&63)) != 0
	}
	return v.ev.run()
}

// union is what run computes for a program that is a union.
func (v *valuer) union() Value {
	s, in := &v.ev.prog.tiers[0], v.ev.in
	sure, may := algebra.NoneID, algebra.NoneID
	for w, word := range v.mask {
		for ; word != 0; word &= word - 1 {
			e := &s.entries[w<<6+bits.TrailingZeros64(word)]
			may = in.Union(may, e.conns)
			if _, certain := e.holds(0); certain {
				sure = in.Union(sure, e.conns)
			}
		}
	}
	out := v.ev.prog.silent
	return Value{Allow: in.Subtract(sure, out), May: in.Union(may, out)}
}
