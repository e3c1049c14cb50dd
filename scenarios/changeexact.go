package scenarios

import (
	"fmt"

	"github.com/netfate/netfate/sim/algebra"
)

// missingRows fails for pairs of rows that did not change as the row says.
func missingRows(v *view, rows []expected, lines []planned, opens bool) error {
	word := "open"
	if !opens {
		word = "close"
	}
	f := &Failure{Status: Failed}
	for _, r := range rows {
		if !r.happened(v, lines) {
			f.Lines = append(f.Lines, r.text)
		}
	}
	if len(f.Lines) == 0 {
		return nil
	}
	f.Message = fmt.Sprintf("the change does not %s all that the table says; not, or only in part:", word)
	return f
}

// happened tells whether every pair of the row changed on the ports it says.
func (r *expected) happened(v *view, lines []planned) bool {
	pairs := 0
	for from := range r.from.keys {
		for to := range r.to.keys {
			if from != to {
				pairs++
				if !r.changed(v, lines, span{keys: map[endKey]bool{from: true}}, span{keys: map[endKey]bool{to: true}}) {
					return false
				}
			}
		}
		if !r.changedAddrs(v, lines, span{keys: map[endKey]bool{from: true}}, r.to.addrs, false) {
			return false
		}
	}
	for to := range r.to.keys {
		if !r.changedAddrs(v, lines, span{keys: map[endKey]bool{to: true}}, r.from.addrs, true) {
			return false
		}
	}
	return pairs+len(r.to.addrs)+len(r.from.addrs) > 0
}

// changed tells whether a pair changed on the ports of the row.
func (r *expected) changed(v *view, lines []planned, from, to span) bool {
	var got algebra.Set
	for i := range lines {
		_, a := from.within(lines[i].from)
		_, b := to.within(lines[i].to)
		if a && b {
			got = got.Union(lines[i].sure)
		}
	}
	return r.enough(v, got)
}

func (r *expected) enough(v *view, got algebra.Set) bool {
	if r.want.some {
		return !got.Empty()
	}
	need := inMask(r.want.set, v.mask)
	return need.SubsetOf(got) || algebra.InFamily(need, algebra.IPv4).SubsetOf(got) && !got.Empty()
}

// changedAddrs tells whether an endpoint's connections with all the addresses changed.
func (r *expected) changedAddrs(v *view, lines []planned, at span, addrs algebra.AddrSet, inward bool) bool {
	left := addrs
	for i := range lines {
		near, far := lines[i].from, lines[i].to
		if inward {
			near, far = far, near
		}
		if _, ok := at.within(near); ok && len(far.addrs) > 0 && r.enoughIn(far.addrs, lines[i].sure) {
			left = left.Subtract(far.addrs)
		}
	}
	return left.Intersect(v.families()).Empty()
}

// enoughIn compares the ports of the row in the family of an address range.
func (r *expected) enoughIn(addrs algebra.AddrSet, got algebra.Set) bool {
	if r.want.some {
		return !got.Empty()
	}
	return algebra.InFamily(r.want.set, addrs[0].Family()).SubsetOf(got)
}
