package lang

// rule says how two numbers become one.
type rule struct {
	join func(x, y int32) int32
	// absorb tells that the joined number is v whatever the other machine gives, when one machine is
	// in a sink of number x. Nil is never. It only saves work.
	left, right func(x int32) (v int32, ok bool)
}

// product returns the canonical machine of join(a, b). It fails past limit states; spent is how many
// it made.
func product(a, b *machine, r rule, limit int) (m *machine, spent int, err error) {
	p := pairs{a: a, b: b, rule: r}
	if n := len(a.out) * len(b.out); n <= dense {
		p.near = make([]int32, n)
	}
	p.order = make([]pair, 0, len(a.out)+len(b.out))
	p.state(0, 0)
	m = &machine{off: make([]int32, 1, cap(p.order)+1), out: make([]int32, 0, cap(p.order))}
	for i := 0; i < len(p.order); i++ {
		if len(p.order) > limit {
			return nil, len(p.order), &LimitError{What: "states of a combined automaton", Limit: limit}
		}
		p.expand(m, p.order[i])
	}
	return m.minimize(), len(p.order), nil
}

// done stands for the left state of a pair whose number no longer changes; the right one is it.
const done = int32(-1)

// dense is how many pairs may be numbered in a table; more of them are in a map.
const dense = 4096

// pairs numbers pairs of states.
type pairs struct {
	a, b  *machine
	rule  rule
	near  []int32 // by pair: its number and one; nil when there are too many pairs
	far   map[uint64]int32
	order []pair
}

type pair struct{ x, y int32 }

// state returns the number of a pair.
func (p *pairs) state(x, y int32) int32 {
	if p.rule.left != nil && p.a.sink(x) {
		if v, ok := p.rule.left(p.a.out[x]); ok {
			x, y = done, v
		}
	}
	if x != done && p.rule.right != nil && p.b.sink(y) {
		if v, ok := p.rule.right(p.b.out[y]); ok {
			x, y = done, v
		}
	}
	if x != done && p.near != nil {
		n := &p.near[int(x)*len(p.b.out)+int(y)]
		if *n == 0 {
			*n = p.next(x, y)
		}
		return *n - 1
	}
	key := uint64(uint32(x))<<32 | uint64(uint32(y))
	n, ok := p.far[key]
	if !ok {
		if p.far == nil {
			p.far = map[uint64]int32{}
		}
		n = p.next(x, y)
		p.far[key] = n
	}
	return n - 1
}

// next appends a pair and returns its number and one.
func (p *pairs) next(x, y int32) int32 {
	p.order = append(p.order, pair{x, y})
	return int32(len(p.order))
}

// expand appends the state of a pair to m.
func (p *pairs) expand(m *machine, at pair) {
	if at.x == done {
		n := int32(len(m.out))
		m.add(at.y)
		m.edge(255, n)
		m.close()
		return
	}
	m.add(p.rule.join(p.a.out[at.x], p.b.out[at.y]))
	i, _ := p.a.span(at.x)
	j, _ := p.b.span(at.y)
	for {
		hi := min(p.a.hi[i], p.b.hi[j])
		m.edge(hi, p.state(p.a.to[i], p.b.to[j]))
		if hi == 255 {
			break
		}
		if p.a.hi[i] == hi {
			i++
		}
		if p.b.hi[j] == hi {
			j++
		}
	}
	m.close()
}

// relabel returns the canonical machine of f(m), for a canonical m. It keeps m when f changes nothing.
func (m *machine) relabel(f func(int32) int32) *machine {
	out := make([]int32, len(m.out))
	old := make(map[int32]int32, 4) // by new number: an old one
	changed, apart := false, true
	for s, o := range m.out {
		out[s] = f(o)
		changed = changed || out[s] != o
		if was, ok := old[out[s]]; !ok {
			old[out[s]] = o
		} else if was != o {
			apart = false
		}
	}
	if !changed {
		return m
	}
	next := &machine{out: out, off: m.off, hi: m.hi, to: m.to}
	if !apart {
		return next.minimize()
	}
	// Numbers that stay apart tell the same states apart, in the same order.
	next.seal()
	return next
}
