package lang

import "slices"

// minimize returns the canonical machine of the same function. All states of m must be reachable.
func (m *machine) minimize() *machine {
	if folded, ok := m.fold(); ok {
		return folded
	}
	return m.refined()
}

// refined is minimize for any machine.
//
// It follows Valmari and Lehtinen, "Efficient minimization of DFAs with partial transition functions"
// (STACS 2008): the states that can only ever give the number of one chosen sink are taken for that
// sink and their transitions are left out, which leaves few of them; what remains is refined in time
// of transitions times the logarithm of states.
func (m *machine) refined() *machine {
	if len(m.out) == 1 {
		return constant(m.out[0])
	}
	sink := m.busiestSink()
	index := m.living(sink)
	live := members(index)
	if len(live) == 0 {
		return constant(m.out[0])
	}
	r := refinement{m: m, index: index, live: live}
	r.transitions()
	r.refine()
	blocks := &r.blocks
	last := int32(len(blocks.first)) // the class of the sink
	class := func(s int32) int32 {
		if index[s] < 0 {
			return last
		}
		return blocks.set[index[s]]
	}
	member := func(c int32) int32 {
		if c == last {
			return sink
		}
		return live[blocks.elems[blocks.first[c]]]
	}
	return m.quotient(0, int(last)+1, class, member)
}

// busiestSink returns the state that is never left to which most ranges lead, or -1.
func (m *machine) busiestSink() int32 {
	in := make([]int32, len(m.out))
	for _, t := range m.to {
		in[t]++
	}
	best := int32(-1)
	for s := range m.out {
		if s := int32(s); m.sink(s) && (best < 0 || in[s] > in[best]) {
			best = s
		}
	}
	return best
}

// living numbers the states from which a number other than the sink's can be reached; the others,
// which equal the sink, have -1. Without a sink all live.
func (m *machine) living(sink int32) []int32 {
	n := len(m.out)
	alive := make([]int32, n)
	if sink < 0 {
		for i := range alive {
			alive[i] = int32(i)
		}
		return alive
	}
	begin, sources := m.reverse()
	todo := make([]int32, 0, n)
	for s, o := range m.out {
		alive[s] = -1
		if o != m.out[sink] {
			alive[s] = 0
			todo = append(todo, int32(s))
		}
	}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, p := range sources[begin[s]:begin[s+1]] {
			if alive[p] < 0 {
				alive[p] = 0
				todo = append(todo, p)
			}
		}
	}
	count := int32(0)
	for s := range alive {
		if alive[s] == 0 {
			alive[s] = count
			count++
		}
	}
	return alive
}

// reverse returns the states that lead to each state: those of s are sources[begin[s]:begin[s+1]].
func (m *machine) reverse() (begin, sources []int32) {
	begin = make([]int32, len(m.out)+1)
	for _, t := range m.to {
		begin[t+1]++
	}
	for s := range m.out {
		begin[s+1] += begin[s]
	}
	sources = make([]int32, len(m.to))
	fill := slices.Clone(begin)
	for s := range m.out {
		for lo, hi := m.span(int32(s)); lo < hi; lo++ {
			t := m.to[lo]
			sources[fill[t]] = int32(s)
			fill[t]++
		}
	}
	return begin, sources
}

// members returns the states whose index is not negative, by index.
func members(index []int32) []int32 {
	live := make([]int32, 0, len(index))
	for s, i := range index {
		if i >= 0 {
			live = append(live, int32(s))
		}
	}
	return live
}

// byteClasses numbers the bytes such that no range of m ends between two bytes of one number.
func (m *machine) byteClasses() (class [256]int32, count int32) {
	var ends [256]bool
	for _, h := range m.hi {
		ends[h] = true
	}
	for b := range 256 {
		class[b] = count
		if ends[b] {
			count++
		}
	}
	return class, count
}

// refinement splits living states into blocks that no string tells apart.
type refinement struct {
	m      *machine
	index  []int32 // by state: its place in live, or -1
	live   []int32
	tail   []int32 // by transition, as places in live
	head   []int32
	labels []int32 // by label: where its transitions begin; transitions are in order of labels
	blocks partition
	cords  partition // of transitions
}

// transitions lists those between living states, by label.
func (r *refinement) transitions() {
	class, count := r.m.byteClasses()
	r.labels = make([]int32, count+1)
	r.each(class, func(_, label, _ int32) { r.labels[label+1]++ })
	for l := range count {
		r.labels[l+1] += r.labels[l]
	}
	total := r.labels[count]
	r.tail, r.head = make([]int32, total), make([]int32, total)
	fill := slices.Clone(r.labels)
	r.each(class, func(tail, label, head int32) {
		r.tail[fill[label]], r.head[fill[label]] = tail, head
		fill[label]++
	})
}

// each yields the transitions between living states.
func (r *refinement) each(class [256]int32, yield func(tail, label, head int32)) {
	m := r.m
	for i, s := range r.live {
		first := int32(0)
		for lo, hi := m.span(s); lo < hi; lo++ {
			last := class[m.hi[lo]]
			if t := r.index[m.to[lo]]; t >= 0 {
				for l := first; l <= last; l++ {
					yield(int32(i), l, t)
				}
			}
			first = last + 1
		}
	}
}

// refine splits blocks and cords by each other until nothing changes.
func (r *refinement) refine() {
	r.startBlocks()
	r.startCords()
	begin, into := r.incoming()
	b, c := int32(1), int32(0)
	for c < int32(len(r.cords.first)) {
		for i := r.cords.first[c]; i < r.cords.past[c]; i++ {
			r.blocks.mark(r.tail[r.cords.elems[i]])
		}
		r.blocks.split()
		c++
		for b < int32(len(r.blocks.first)) {
			for i := r.blocks.first[b]; i < r.blocks.past[b]; i++ {
				s := r.blocks.elems[i]
				for _, t := range into[begin[s]:begin[s+1]] {
					r.cords.mark(t)
				}
			}
			r.cords.split()
			b++
		}
	}
}

// startBlocks has one block for each number that states give.
func (r *refinement) startBlocks() {
	order := make([]int32, len(r.live))
	for i := range order {
		order[i] = int32(i)
	}
	out := func(i int32) int32 { return r.m.out[r.live[i]] }
	slices.SortStableFunc(order, func(a, b int32) int { return int(out(a)) - int(out(b)) })
	r.blocks = newPartition(order, func(a, b int32) bool { return out(a) == out(b) })
}

// startCords has one cord for each label.
func (r *refinement) startCords() {
	order := make([]int32, len(r.tail))
	label := make([]int32, len(r.tail))
	for l := range len(r.labels) - 1 {
		for t := r.labels[l]; t < r.labels[l+1]; t++ {
			order[t], label[t] = t, int32(l)
		}
	}
	r.cords = newPartition(order, func(a, b int32) bool { return label[a] == label[b] })
}

// incoming returns the transitions into each living state.
func (r *refinement) incoming() (begin, into []int32) {
	begin = make([]int32, len(r.live)+1)
	for _, h := range r.head {
		begin[h+1]++
	}
	for s := range r.live {
		begin[s+1] += begin[s]
	}
	into = make([]int32, len(r.head))
	fill := slices.Clone(begin)
	for t, h := range r.head {
		into[fill[h]] = int32(t)
		fill[h]++
	}
	return begin, into
}
