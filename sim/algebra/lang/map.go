package lang

// Map is a total function from strings to numbers that takes finitely many values, each on a regular
// set: a division of all strings into classes. It is kept as a minimal automaton, so equal functions
// have equal representations. The zero Map gives every string 0.
type Map struct{ m *machine }

// Constant returns the function that gives every string v.
func Constant(v int32) Map { return Map{constant(v)} }

// Choose returns the function that gives the strings of l the number in and all others the number out.
// It returns the error of l.
func Choose(l Lang, in, out int32) (Map, error) {
	if l.err != nil {
		return Map{}, l.err
	}
	return Map{l.machine()}.Relabel(func(v int32) int32 {
		if v == 1 {
			return in
		}
		return out
	}), nil
}

func (f Map) machine() *machine {
	if f.m == nil {
		return constant(0)
	}
	return f.m
}

// At returns the number of s. It does not allocate for a Map that is not the zero one.
func (f Map) At(s string) int32 { return f.End(f.Walk(0, s)) }

// Walk returns the state after s from another state; the first is 0. With [Map.End] it gives the number
// of a string that is not in one piece.
func (f Map) Walk(state int32, s string) int32 { return f.machine().run(state, s) }

// End returns the number of the string that led to a state.
func (f Map) End(state int32) int32 { return f.machine().out[state] }

// Equal tells whether f and g give every string the same number.
func (f Map) Equal(g Map) bool { return f.machine().equal(g.machine()) }

// Hash returns a hash of f. Equal functions have equal hashes in every process.
func (f Map) Hash() uint64 { return f.machine().hash }

// States returns the number of states of f's automaton.
func (f Map) States() int { return len(f.machine().out) }

// Values returns the numbers that f gives, in order of the first string that has them; of two strings
// the shorter is first, and of one length that which is less in bytes.
func (f Map) Values() []int32 {
	var values []int32
	// States are numbered in that order of the first strings that lead to them.
	seen := make(map[int32]bool)
	for _, v := range f.machine().out {
		if !seen[v] {
			seen[v] = true
			values = append(values, v)
		}
	}
	return values
}

// Only returns the number that f gives to every string but those to which it gives besides, and false
// when there are several such numbers, or none.
func (f Map) Only(besides int32) (v int32, ok bool) {
	for _, o := range f.machine().out {
		if o == besides || ok && o == v {
			continue
		}
		if ok {
			return 0, false
		}
		v, ok = o, true
	}
	return v, ok
}

// Lang returns the strings to which f gives v.
func (f Map) Lang(v int32) Lang { return f.Where(func(o int32) bool { return o == v }) }

// Where returns the strings to which f gives a number that is kept.
func (f Map) Where(keep func(v int32) bool) Lang {
	return of(f.machine().relabel(func(o int32) int32 {
		if keep(o) {
			return 1
		}
		return 0
	}))
}

// Relabel returns the function that gives g(v) where f gives v.
func (f Map) Relabel(g func(v int32) int32) Map { return Map{f.machine().relabel(g)} }

// Join returns the function that gives join(f(s), g(s)) to a string s. It makes at most limit states
// before it returns a [LimitError]; spent is how many it made.
func Join(f, g Map, join func(x, y int32) int32, limit int) (joined Map, spent int, err error) {
	m, spent, err := product(f.machine(), g.machine(), rule{join: join}, limit)
	if err != nil {
		return Map{}, spent, err
	}
	return Map{m}, spent, nil
}
