package lang

import (
	"math/rand/v2"
	"testing"
)

// randomMachine returns a machine of reachable states whose loops are mostly in single states.
func randomMachine(r *rand.Rand) *machine {
	n := 1 + r.IntN(12)
	m := newMachine()
	for s := range n {
		m.add(int32(r.IntN(3)))
		for _, hi := range []byte{'a', 'b', 'c', 255} {
			to := s + r.IntN(min(3, n-s))
			if r.IntN(40) == 0 {
				to = r.IntN(n)
			}
			m.edge(hi, int32(to))
		}
		m.close()
	}
	return m.reachable()
}

// TestFoldEqualsRefined compares the two ways to minimise, on machines blown up by a product too.
func TestFoldEqualsRefined(t *testing.T) {
	folded, loops := 0, 0
	for seed := range uint64(20000) {
		r := rand.New(rand.NewPCG(7, seed))
		m := randomMachine(r)
		if r.IntN(2) == 0 {
			m = twice(m)
		}
		got, ok := m.fold()
		if !ok {
			loops++
			continue
		}
		folded++
		if want := m.refined(); !got.equal(want) {
			t.Fatalf("seed %d: %+v\ngives %+v\nwant  %+v", seed, m, got, want)
		}
	}
	if folded < 5000 || loops < 500 {
		t.Errorf("%d machines were folded and %d had loops: the test says little", folded, loops)
	}
}

// twice returns the machine with a copy of each state, to which every other edge leads.
func twice(m *machine) *machine {
	out := newMachine()
	n := int32(len(m.out))
	for copied := range int32(2) {
		for s := range n {
			out.add(m.out[s])
			for lo, hi := m.span(s); lo < hi; lo++ {
				to := m.to[lo]
				if (lo+copied)%2 == 0 || to == s && copied == 1 {
					to += n
				}
				out.edge(m.hi[lo], to)
			}
			out.close()
		}
	}
	return out.reachable()
}
