package request

import "github.com/netfate/netfate/sim/algebra/lang"

// Term is one condition of a [Box], on one dimension.
type Term struct {
	Dim    string
	Values lang.Lang // the present values that fulfil it, without Lacks; for a list those that one element has to have
	Absent bool      // an absent value, or an empty list, fulfils it too
	Lacks  bool      // of a list: it is fulfilled when no element is in Values
	Other  bool      // of a list: it is about several elements, and only Codes says it
	Codes  lang.Lang // the condition over the codes of values: see the package's documentation
}

// Box is a set of requests: those that fulfil all terms, of which there is at most one for a dimension.
type Box []Term

// Boxes returns disjoint boxes whose union is s, up to limit of them, and whether those are all. The
// order depends on s alone. A set that is not known has no boxes, and false.
func (sp *Space) Boxes(s Set, limit int) (boxes []Box, complete bool) {
	if sp.Err(s) != nil {
		return nil, false
	}
	b := boxer{sp: sp, limit: limit, want: allID, skip: noneID}
	complete = b.walk(s.id, nil)
	return b.boxes, complete
}

// lacking returns the boxes of what s lacks. It makes no nodes.
func (sp *Space) lacking(s Set, limit int) (boxes []Box, complete bool) {
	b := boxer{sp: sp, limit: limit, want: noneID, skip: allID}
	complete = b.walk(s.id, nil)
	return b.boxes, complete
}

// boxer lists the ways to one of the two last nodes.
type boxer struct {
	sp    *Space
	limit int
	want  int32 // the last node whose ways are boxes
	skip  int32 // the other one
	boxes []Box
}

// walk adds the boxes under a node, and reports false when there are too many.
func (b *boxer) walk(id int32, terms Box) bool {
	if id == b.skip {
		return true
	}
	if id == b.want {
		if len(b.boxes) == b.limit {
			return false
		}
		b.boxes = append(b.boxes, append(Box(nil), terms...))
		return true
	}
	n := &b.sp.nodes[id]
	for _, next := range n.classes.Values() {
		if next == outside || next == b.skip {
			continue
		}
		term := b.sp.dims[n.dim].term(n.classes.Lang(next))
		if !b.walk(next, append(terms[:len(terms):len(terms)], term)) {
			return false
		}
	}
	return true
}

// term reads a condition on codes.
func (d *dimension) term(codes lang.Lang) Term {
	t := Term{Dim: d.Name, Codes: codes, Absent: codes.Overlaps(d.absent)}
	if d.Kind != List {
		t.Values = codes.Minus(d.absent)
		return t
	}
	has := codes
	if t.Lacks = t.Absent; t.Lacks {
		has = d.codes.Minus(codes)
	}
	t.Values = has.Before(none).Intersect(text())
	t.Other = !SomeElement(t.Values).Intersect(d.codes).Equal(has)
	return t
}
