package scenarios

// Status is what became of a step or a scenario.
type Status string

// The statuses.
const (
	Passed       Status = "passed"
	Failed       Status = "failed"
	Undetermined Status = "undetermined" // failed, but only because the answer is open
	Undefined    Status = "undefined"    // not a step of the vocabulary
	Invalid      Status = "error"        // what the step names cannot be read
	Inconclusive Status = "inconclusive" // the cluster gave no answer
	Skipped      Status = "skipped"      // a step before it did not pass
)

// Result counts what a run found.
type Result struct {
	Scenarios int
	// Passed, Failed, Undetermined, Undefined and Invalid count scenarios.
	Passed, Failed, Undetermined, Undefined, Invalid int
	// Inconclusive counts scenarios that the cluster neither confirms nor refutes.
	Inconclusive int
	// Checked counts the steps that were compared with the prediction.
	Checked int
	// Empty counts features that hold no scenario.
	Empty int
	// Allowed tells that undetermined scenarios do not fail the run.
	Allowed bool
}

// The exit statuses of a run.
const (
	ExitPassed       = 0
	ExitInput        = 1
	ExitFailed       = 2
	ExitUndetermined = 3
)

// ExitStatus returns 0 if all is as specified; 1 if something named cannot be
// read; 2 if a scenario failed, a step is not defined or nothing was checked;
// 3 if the only failures are undetermined or inconclusive.
func (r Result) ExitStatus() int {
	switch {
	case r.Invalid > 0:
		return ExitInput
	case r.Failed+r.Undefined+r.Empty > 0 || r.Checked == 0 && r.Inconclusive == 0:
		return ExitFailed
	case r.Undetermined+r.Inconclusive > 0 && !r.Allowed:
		return ExitUndetermined
	}
	return ExitPassed
}

// add counts one scenario.
func (r *Result) add(s *scenarioResult) {
	r.Scenarios++
	r.Checked += s.checked
	switch s.status {
	case Passed:
		r.Passed++
	case Undetermined:
		r.Undetermined++
	case Inconclusive:
		r.Inconclusive++
	case Undefined:
		r.Undefined++
	case Invalid:
		r.Invalid++
	default:
		r.Failed++
	}
}

// scenarioResult is one scenario with its steps.
type scenarioResult struct {
	feature, file, name string
	place               string // file:line
	status              Status
	steps               []stepResult
	checked             int
	problem             string // of the scenario as a whole
	done                bool
}

// stepResult is one step.
type stepResult struct {
	id                   string
	keyword, text, place string
	table                [][]string
	status               Status
	failure              *Failure
	note                 string // what was observed, "" where nothing was
}
