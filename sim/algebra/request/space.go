package request

import (
	"errors"
	"fmt"
	"maps"
	"math"

	"github.com/netfate/netfate/sim/algebra/lang"
)

// What a space may take.
const (
	MaxNodes = 1 << 20 // of one space
	MaxSteps = 1 << 21 // states that one operation makes, some seconds
)

// Set is a set of requests of one [Space]. Sets of a space are equal exactly when they are ==. The zero
// Set is the empty one.
type Set struct{ id int32 }

// IsEmpty tells whether s is known to hold no request.
func (s Set) IsEmpty() bool { return s.id == noneID }

// IsAll tells whether s is known to hold every request.
func (s Set) IsAll() bool { return s.id == allID }

// The nodes that every space has, and what lies outside of a dimension's domain in a node's map.
const (
	noneID  = int32(0)
	allID   = int32(1)
	outside = int32(-1)
)

// terminal is the dimension of nodes without classes: after all others.
const terminal = int32(math.MaxInt32)

// node is a node of the diagram.
type node struct {
	dim     int32
	classes lang.Map // by code: the next node, or outside
	err     error    // of a terminal that stands for a set that is not known
}

// Space makes and keeps sets of requests over a list of dimensions.
type Space struct {
	dims   []dimension
	index  map[string]int32
	nodes  []node
	tables *tables
	budget int // states that the operation under way may still make
}

// NewSpace returns a space over the dimensions, in their order; without any over [Standard]. It returns
// an error for a name that is there twice and a default that is not in its domain.
func NewSpace(dims ...Dim) (*Space, error) {
	if len(dims) == 0 {
		dims = Standard()
	}
	sp := &Space{index: map[string]int32{}, nodes: []node{{dim: terminal}, {dim: terminal}}, tables: newTables(nil)}
	for _, d := range dims {
		if _, ok := sp.index[d.Name]; ok {
			return nil, fmt.Errorf("the dimension %q is there twice", d.Name)
		}
		if d.Kind == Scalar && !d.Domain.Contains(d.Default) {
			return nil, fmt.Errorf("dimension %q: its default %q is not in its domain", d.Name, d.Default)
		}
		if _, err := sp.add(d); err != nil {
			return nil, err
		}
	}
	return sp, nil
}

// add appends a dimension.
func (sp *Space) add(d Dim) (int32, error) {
	made, err := newDimension(d)
	if err != nil {
		return 0, fmt.Errorf("dimension %q: %w", d.Name, err)
	}
	if made.present.IsEmpty() {
		return 0, fmt.Errorf("dimension %q: its domain is empty", d.Name)
	}
	n := int32(len(sp.dims))
	sp.dims = append(sp.dims, made)
	sp.index[d.Name] = n
	return n, nil
}

// dim returns the number of a dimension, which it adds when its name allows it.
func (sp *Space) dim(name string) (int32, error) {
	if n, ok := sp.index[name]; ok {
		return n, nil
	}
	d, err := named(name)
	if err != nil {
		return 0, err
	}
	return sp.add(d)
}

// Clone returns a space that has all sets of sp, as the same values, and grows on its own. While it is
// in use sp may be asked and must not be built on.
func (sp *Space) Clone() *Space {
	out := *sp
	out.dims = sp.dims[:len(sp.dims):len(sp.dims)]
	out.nodes = sp.nodes[:len(sp.nodes):len(sp.nodes)]
	out.index = maps.Clone(sp.index)
	out.tables = newTables(sp.tables)
	return &out
}

// Len returns the number of nodes of all sets that were made.
func (sp *Space) Len() int { return len(sp.nodes) }

// None returns the empty set.
func (sp *Space) None() Set { return Set{noneID} }

// All returns the set of all requests.
func (sp *Space) All() Set { return Set{allID} }

// Atom returns the requests that have a value in l in a dimension; for a list, that have at least one
// such value. Without a value a request is not among them.
func (sp *Space) Atom(dim string, l lang.Lang) Set {
	n, err := sp.dim(dim)
	if err != nil {
		return sp.Undetermined(err)
	}
	return sp.coded(n, sp.dims[n].holding(l))
}

// Absent returns the requests that have no value in a dimension.
func (sp *Space) Absent(dim string) Set {
	n, err := sp.dim(dim)
	if err != nil {
		return sp.Undetermined(err)
	}
	return sp.coded(n, sp.dims[n].absent)
}

// coded returns the requests whose code in a dimension is in l, which has codes of the domain only.
func (sp *Space) coded(n int32, l lang.Lang) Set {
	in, err := lang.Choose(l, allID, noneID)
	if err != nil {
		return sp.Undetermined(fmt.Errorf("dimension %q: %w", sp.dims[n].Name, err))
	}
	cut := func(x, y int32) int32 {
		if y == outside {
			return outside
		}
		return x
	}
	classes, _, err := lang.Join(in, sp.dims[n].domain, cut, lang.MaxStates)
	if err != nil {
		return sp.Undetermined(fmt.Errorf("dimension %q: %w", sp.dims[n].Name, err))
	}
	return Set{sp.make(n, classes)}
}

// Undetermined returns a set that stands for one that is not known. It spreads to all that is computed
// from it.
func (sp *Space) Undetermined(why error) Set {
	if why == nil {
		why = errors.New("for no reason that was given")
	}
	sp.nodes = append(sp.nodes, node{dim: terminal, err: why})
	return Set{int32(len(sp.nodes) - 1)}
}

// Err returns why a set is not known, nil for one that is.
func (sp *Space) Err(s Set) error { return sp.nodes[s.id].err }

// make returns the node with these classes.
func (sp *Space) make(dim int32, classes lang.Map) int32 {
	if v, ok := classes.Only(outside); ok {
		return v
	}
	if id, ok := sp.tables.find(sp.nodes, dim, classes); ok {
		return id
	}
	if len(sp.nodes) >= MaxNodes {
		return sp.Undetermined(&lang.LimitError{What: "nodes of a space", Limit: MaxNodes}).id
	}
	id := int32(len(sp.nodes))
	sp.nodes = append(sp.nodes, node{dim: dim, classes: classes})
	sp.tables.keep(dim, classes, id)
	return id
}
