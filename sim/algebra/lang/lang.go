package lang

import "fmt"

// MaxStates is how many states an automaton may have while two are combined.
const MaxStates = 1 << 18

// LimitError says that an exact answer would take more than the package allows.
type LimitError struct {
	What  string // what there would be too many of
	Limit int    // how many there may be
}

// Error says what passed which limit.
func (e *LimitError) Error() string {
	return fmt.Sprintf("more than %d %s", e.Limit, e.What)
}

// Lang is an exact set of strings. The zero Lang is the empty set.
type Lang struct {
	m   *machine // numbers 1 for in and 0 for out; nil is the empty set
	err error
}

// failed returns a Lang that stands for one that could not be computed.
func failed(err error) Lang { return Lang{err: err} }

// Empty returns the set without strings.
func Empty() Lang { return Lang{} }

// All returns the set of all strings, the empty one included.
func All() Lang { return Lang{m: constant(1)} }

// of wraps a canonical machine.
func of(m *machine) Lang {
	if len(m.out) == 1 && m.out[0] == 0 {
		return Lang{}
	}
	return Lang{m: m}
}

// machine returns the automaton of l, which has no error.
func (l Lang) machine() *machine {
	if l.m == nil {
		return constant(0)
	}
	return l.m
}

// Err returns why l could not be computed, nil for a set.
func (l Lang) Err() error { return l.err }

// IsEmpty tells whether l is known to hold no string.
func (l Lang) IsEmpty() bool { return l.m == nil && l.err == nil }

// IsAll tells whether l is known to hold every string.
func (l Lang) IsAll() bool { return l.m != nil && len(l.m.out) == 1 }

// Equal tells whether l and k are known to hold the same strings.
func (l Lang) Equal(k Lang) bool {
	if l.err != nil || k.err != nil {
		return false
	}
	if l.m == nil || k.m == nil {
		return l.m == k.m
	}
	return l.m.equal(k.m)
}

// Hash returns a hash of the strings of l. Equal sets have equal hashes in every process.
func (l Lang) Hash() uint64 {
	if l.m == nil {
		return 0
	}
	return l.m.hash
}

// Contains tells whether s is in l. It does not allocate.
func (l Lang) Contains(s string) bool {
	return l.m != nil && l.m.out[l.m.run(0, s)] == 1
}

// States returns the number of states of the minimal automaton of l.
func (l Lang) States() int {
	if l.m == nil {
		return 1
	}
	return len(l.m.out)
}

// Union returns the strings in l or k.
func (l Lang) Union(k Lang) Lang {
	switch {
	case l.err != nil || k.err != nil:
		return failed(first(l.err, k.err))
	case l.IsEmpty() || k.IsAll():
		return k
	case k.IsEmpty() || l.IsAll():
		return l
	}
	absorb := func(x int32) (int32, bool) { return 1, x == 1 }
	return l.combine(k, rule{func(x, y int32) int32 { return x | y }, absorb, absorb})
}

// Intersect returns the strings in both l and k.
func (l Lang) Intersect(k Lang) Lang {
	switch {
	case l.err != nil || k.err != nil:
		return failed(first(l.err, k.err))
	case l.IsEmpty() || k.IsAll():
		return l
	case k.IsEmpty() || l.IsAll():
		return k
	}
	absorb := func(x int32) (int32, bool) { return 0, x == 0 }
	return l.combine(k, rule{func(x, y int32) int32 { return x & y }, absorb, absorb})
}

// Minus returns the strings in l and not in k.
func (l Lang) Minus(k Lang) Lang {
	switch {
	case l.err != nil || k.err != nil:
		return failed(first(l.err, k.err))
	case l.IsEmpty() || k.IsEmpty():
		return l
	case l.IsAll():
		return k.Complement()
	}
	left := func(x int32) (int32, bool) { return 0, x == 0 }
	right := func(y int32) (int32, bool) { return 0, y == 1 }
	return l.combine(k, rule{func(x, y int32) int32 { return x &^ y }, left, right})
}

// combine joins the machines of two sets that are not empty.
func (l Lang) combine(k Lang, r rule) Lang {
	m, _, err := product(l.machine(), k.machine(), r, MaxStates)
	if err != nil {
		return failed(err)
	}
	return of(m)
}

// Complement returns the strings that are not in l.
func (l Lang) Complement() Lang {
	if l.err != nil {
		return l
	}
	if l.m == nil {
		return All()
	}
	return of(l.m.relabel(func(o int32) int32 { return 1 - o }))
}

// SubsetOf tells whether all strings of l are known to be in k.
func (l Lang) SubsetOf(k Lang) bool { return l.Minus(k).IsEmpty() }

// Overlaps tells whether a string is known to be in both l and k.
func (l Lang) Overlaps(k Lang) bool {
	both := l.Intersect(k)
	return both.err == nil && !both.IsEmpty()
}

// UnionAll returns the strings in one of the sets.
func UnionAll(sets ...Lang) Lang {
	switch len(sets) {
	case 0:
		return Empty()
	case 1:
		return sets[0]
	}
	half := len(sets) / 2
	return UnionAll(sets[:half]...).Union(UnionAll(sets[half:]...))
}

// IntersectAll returns the strings in all of the sets; those of none are all strings.
func IntersectAll(sets ...Lang) Lang {
	switch len(sets) {
	case 0:
		return All()
	case 1:
		return sets[0]
	}
	half := len(sets) / 2
	return IntersectAll(sets[:half]...).Intersect(IntersectAll(sets[half:]...))
}

// Preimage returns the strings that are in l once each byte b is replaced by f(b).
func (l Lang) Preimage(f func(b byte) byte) Lang {
	if l.m == nil {
		return l
	}
	m := newMachine()
	for s := range l.m.out {
		m.add(l.m.out[s])
		for b := range 256 {
			m.edge(byte(b), l.m.step(int32(s), f(byte(b))))
		}
		m.close()
	}
	return of(m.reachable().minimize())
}

// Before returns the strings that are in l once end is put behind them.
func (l Lang) Before(end string) Lang {
	if l.m == nil {
		return l
	}
	m := &machine{off: l.m.off, hi: l.m.hi, to: l.m.to, out: make([]int32, len(l.m.out))}
	for s := range m.out {
		m.out[s] = l.m.out[l.m.run(int32(s), end)]
	}
	return of(m.minimize())
}

// After returns the strings that are in l once start is put before them.
func (l Lang) After(start string) Lang {
	if l.m == nil {
		return l
	}
	same := func(s int32) int32 { return s }
	return of(l.m.quotient(l.m.run(0, start), len(l.m.out), same, same).minimize())
}

// Fold returns the strings that are in l once their ASCII letters are lower case: with l made of
// lower-case patterns it ignores case.
func (l Lang) Fold() Lang {
	return l.Preimage(func(b byte) byte {
		if b >= 'A' && b <= 'Z' {
			return b + 'a' - 'A'
		}
		return b
	})
}

// reachable returns m without the states that no string leads to.
func (m *machine) reachable() *machine {
	same := func(s int32) int32 { return s }
	return m.quotient(0, len(m.out), same, same)
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
