package scenarios

import (
	"fmt"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Failure says why a step did not pass.
type Failure struct {
	Status  Status
	Message string // what is not as the step says
	Names   []Name // what the step's words stand for
	Cases   []Case // connections that show it
	Lines   []string
	Hint    string // what to do, "" when the rest says it
}

// Name is a name of a step and what it stands for.
type Name struct{ Text, Meaning string }

// Case is one connection with its verdict.
type Case struct {
	From, To, Port string
	Flow           model.Flow
	Verdict        model.Verdict
	Command        string // shows the same
	Observed       string // what the cluster did with it, "" where that was not asked
	view           *view
}

// Error returns the message.
func (f *Failure) Error() string { return f.Message }

// Title says what becomes of the connection, in a line.
func (c *Case) Title() string {
	text := fmt.Sprintf("%s to %s on %s: %s", c.From, c.To, c.Port, c.Verdict.Outcome)
	if c.Flow.Request != nil {
		text = fmt.Sprintf("%s from %s: %s", c.Port, c.From, c.Verdict.Outcome)
	}
	if c.Verdict.Outcome != model.Undetermined && c.Verdict.Symptom != "" {
		text += fmt.Sprintf(" (the client sees: %s)", c.Verdict.Symptom)
	}
	if c.Observed != "" {
		text += ", observed " + c.Observed
	}
	return text
}

// newCase asks for the verdict of a connection.
func (s *scenario) newCase(v *view, f model.Flow) Case {
	port := f.PortText()
	if f.Request != nil {
		port = f.RequestText()
	}
	return Case{From: v.name(f.From), To: v.name(f.To), Port: port, Flow: f, Verdict: v.sim.Verdict(f),
		Command: s.command(v, f), Observed: s.observed(v, f), view: v}
}

// tally counts findings and keeps the first of each kind.
type tally struct {
	v      *view
	count  [3]int
	first  [3]model.Flow
	why    [3]string    // of the first, what its verdict does not say
	sample []model.Flow // for "because of"
}

// maxSample bounds how many connections "because of" looks at.
const maxSample = 64

func (t *tally) add(f finding) bool {
	if t.count[f.holds] == 0 {
		t.first[f.holds], t.why[f.holds] = f.show(t.v), f.why
	}
	t.count[f.holds]++
	if len(t.sample) < maxSample {
		t.sample = append(t.sample, f.show(t.v))
	}
	return true
}

func (t *tally) total() int {
	return t.count[algebra.No] + t.count[algebra.Maybe] + t.count[algebra.Yes]
}

// names tells what ends stand for.
func names(list ...*ends) []Name {
	var out []Name
	for _, d := range list {
		if d.note != "" {
			out = append(out, Name{d.text, d.note})
		}
	}
	return out
}

// judged turns a tally into the outcome of a step: nil, or the failure.
func (s *scenario) judged(v *view, t *tally, failed, open string, known []Name) error {
	s.last = evidence{view: v, flows: t.sample}
	f := &Failure{Names: known}
	switch {
	case t.count[algebra.No] > 0:
		f.Status, f.Message = Failed, failed
		f.Cases = append(f.Cases, s.newCase(v, t.first[algebra.No]))
		if t.count[algebra.Yes] > 0 {
			f.Cases = append(f.Cases, s.newCase(v, t.first[algebra.Yes]))
			f.Message = "not in every case: " + failed
			f.Lines = append(f.Lines, "the step holds for some of them and not for others; one of each:")
		}
	case t.count[algebra.Maybe] > 0 && s.by != nil:
		f.Status, f.Message = Inconclusive, "the cluster does not show it: "+open
		f.Cases = append(f.Cases, s.newCase(v, t.first[algebra.Maybe]))
	case t.count[algebra.Maybe] > 0:
		f.Status, f.Message = Undetermined, open
		f.Cases = append(f.Cases, s.newCase(v, t.first[algebra.Maybe]))
		if why := t.why[algebra.Maybe]; why != "" && f.Cases[0].Verdict.Outcome != model.Undetermined {
			f.Lines = append(f.Lines, why)
		}
	default:
		return nil
	}
	return f
}
