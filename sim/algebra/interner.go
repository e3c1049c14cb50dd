package algebra

import "slices"

// ID names a set of connections within one [Interner] and its clones: equal IDs are equal sets.
type ID uint32

// The IDs that are the same in every Interner.
const (
	NoneID ID = 0 // the empty set
	AllID  ID = 1 // AllConns()
)

// maxLayers bounds the chain of clones that a lookup walks; a longer one is copied into one layer.
const maxLayers = 8

type op uint8

const (
	opUnion op = iota
	opIntersect
	opSubtract
	opCount
)

// Interner numbers sets of connections and remembers the results of operations on the numbers.
//
// It is not safe for concurrent use. After [Interner.Clone] the original may be read and not written
// while clones are in use; then any number of clones may be used at once, each by one goroutine.
// Reading is Set, Len and Clone only: ID and the operations may write.
type Interner struct {
	parent *Interner // frozen; only its IDs under base count
	base   ID        // the first ID of this layer
	layer  int       // the number of parents
	sets   []Set     // by ID - base
	next   []ID      // by ID - base: the next older set of this layer with the same hash, or 0
	heads  map[uint64]ID
	memo   [opCount]map[uint64]ID
	buf    Set // for results that may turn out to be known
}

// NewInterner returns an Interner that knows the empty set and AllConns().
func NewInterner() *Interner {
	in := newLayer(nil, 0)
	in.add(nil, Set(nil).Hash())
	in.add(AllConns(), AllConns().Hash())
	return in
}

func newLayer(parent *Interner, base ID) *Interner {
	in := &Interner{parent: parent, base: base, heads: map[uint64]ID{}}
	for o := range in.memo {
		in.memo[o] = map[uint64]ID{}
	}
	if parent != nil {
		in.layer = parent.layer + 1
	}
	return in
}

// Len returns the number of sets known; their IDs are 0 up to Len()-1.
func (in *Interner) Len() int { return int(in.base) + len(in.sets) }

// ID returns the number of s and keeps a copy of s when it is new. Values outside AllConns() are not
// connections and are dropped.
func (in *Interner) ID(s Set) ID {
	if n := len(s); n > 0 && s[n-1].Hi > maxConn {
		s = s.Intersect(AllConns())
	}
	if s.Empty() {
		return NoneID
	}
	h := s.Hash()
	if id, ok := in.find(s, h); ok {
		return id
	}
	return in.add(slices.Clone(s), h)
}

// Set returns the set with the number id, which must not be written to, or the empty set when id is
// not known.
func (in *Interner) Set(id ID) Set {
	for id < in.base {
		in = in.parent
	}
	if n := int(id - in.base); n < len(in.sets) {
		return in.sets[n]
	}
	return nil
}

// Clone returns an Interner that knows all that in knows, under the same IDs, and grows on its own. It
// costs next to nothing, because the clone looks up in the original what it does not hold itself;
// only a clone maxLayers generations from the last full copy is a full copy again, so that look-ups
// stay short.
func (in *Interner) Clone() *Interner {
	if in.layer+1 >= maxLayers {
		return in.flatten()
	}
	return newLayer(in, ID(in.Len()))
}

// find returns the ID of s, whose hash is h, in this layer or a parent.
func (in *Interner) find(s Set, h uint64) (ID, bool) {
	// A set that a parent learned after the clone has an ID that is another set here.
	for limit := ^ID(0); in != nil; in, limit = in.parent, in.base {
		for id := in.heads[h]; id != 0; id = in.next[id-in.base] {
			if id < limit && in.sets[id-in.base].Equal(s) {
				return id, true
			}
		}
	}
	return 0, false
}

// add gives s, which is not known and is not shared, the next ID.
func (in *Interner) add(s Set, h uint64) ID {
	id := ID(in.Len())
	in.sets = append(in.sets, s)
	in.next = append(in.next, in.heads[h])
	in.heads[h] = id
	return id
}

// flatten returns a copy of in and its parents as one layer.
func (in *Interner) flatten() *Interner {
	out := newLayer(nil, 0)
	for id := range ID(in.Len()) {
		s := in.Set(id)
		out.add(s, s.Hash())
	}
	for limit := ^ID(0); in != nil; in, limit = in.parent, in.base {
		for o, known := range in.memo {
			for k, id := range known {
				if id < limit && ID(k>>32) < limit && ID(k) < limit {
					out.memo[o][k] = id
				}
			}
		}
	}
	return out
}
