package request

import (
	"cmp"
	"math"
	"slices"

	"github.com/netfate/netfate/sim/algebra/lang"
)

// Witness returns a smallest request of a set: with fewest dimensions that are not at their defaults,
// which are those that it says, and then with the shortest values; values that a dimension prefers are
// taken before others. It returns false for the empty set and for one that is not known.
func (sp *Space) Witness(s Set) (Request, bool) {
	w := finder{sp: sp, known: map[int32]choice{}}
	best := w.choose(s.id)
	if !best.possible() {
		return nil, false
	}
	r := Request{}
	for id := s.id; id != allID; {
		n, c := &sp.nodes[id], w.known[id]
		if d := &sp.dims[n.dim].Dim; !c.initial {
			r[d.Name] = d.decode(c.code)
		}
		id = c.next
	}
	return r, true
}

// choice is the best way on from a node.
type choice struct {
	fields, length int // of the way to the end; fields is impossible when there is none
	next           int32
	code           string
	initial        bool // the value is the default
}

const impossible = math.MaxInt32

func (c choice) possible() bool { return c.fields < impossible }

func (c choice) compare(o choice) int {
	return cmp.Or(cmp.Compare(c.fields, o.fields), cmp.Compare(c.length, o.length))
}

// finder finds the best ways from the end of the diagram.
type finder struct {
	sp    *Space
	known map[int32]choice
}

func (w *finder) choose(id int32) choice {
	if id == allID {
		return choice{}
	}
	n := &w.sp.nodes[id]
	if n.dim == terminal {
		return choice{fields: impossible}
	}
	if c, ok := w.known[id]; ok {
		return c
	}
	best := w.fromDefault(n)
	for _, costs := range w.costs(n) {
		// Any other value is one more field.
		if costs.fields+1 > best.fields {
			break
		}
		if c := w.fromClasses(n, costs); c.compare(best) < 0 {
			best = c
		}
	}
	w.known[id] = best
	return best
}

// fromDefault is the way on when the request does not say the dimension.
func (w *finder) fromDefault(n *node) choice {
	d := &w.sp.dims[n.dim].Dim
	next, ok := d.classify(n.classes, d.initially())
	if !ok || next == outside {
		return choice{fields: impossible}
	}
	c := w.choose(next)
	c.next, c.code, c.initial = next, "", true
	return c
}

// costs returns the distinct costs of the next nodes, least first.
func (w *finder) costs(n *node) []choice {
	var all []choice
	for _, next := range n.classes.Values() {
		if next == outside {
			continue
		}
		if c := w.choose(next); c.possible() {
			all = append(all, choice{fields: c.fields, length: c.length})
		}
	}
	slices.SortFunc(all, choice.compare)
	return slices.Compact(all)
}

// fromClasses is the way on through one of the next nodes of a cost. They are taken together, because
// one search finds the best value of all of them.
func (w *finder) fromClasses(n *node, cost choice) choice {
	l := n.classes.Where(func(next int32) bool {
		return next != outside && w.choose(next).compare(cost) == 0
	})
	code, ok := w.sp.dims[n.dim].pick(l)
	if !ok {
		return choice{fields: impossible}
	}
	return choice{fields: cost.fields + 1, length: cost.length + len(code), next: n.classes.At(code), code: code}
}

// pick returns the best code of l.
func (d *Dim) pick(l lang.Lang) (string, bool) {
	// An empty value says less than any other; where there is no need of it, it is not preferred.
	for _, p := range d.Prefer {
		if d.Kind == List {
			p = lang.Star(lang.Concat(p, lang.Literal(none)))
		}
		if code, ok := l.Intersect(p).Witness(); ok {
			return code, true
		}
	}
	return l.Witness()
}
