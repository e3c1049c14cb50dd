package request

import (
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/algebra/lang"
)

// Contains tells whether a request is in a set. A request with a value outside of a domain is in no set
// that looks at it.
func (sp *Space) Contains(s Set, r Request) bool {
	return sp.ContainsFunc(s, func(dim string) (Value, bool) {
		v, ok := r[dim]
		return v, ok
	})
}

// ContainsFunc is [Space.Contains] for a request that value gives, dimension by dimension as it is asked;
// false means the default. It does not allocate unless value does.
func (sp *Space) ContainsFunc(s Set, value func(dim string) (Value, bool)) bool {
	id := s.id
	for sp.nodes[id].dim != terminal {
		n := &sp.nodes[id]
		d := &sp.dims[n.dim]
		v, ok := value(d.Name)
		if !ok {
			v = d.initially()
		}
		if id, ok = d.classify(n.classes, v); !ok || id == outside {
			return false
		}
	}
	return id == allID
}

// Dims returns the names of the dimensions that membership in a set depends on, in the space's order.
func (sp *Space) Dims(s Set) []string {
	used := make([]bool, len(sp.dims))
	sp.visit(s.id, map[int32]bool{}, func(n *node) { used[n.dim] = true })
	var names []string
	for i, u := range used {
		if u {
			names = append(names, sp.dims[i].Name)
		}
	}
	return names
}

// Nodes returns the number of nodes of one set.
func (sp *Space) Nodes(s Set) int {
	count := 0
	sp.visit(s.id, map[int32]bool{}, func(*node) { count++ })
	return count
}

// visit calls f once for each node under id that is no terminal.
func (sp *Space) visit(id int32, seen map[int32]bool, f func(n *node)) {
	n := &sp.nodes[id]
	if n.dim == terminal || seen[id] {
		return
	}
	seen[id] = true
	f(n)
	for _, next := range n.classes.Values() {
		if next != outside {
			sp.visit(next, seen, f)
		}
	}
}

// Given returns the requests, of any value in a dimension, that are in s once they have the value v
// there: what is left to say when the dimension is known.
func (sp *Space) Given(s Set, dim string, v Value) Set {
	n, err := sp.dim(dim)
	if err != nil {
		return sp.Undetermined(err)
	}
	d := &sp.dims[n].Dim
	return sp.replace(s, n, func(classes lang.Map) int32 {
		id, ok := d.classify(classes, v)
		if !ok || id == outside {
			return noneID
		}
		return id
	})
}

// Exists returns the requests that are in s for some value in a dimension.
func (sp *Space) Exists(s Set, dim string) Set {
	n, err := sp.dim(dim)
	if err != nil {
		return sp.Undetermined(err)
	}
	return sp.replace(s, n, func(classes lang.Map) int32 {
		out := noneID
		for _, next := range classes.Values() {
			if next != outside {
				out = sp.apply(union, out, next)
			}
		}
		return out
	})
}

// replace returns s with each node of a dimension replaced by another one.
func (sp *Space) replace(s Set, dim int32, f func(classes lang.Map) int32) Set {
	sp.budget = MaxSteps
	seen := map[int32]int32{}
	var walk func(id int32) int32
	walk = func(id int32) int32 {
		n := sp.nodes[id]
		if n.dim > dim {
			return id
		}
		out, ok := seen[id]
		if !ok {
			if n.dim == dim {
				out = f(n.classes)
			} else {
				out = sp.relabel(n, walk)
			}
			seen[id] = out
		}
		return out
	}
	return Set{walk(s.id)}
}

// Consistent returns the requests that can be as far as the standard dimensions and those added until now
// depend on each other: without a token there are no audiences, no presenter and no claims.
func (sp *Space) Consistent() Set {
	if _, ok := sp.index[Token]; !ok {
		return sp.All()
	}
	without := []Set{sp.Absent(Token)}
	for i := range sp.dims {
		d := &sp.dims[i]
		if d.Kind != Scalar && (d.Name == Audiences || d.Name == Presenter || strings.HasPrefix(d.Name, Claim)) {
			without = append(without, sp.Absent(d.Name))
		}
	}
	return sp.Union(sp.Complement(without[0]), sp.IntersectAll(without...))
}

// Dim returns a dimension of the space, and false when it has none of that name.
func (sp *Space) Dim(name string) (Dim, bool) {
	n, ok := sp.index[name]
	if !ok {
		return Dim{}, false
	}
	d := sp.dims[n].Dim
	d.Prefer = slices.Clone(d.Prefer)
	return d, true
}
