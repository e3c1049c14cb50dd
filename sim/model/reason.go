package model

// Confidence says how well a statement is known; the marks of the semantics
// reference.
type Confidence string

// The marks.
const (
	Observed   Confidence = "O" // seen on the real engine
	Source     Confidence = "S" // read in source or official documentation
	Documented Confidence = "D" // official page or maintainer's word
	Inferred   Confidence = "I" // inferred from source, not run
	Unverified Confidence = "U" // not verified
)

// ReasonKind says why something is undetermined.
type ReasonKind uint8

// The kinds of reason.
const (
	UndefinedByAPI ReasonKind = iota // the API leaves it to the implementation: choose a profile
	MissingFact                      // the snapshot does not say (a node, an address, a user id)
	UnreadInput                      // a document could not be read
	LoadBalancing                    // depends on the backend that is picked
)

// String returns the kind in words.
func (k ReasonKind) String() string {
	return [...]string{"undefined by the API", "missing from the snapshot", "unreadable input", "depends on load balancing"}[k]
}

// Reason is why a verdict, or a part of it, is undetermined.
type Reason struct {
	Kind       ReasonKind
	Row        string // row of the divergence table (docs/divergence.md), such as "N2"; "" when none
	Text       string // one sentence
	Confidence Confidence
	Origin     Origin // what caused it; zero when nothing in the input did
}

// String returns the text with its row.
func (r *Reason) String() string {
	if r.Row != "" {
		return r.Text + " [" + r.Row + "]"
	}
	return r.Text
}

// Doubt identifies what is not known: reasons of one doubt hold or fail together.
// What an API leaves undefined is one doubt wherever it matters, since an
// implementation decides it once; everything else is a doubt of its own.
type Doubt struct {
	Kind      ReasonKind
	Row, Text string
	Origin    Origin
}

// MaxDoubts is how many doubts about policies an enforcement point settles
// together, one assignment after the other. Beyond it every doubt is taken
// alone at each place, which can only leave more undetermined.
const MaxDoubts = 4

// Doubt returns the doubt that the reason is about.
func (r *Reason) Doubt() Doubt {
	d := Doubt{Kind: r.Kind, Row: r.Row, Text: r.Text}
	if r.Kind != UndefinedByAPI {
		d.Origin = r.Origin
	}
	return d
}

// Gap is something an object says that the model does not carry exactly. It is
// bounded: how much it may allow or deny beyond the verdict.
type Gap struct {
	Origin   Origin
	Text     string
	MayAllow bool
	MayDeny  bool
}
