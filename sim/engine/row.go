package engine

import (
	"net/netip"

	"github.com/netfate/netfate/sim/algebra"
)

// row is what the classes of one signature accept from, or may reach at, every
// class and every external address.
type row struct {
	id       int // its number in the engine
	policies []*policy
	ports    int32 // named ports the program was made with, -1 where they do not matter
	prog     program
	runs     []run
	ext      []extRun
}

// run is the classes from the end of the run before to end-1, with one value.
type run struct {
	end uint32
	Value
}

// extRun is a range of external addresses with one value.
type extRun struct {
	algebra.AddrRange
	Value
}

// at returns the value for a class.
func (r *row) at(k uint32) Value { return r.runs[find(r.runs, k)].Value }

// find returns the run that holds a class.
func find(runs []run, k uint32) int {
	lo, hi := 0, len(runs)-1
	for lo < hi {
		if m := int(uint(lo+hi) >> 1); runs[m].end <= k {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}

// atAddr returns the value for an external address.
func (r *row) atAddr(a netip.Addr) Value {
	lo, hi := 0, len(r.ext)
	for lo < hi {
		if m := int(uint(lo+hi) >> 1); r.ext[m].To.Less(a) {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo == len(r.ext) {
		return Value{}
	}
	return r.ext[lo].Value
}

// appendRun adds a run, or makes the last one longer if it has the same value.
func appendRun(runs []run, end uint32, v Value) []run {
	if n := len(runs); n > 0 && runs[n-1].Value == v {
		runs[n-1].end = end
		return runs
	}
	return append(runs, run{end, v})
}

func appendExt(ext []extRun, rg algebra.AddrRange, v Value) []extRun {
	if n := len(ext); n > 0 && ext[n-1].Value == v && ext[n-1].Family() == rg.Family() {
		ext[n-1].To = rg.To
		return ext
	}
	return append(ext, extRun{rg, v})
}
