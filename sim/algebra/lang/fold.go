package lang

// fold returns the canonical machine of the same function in one pass from the ends, and false for a
// machine with a loop through several states. Most machines have none: those of texts, prefixes and
// their combinations loop in single states only. All states of m must be reachable.
func (m *machine) fold() (*machine, bool) {
	n := len(m.out)
	size := 4
	for size < 4*n {
		size *= 2
	}
	f := folder{m: m, class: make([]int32, n), table: make([]int32, size)}
	if !f.walk() {
		return nil, false
	}
	class := func(s int32) int32 { return f.class[s] - 1 }
	member := func(c int32) int32 { return f.members[c] }
	return m.quotient(0, len(f.members), class, member), true
}

// folder gives states that no string tells apart one class. A state comes after all that it leads to.
type folder struct {
	m       *machine
	class   []int32 // by state: 0 unknown, open while its successors are looked at, else its class and one
	members []int32 // by class: one of its states
	table   []int32 // by hash: a class and one, or 0
}

const open = int32(-1)

// itself stands for the class of a state in its own hash.
const itself = int32(-2)

// walk classes all states, or reports false on a loop through several.
func (f *folder) walk() bool {
	type frame struct{ state, next int32 }
	first, _ := f.m.span(0)
	todo := []frame{{0, first}}
	f.class[0] = open
	for len(todo) > 0 {
		at := &todo[len(todo)-1]
		if _, last := f.m.span(at.state); at.next == last {
			f.class[at.state] = f.find(at.state)
			todo = todo[:len(todo)-1]
			continue
		}
		t := f.m.to[at.next]
		at.next++
		switch {
		case t == at.state:
		case f.class[t] == open:
			return false
		case f.class[t] == 0:
			f.class[t] = open
			begin, _ := f.m.span(t)
			todo = append(todo, frame{t, begin})
		}
	}
	return true
}

// find returns the class, and one, of a state whose successors have theirs.
func (f *folder) find(s int32) int32 {
	loops := false
	for lo, hi := f.m.span(s); lo < hi; lo++ {
		t := f.m.to[lo]
		if t == s {
			loops = true
		}
	}
	if loops {
		// It may equal a state that it leads to, without equal edges: those to itself are to the other.
		for lo, hi := f.m.span(s); lo < hi; lo++ {
			if c := f.class[f.m.to[lo]]; c > 0 && f.same(s, c) {
				return c
			}
		}
	}
	own := f.hash(s, itself)
	if c := f.lookup(own, s); c > 0 {
		return c
	}
	f.members = append(f.members, s)
	c := int32(len(f.members))
	f.store(own, c)
	if loops {
		// A state without the loop that leads here by the same bytes is equal too.
		f.store(f.hash(s, c), c)
	}
	return c
}

// same tells whether a state equals those of a class: each byte leads both to one class, where the
// state's own class is taken to be that class.
func (f *folder) same(s, c int32) bool {
	r := f.members[c-1]
	if f.m.out[s] != f.m.out[r] {
		return false
	}
	i, _ := f.m.span(s)
	j, _ := f.m.span(r)
	for {
		if f.target(s, i, c) != f.target(r, j, c) {
			return false
		}
		a, b := f.m.hi[i], f.m.hi[j]
		if a == 255 && b == 255 {
			return true
		}
		if a <= b {
			i++
		}
		if b <= a {
			j++
		}
	}
}

// target returns the class, and one, that an edge of s leads to, where s has the class own.
func (f *folder) target(s, edge, own int32) int32 {
	if t := f.m.to[edge]; t != s {
		return f.class[t]
	}
	return own
}

func (f *folder) hash(s, own int32) uint64 {
	h := uint64(uint32(f.m.out[s]))
	lo, hi := f.m.span(s)
	for ; lo < hi; lo++ {
		t := f.target(s, lo, own)
		if lo+1 < hi && f.target(s, lo+1, own) == t {
			continue // one run of bytes
		}
		h = mix(h, uint64(f.m.hi[lo])<<32|uint64(uint32(t)))
	}
	return h
}

// lookup returns the class of a hash that s equals, or 0.
func (f *folder) lookup(h uint64, s int32) int32 {
	mask := uint64(len(f.table) - 1)
	for i := h & mask; f.table[i] != 0; i = (i + 1) & mask {
		if f.same(s, f.table[i]) {
			return f.table[i]
		}
	}
	return 0
}

func (f *folder) store(h uint64, c int32) {
	mask := uint64(len(f.table) - 1)
	i := h & mask
	for f.table[i] != 0 {
		i = (i + 1) & mask
	}
	f.table[i] = c
}
