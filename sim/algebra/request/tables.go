package request

import "github.com/netfate/netfate/sim/algebra/lang"

// maxLayers bounds the chain of clones that a look-up walks; a longer one is copied into one layer.
const maxLayers = 8

// tables finds nodes and remembers results. The tables of a clone stand on those of its original, which
// nobody writes any more.
type tables struct {
	parent  *tables
	layer   int
	nodes   map[uint64][]int32
	results map[operation]int32
}

// operation is what was computed.
type operation struct {
	op   op
	a, b int32
}

func newTables(parent *tables) *tables {
	t := &tables{parent: parent, nodes: map[uint64][]int32{}, results: map[operation]int32{}}
	if parent == nil {
		return t
	}
	if t.layer = parent.layer + 1; t.layer < maxLayers {
		return t
	}
	t.parent, t.layer = nil, 0
	for p := parent; p != nil; p = p.parent {
		for h, ids := range p.nodes {
			t.nodes[h] = append(t.nodes[h], ids...)
		}
		for k, id := range p.results {
			t.results[k] = id
		}
	}
	return t
}

func hash(dim int32, classes lang.Map) uint64 {
	return classes.Hash() ^ uint64(dim+1)*0x9e3779b97f4a7c15
}

// find returns the node with these classes.
func (t *tables) find(nodes []node, dim int32, classes lang.Map) (int32, bool) {
	h := hash(dim, classes)
	for ; t != nil; t = t.parent {
		for _, id := range t.nodes[h] {
			if nodes[id].dim == dim && nodes[id].classes.Equal(classes) {
				return id, true
			}
		}
	}
	return 0, false
}

func (t *tables) keep(dim int32, classes lang.Map, id int32) {
	h := hash(dim, classes)
	t.nodes[h] = append(t.nodes[h], id)
}

// result returns what an operation gave before.
func (t *tables) result(o operation) (int32, bool) {
	for ; t != nil; t = t.parent {
		if id, ok := t.results[o]; ok {
			return id, true
		}
	}
	return 0, false
}
