package lang

// partition divides 0..n-1 into sets that can be split in time of the elements that move.
type partition struct {
	elems   []int32 // set by set
	place   []int32 // by element: where it stands in elems
	set     []int32 // by element
	first   []int32 // by set: where it begins in elems
	past    []int32 // by set: where it ends
	marked  []int32 // by set: how many of its elements are marked; they stand first
	touched []int32 // the sets with marked elements
}

// newPartition returns the sets of neighbours in order that are alike.
func newPartition(order []int32, alike func(a, b int32) bool) partition {
	n := len(order)
	places := make([]int32, 2*n)
	p := partition{elems: order, place: places[:n:n], set: places[n:]}
	room := min(n, 32)
	p.first, p.past, p.marked = make([]int32, 0, room), make([]int32, 0, room), make([]int32, 0, room)
	for i, e := range order {
		if i == 0 || !alike(order[i-1], e) {
			if i > 0 {
				p.past = append(p.past, int32(i))
			}
			p.first = append(p.first, int32(i))
			p.marked = append(p.marked, 0)
		}
		p.place[e] = int32(i)
		p.set[e] = int32(len(p.first) - 1)
	}
	if n > 0 {
		p.past = append(p.past, int32(n))
	}
	return p
}

// mark notes an element, once, for the next split.
func (p *partition) mark(e int32) {
	s := p.set[e]
	at, front := p.place[e], p.first[s]+p.marked[s]
	if at < front {
		return
	}
	other := p.elems[front]
	p.elems[at], p.elems[front] = other, e
	p.place[other], p.place[e] = at, front
	if p.marked[s] == 0 {
		p.touched = append(p.touched, s)
	}
	p.marked[s]++
}

// split parts the marked elements of each set from the others; the smaller part is the new set.
func (p *partition) split() {
	for _, s := range p.touched {
		middle := p.first[s] + p.marked[s]
		p.marked[s] = 0
		if middle == p.past[s] {
			continue
		}
		z := int32(len(p.first))
		if middle-p.first[s] <= p.past[s]-middle {
			p.first, p.past = append(p.first, p.first[s]), append(p.past, middle)
			p.first[s] = middle
		} else {
			p.first, p.past = append(p.first, middle), append(p.past, p.past[s])
			p.past[s] = middle
		}
		p.marked = append(p.marked, 0)
		for _, e := range p.elems[p.first[z]:p.past[z]] {
			p.set[e] = z
		}
	}
	p.touched = p.touched[:0]
}
