package algebra

import (
	"math/rand/v2"
	"testing"
)

func TestInternerFixedIDs(t *testing.T) {
	in := NewInterner()
	if got := in.ID(nil); got != NoneID {
		t.Errorf("ID of nothing = %d", got)
	}
	if got := in.ID(AllConns()); got != AllID {
		t.Errorf("ID of all = %d", got)
	}
	if got := in.ID(Of(0, 1<<31)); got != AllID {
		t.Errorf("ID of more than all = %d", got)
	}
	if got := in.Set(99); !got.Empty() {
		t.Errorf("set of an unknown ID = %v", got)
	}
	if !in.Set(NoneID).Empty() || !in.Set(AllID).Equal(AllConns()) {
		t.Error("the fixed IDs name other sets")
	}
}

func TestInternerKeepsACopy(t *testing.T) {
	in := NewInterner()
	buf := Set{{1, 2}}
	id := in.ID(buf)
	buf[0] = Interval{7, 8}
	if got := in.Set(id); !got.Equal(Of(1, 2)) {
		t.Errorf("the set changed with the caller's buffer: %v", got)
	}
}

// checkOps compares each operation on the IDs with that on the sets.
func checkOps(t *testing.T, in *Interner, x, y ID) {
	t.Helper()
	a, b := in.Set(x), in.Set(y)
	for _, c := range []struct {
		name string
		got  ID
		want Set
	}{
		{"union", in.Union(x, y), a.Union(b)},
		{"intersect", in.Intersect(x, y), a.Intersect(b)},
		{"subtract", in.Subtract(x, y), a.Subtract(b)},
	} {
		if !in.Set(c.got).Equal(c.want) {
			t.Errorf("%s(%d, %d) = %v, want %v", c.name, x, y, in.Set(c.got), c.want)
		}
		if in.ID(c.want) != c.got {
			t.Errorf("%s(%d, %d) has two IDs: %d and %d", c.name, x, y, c.got, in.ID(c.want))
		}
	}
}

func TestInternerAgreesWithSets(t *testing.T) {
	in := NewInterner()
	r := rand.New(rand.NewPCG(3, 3))
	for range 40 {
		s, _ := sample(r, 1000)
		in.ID(s)
	}
	n := ID(in.Len())
	for x := range n {
		for y := range n {
			checkOps(t, in, x, y)
		}
	}
	for id := range ID(in.Len()) {
		if got := in.ID(in.Set(id)); got != id {
			t.Fatalf("set %d has the ID %d", id, got)
		}
	}
}

func TestInternerSharesCommutativeResults(t *testing.T) {
	in := NewInterner()
	x, y := in.ID(Ports(TCP, 1, 9)), in.ID(Ports(TCP, 5, 20))
	in.Union(x, y)
	in.Intersect(x, y)
	if n := testing.AllocsPerRun(10, func() { in.Union(y, x); in.Intersect(y, x) }); n != 0 {
		t.Errorf("the swapped operands were computed again: %v allocations", n)
	}
	for o, want := range map[op]int{opUnion: 1, opIntersect: 1, opSubtract: 0} {
		if got := len(in.memo[o]); got != want {
			t.Errorf("operation %d has %d entries, want %d", o, got, want)
		}
	}
}

func TestCloneGrowsOnItsOwn(t *testing.T) {
	parent := NewInterner()
	known := parent.ID(Ports(TCP, 80, 80))
	a, b := parent.Clone(), parent.Clone()
	if a.ID(Ports(TCP, 80, 80)) != known {
		t.Error("the clone numbered a known set again")
	}
	x, y := a.ID(Ports(UDP, 53, 53)), b.ID(Ports(SCTP, 1, 1))
	if !a.Set(x).Equal(Ports(UDP, 53, 53)) || !b.Set(y).Equal(Ports(SCTP, 1, 1)) {
		t.Errorf("clones share what they learned: %v, %v", a.Set(x), b.Set(y))
	}
	if got := parent.Len(); got != 3 {
		t.Errorf("the parent has %d sets after its clones learned", got)
	}
}

// A parent that is written to after all must not confuse its clones: each layer sees of its parents
// only what they knew when it was made.
func TestCloneIgnoresWhatParentsLearnLater(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	layers := []*Interner{NewInterner()}
	for range 3 * maxLayers {
		for range 6 {
			in := layers[r.IntN(len(layers))]
			s, _ := sample(r, 1000)
			in.ID(s)
			checkOps(t, in, ID(r.IntN(in.Len())), ID(r.IntN(in.Len())))
		}
		layers = append(layers, layers[max(0, len(layers)-1-r.IntN(2))].Clone())
	}
	for _, in := range layers {
		for range 300 {
			checkOps(t, in, ID(r.IntN(in.Len())), ID(r.IntN(in.Len())))
		}
		for id := range ID(in.Len()) {
			if got := in.ID(in.Set(id)); got != id {
				t.Fatalf("set %d has the ID %d", id, got)
			}
		}
		if in.layer >= maxLayers {
			t.Errorf("layer %d: the chain is too long", in.layer)
		}
	}
}

func TestFlattenKeepsIDsAndResults(t *testing.T) {
	in := NewInterner()
	var results []ID
	for port := uint16(1); port < 3*maxLayers; port++ {
		x := in.ID(Ports(TCP, port, port))
		results = append(results, in.Union(x, in.ID(Ports(UDP, port, port))))
		in = in.Clone()
	}
	for i, want := range results {
		port := uint16(i + 1)
		got := in.Union(in.ID(Ports(TCP, port, port)), in.ID(Ports(UDP, port, port)))
		if got != want {
			t.Errorf("port %d: ID %d, was %d", port, got, want)
		}
	}
}
