package lang

import "slices"

// Witness returns the shortest string of l, and of several the first in an order that prefers what
// people read: letters in lower case, in upper case, digits, "/", "-", ".", "_", then what else is
// printable, then all other bytes. It returns false when l is empty or has an error.
func (l Lang) Witness() (string, bool) {
	s := l.Sample(1)
	if len(s) == 0 {
		return "", false
	}
	return s[0], true
}

// Sample returns the first n strings of l, shorter ones first and those of one length in the order of
// [Lang.Witness]; fewer when l has fewer.
func (l Lang) Sample(n int) []string {
	if l.m == nil {
		return nil
	}
	s := sampler{m: l.m, want: n, exact: [][]bool{accepting(l.m)}}
	// A language with a string of length k has one of a length of every following window of as many
	// lengths as there are states, or no longer one at all.
	for length, idle := 0, 0; len(s.found) < n && idle <= len(l.m.out); length, idle = length+1, idle+1 {
		if s.possible(0, length) {
			s.extend(nil, 0, length)
			idle = 0
		}
	}
	return s.found
}

// sampler lists strings by length.
type sampler struct {
	m     *machine
	want  int
	found []string
	exact [][]bool // by length: the states from which a string of that length is accepted
}

func accepting(m *machine) []bool {
	acc := make([]bool, len(m.out))
	for s, o := range m.out {
		acc[s] = o == 1
	}
	return acc
}

// possible tells whether state s accepts a string of a length.
func (s *sampler) possible(state int32, length int) bool {
	for len(s.exact) <= length {
		last := s.exact[len(s.exact)-1]
		next := make([]bool, len(last))
		for i := range next {
			for lo, hi := s.m.span(int32(i)); lo < hi && !next[i]; lo++ {
				next[i] = last[s.m.to[lo]]
			}
		}
		s.exact = append(s.exact, next)
	}
	return s.exact[length][state]
}

// extend finds the strings that begin with text, which leads to a state, and go on for length bytes.
func (s *sampler) extend(text []byte, state int32, length int) {
	if length == 0 {
		s.found = append(s.found, string(text))
		return
	}
	for _, b := range s.nextBytes(state, length-1) {
		if len(s.found) >= s.want {
			return
		}
		s.extend(append(text, b), s.m.step(state, b), length-1)
	}
}

// nextBytes returns the bytes after which a string of a length is accepted, in order of preference, as
// many as are wanted.
func (s *sampler) nextBytes(state int32, length int) []byte {
	var out []byte
	first := 0
	for lo, hi := s.m.span(state); lo < hi; lo++ {
		for b := first; b <= int(s.m.hi[lo]); b++ {
			if s.possible(s.m.to[lo], length) {
				out = append(out, byte(b))
			}
		}
		first = int(s.m.hi[lo]) + 1
	}
	slices.SortFunc(out, func(a, b byte) int { return rank(a) - rank(b) })
	return out[:min(len(out), s.want)]
}

// rank is the place of a byte in the order of preference.
func rank(b byte) int {
	group := 8
	switch {
	case b >= 'a' && b <= 'z':
		group = 0
	case b >= 'A' && b <= 'Z':
		group = 1
	case b >= '0' && b <= '9':
		group = 2
	case b == '/':
		group = 3
	case b == '-' || b == '.' || b == '_':
		group = 4
	case b > ' ' && b < 0x7f:
		group = 5
	case b == ' ':
		group = 6
	case b == '\t':
		group = 7
	}
	return group<<8 | int(b)
}
