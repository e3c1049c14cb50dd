package algebra

// Tri is a truth value that may be unknown. The order No < Maybe < Yes is that of truth.
type Tri uint8

// The three values. Maybe means that the answer is one of the others and not known which.
const (
	No Tri = iota
	Maybe
	Yes
)

// TriOf returns Yes for true and No for false.
func TriOf(b bool) Tri {
	if b {
		return Yes
	}
	return No
}

// And is No when either is No, Yes when both are Yes, and Maybe otherwise.
func (t Tri) And(u Tri) Tri { return min(t, u) }

// Or is Yes when either is Yes, No when both are No, and Maybe otherwise.
func (t Tri) Or(u Tri) Tri { return max(t, u) }

// Not exchanges No and Yes and keeps Maybe.
func (t Tri) Not() Tri { return Yes - min(t, Yes) }

// String returns "no", "maybe" or "yes".
func (t Tri) String() string {
	switch t {
	case No:
		return "no"
	case Maybe:
		return "maybe"
	}
	return "yes"
}
