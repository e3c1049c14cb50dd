package engine

import (
	"encoding/binary"
	"unsafe"

	"github.com/netfate/netfate/sim/algebra"
)

// extSweeper computes what rows have for external addresses. Rows of one
// namespace share their blocks, so the parts that blocks make of the address
// space are kept by which blocks they are.
type extSweeper struct {
	plain map[Value][]extRun // of programs without a block
	parts map[string][]extPart
	which []uint32 // entries with a block
	key   []byte
}

// extPart is a range that no block parts, with the blocks that hold it.
type extPart struct {
	algebra.AddrRange
	blocks []uint32 // indices into the list of blocks
}

func newExtSweeper() extSweeper {
	return extSweeper{plain: map[Value][]extRun{}, parts: map[string][]extPart{}}
}

func (x *extSweeper) fill(entries []*entry, v *valuer) []extRun {
	clear(v.mask)
	x.which, x.key = x.which[:0], x.key[:0]
	for i, e := range entries {
		if len(e.ext) > 0 {
			x.which = append(x.which, uint32(i))
			// Sets are never changed, so the same memory is the same set.
			x.key = binary.LittleEndian.AppendUint64(x.key, uint64(uintptr(unsafe.Pointer(&e.ext[0]))))
			x.key = binary.LittleEndian.AppendUint32(x.key, uint32(len(e.ext)))
		}
	}
	if len(x.which) == 0 {
		return x.whole(v.value())
	}
	parts, ok := x.parts[string(x.key)]
	if !ok {
		parts = x.partition(entries)
		x.parts[string(x.key)] = parts
	}
	var out []extRun
	for i := range parts {
		clear(v.mask)
		for _, b := range parts[i].blocks {
			v.toggle(x.which[b])
		}
		out = appendExt(out, parts[i].AddrRange, v.value())
	}
	return out
}

// whole returns the runs of one value for all addresses.
func (x *extSweeper) whole(v Value) []extRun {
	runs, ok := x.plain[v]
	if !ok {
		for _, rg := range algebra.AllAddrs() {
			runs = append(runs, extRun{rg, v})
		}
		x.plain[v] = runs
	}
	return runs
}

func (x *extSweeper) partition(entries []*entry) []extPart {
	sets := make([]algebra.AddrSet, len(x.which))
	for b, i := range x.which {
		sets[b] = entries[i].ext
	}
	ranges := algebra.Partition(sets)
	out := make([]extPart, len(ranges))
	for i, rg := range ranges {
		out[i].AddrRange = rg
		for b, s := range sets {
			if s.Contains(rg.From) {
				out[i].blocks = append(out[i].blocks, uint32(b))
			}
		}
	}
	return out
}
