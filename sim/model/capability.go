package model

// Support says how exactly a translator carries a field.
type Support uint8

// The degrees of support.
const (
	Exact        Support = iota
	Approximated         // bounded: the verdict says undetermined where it matters
	Ignored              // has no bearing on verdicts
)

// String returns "exact", "approximated" or "ignored".
func (s Support) String() string { return [...]string{"exact", "approximated", "ignored"}[s] }

// FieldSupport is one line of the capability table.
type FieldSupport struct {
	Kind    string // the kind, such as NetworkPolicy
	Path    string // field path with [] for lists, such as spec.ingress[].from[].ipBlock.cidr
	Support Support
	Note    string // why, where it is not exact
}
