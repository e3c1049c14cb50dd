package campaign

import (
	"time"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/minimise"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim/model"
)

// Report is what a campaign found.
type Report struct {
	Header   observation.Header
	Network  string // the profile that predicted
	Seed     uint64
	Rounds   int
	Policies int // applied over all rounds
	Flows    int // probed over all rounds
	Table    diff.Table
	// Late counts flows that contradicted their prediction at first and agreed when
	// they were probed again: policies that took longer than the settling.
	Late int
	// Dead counts flows of all stages that failed without any policy: what became of
	// them with policies is inconclusive.
	Dead int
	// Refused counts rounds whose objects the API server refused.
	Refused    int
	Refusals   []string // one for each such round
	Mismatches []Mismatch
	Resolved   map[string]map[string]int // by reason of the undetermined prediction: how often it was seen allowed or denied
	Took       time.Duration
}

// Mismatch is one contradiction that stood after it was probed again.
type Mismatch struct {
	Round     int
	Flow      observation.Flow
	Predicted model.Outcome
	Observed  model.Outcome
	Rule      string           // what decides the prediction
	Same      int              // further flows of the round that contradict a prediction by the same rule
	Small     *minimise.Result // nil where Problem says why
	Problem   string           // why it could not be made small
}

// Agreement is the part of the determined predictions with a conclusive
// observation that agree, from 0 to 1; 1 where there are none.
func (r *Report) Agreement() float64 {
	right, wrong := r.Table.Agreed(), r.Table.Wrong()
	if right+wrong == 0 {
		return 1
	}
	return float64(right) / float64(right+wrong)
}
