package diff

import "github.com/netfate/netfate/sim/model"

// Seen is what a cluster answered for a flow.
type Seen uint8

// The answers. A flow whose control probe failed, or that could not be judged, is
// Inconclusive: nothing follows from it.
const (
	Allowed Seen = iota
	Denied
	Inconclusive
)

// String returns "allowed", "denied" or "inconclusive".
func (s Seen) String() string { return [...]string{"allowed", "denied", "inconclusive"}[s] }

// Class says how a prediction and an observation go together.
type Class uint8

// The classes.
const (
	Agree     Class = iota
	Disagree        // the prediction and the cluster contradict each other
	Resolved        // predicted undetermined; the cluster shows what its implementation does
	Open            // the cluster gave no answer
	Unasked         // the snapshot does not know an end of the flow: nothing was predicted
	Different       // a Service's backends differ: predicted as depending on the backend, and any answer is right
)

// String returns the class in words.
func (c Class) String() string {
	return [...]string{"agree", "disagree", "resolved", "inconclusive", "not predicted", "depends on the backend"}[c]
}

// Table counts flows by what was predicted and what was seen: a confusion table.
type Table struct {
	Count [3][3]int // by row (predicted) and Seen
}

// Rows are the predictions in the order in which a table is shown.
func Rows() []model.Outcome { return []model.Outcome{model.Allowed, model.Denied, model.Undetermined} }

// Columns are the observations in the order in which a table is shown.
func Columns() []Seen { return []Seen{Allowed, Denied, Inconclusive} }

// Add counts a flow.
func (t *Table) Add(p model.Outcome, s Seen) { t.Count[p][s]++ }

// At returns how many flows were predicted and seen so.
func (t *Table) At(p model.Outcome, s Seen) int { return t.Count[p][s] }

// Merge adds another table's counts.
func (t *Table) Merge(o *Table) {
	for i := range t.Count {
		for j := range t.Count[i] {
			t.Count[i][j] += o.Count[i][j]
		}
	}
}

// Agreed is the number of flows whose determined prediction was seen.
func (t *Table) Agreed() int { return t.At(model.Allowed, Allowed) + t.At(model.Denied, Denied) }

// Wrong is the number of flows whose determined prediction was contradicted.
func (t *Table) Wrong() int { return t.At(model.Allowed, Denied) + t.At(model.Denied, Allowed) }

// Total is the number of flows.
func (t *Table) Total() int {
	n := 0
	for i := range t.Count {
		for j := range t.Count[i] {
			n += t.Count[i][j]
		}
	}
	return n
}

// classOf puts a determined or undetermined prediction and an observation together.
func classOf(p model.Outcome, s Seen) Class {
	switch {
	case s == Inconclusive:
		return Open
	case p == model.Undetermined:
		return Resolved
	case (p == model.Allowed) == (s == Allowed):
		return Agree
	}
	return Disagree
}

// SeenOf returns what a record's outcome amounts to.
func SeenOf(o model.Outcome, conclusive bool) Seen {
	switch {
	case !conclusive || o == model.Undetermined:
		return Inconclusive
	case o == model.Allowed:
		return Allowed
	}
	return Denied
}
