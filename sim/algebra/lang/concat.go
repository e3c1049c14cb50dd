package lang

// combining bounds the automata of [Concat] and [Star].
func combining() bound { return bound{states: MaxStates, work: 1 << 27} }

// Concat returns the strings that are one of each set, one after the other.
func Concat(sets ...Lang) Lang {
	n := &nfa{}
	n.start = n.state()
	ends := []int32{n.start}
	for _, l := range sets {
		if l.m == nil {
			return l // the empty set, or one with an error
		}
		start, finals := n.graft(l.m)
		for _, e := range ends {
			n.link(e, start, 0)
		}
		ends = finals
	}
	for _, e := range ends {
		n.states[e].final = true
	}
	return n.lang(combining())
}

// Star returns the strings that are any number of strings of l one after the other, none included.
func Star(l Lang) Lang {
	if l.err != nil {
		return l
	}
	n := &nfa{}
	n.start = n.state()
	n.states[n.start].final = true
	if l.m != nil {
		start, finals := n.graft(l.m)
		n.link(n.start, start, 0)
		for _, e := range finals {
			n.link(e, n.start, 0)
		}
	}
	return n.lang(combining())
}

func (n *nfa) lang(b bound) Lang {
	m, err := n.determinize(b)
	if err != nil {
		return failed(err)
	}
	return of(m)
}
