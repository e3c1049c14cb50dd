package scenarios

import (
	"encoding/json"

	"github.com/netfate/netfate/sim/model"
)

// jsonReporter writes one object a step, one a line.
type jsonReporter struct{ w *errWriter }

// stepJSON is a step's result in the JSON format.
type stepJSON struct {
	Feature  string     `json:"feature"`
	Scenario string     `json:"scenario"`
	Location string     `json:"location"`
	Keyword  string     `json:"keyword,omitempty"`
	Text     string     `json:"text"`
	Status   Status     `json:"status"`
	Message  string     `json:"message,omitempty"`
	Names    []nameJSON `json:"names,omitempty"`
	Details  []string   `json:"details,omitempty"`
	Cases    []caseJSON `json:"cases,omitempty"`
	Hint     string     `json:"hint,omitempty"`
	Observed string     `json:"observed,omitempty"` // what was tried on a cluster
}

type nameJSON struct {
	Text    string `json:"text"`
	Meaning string `json:"meaning"`
}

// caseJSON is a connection with its verdict.
type caseJSON struct {
	From     string       `json:"from"`
	To       string       `json:"to"`
	Port     string       `json:"port"`
	Verdict  string       `json:"verdict"`
	Symptom  string       `json:"symptom,omitempty"`
	Decided  []originJSON `json:"decidedBy,omitempty"`
	Blockers []originJSON `json:"blockers,omitempty"`
	Nearest  *originJSON  `json:"nearest,omitempty"`
	Reasons  []reasonJSON `json:"reasons,omitempty"`
	Command  string       `json:"command,omitempty"`
	Observed string       `json:"observed,omitempty"`
}

type originJSON struct {
	Point  string `json:"point,omitempty"`
	Object string `json:"object,omitempty"`
	Field  string `json:"field,omitempty"`
	File   string `json:"file,omitempty"`
	Line   uint32 `json:"line,omitempty"`
	Why    string `json:"why,omitempty"`
}

type reasonJSON struct {
	Row  string     `json:"row,omitempty"`
	Text string     `json:"text"`
	At   originJSON `json:"at"`
}

func (j *jsonReporter) scenario(s *scenarioResult) {
	enc := json.NewEncoder(j.w)
	enc.SetEscapeHTML(false)
	for i := range s.steps {
		st := &s.steps[i]
		out := stepJSON{Feature: s.feature, Scenario: s.name, Location: st.place, Keyword: st.keyword, Text: st.text, Status: st.status, Observed: st.note}
		if f := st.failure; f != nil {
			out.fill(f)
		}
		_ = enc.Encode(out) // the writer keeps its error
	}
	if s.problem != "" {
		_ = enc.Encode(stepJSON{Feature: s.feature, Scenario: s.name, Location: s.place, Status: s.status, Message: s.problem})
	}
}

func (j *jsonReporter) end(r Result, p *plan) error {
	enc := json.NewEncoder(j.w)
	for _, name := range p.empty {
		_ = enc.Encode(stepJSON{Location: name, Status: Failed, Message: "the feature holds no scenario"})
	}
	return j.w.err
}

func (out *stepJSON) fill(f *Failure) {
	out.Message, out.Details, out.Hint = f.Message, f.Lines, f.Hint
	for _, n := range f.Names {
		out.Names = append(out.Names, nameJSON(n))
	}
	for i := range f.Cases {
		out.Cases = append(out.Cases, caseOf(&f.Cases[i]))
	}
}

func caseOf(c *Case) caseJSON {
	v := &c.Verdict
	out := caseJSON{From: c.From, To: c.To, Port: c.Port, Verdict: v.Outcome.String(), Symptom: string(v.Symptom), Command: c.Command, Observed: c.Observed}
	for i := range v.Blockers {
		out.Blockers = append(out.Blockers, stepOrigin(&v.Blockers[i]))
	}
	for _, h := range v.Hops {
		for _, p := range h.Points {
			if p.Deciding >= 0 {
				out.Decided = append(out.Decided, stepOrigin(&p.Steps[p.Deciding]))
			}
		}
	}
	if n, _ := nearestRule(*v); n != nil && v.Outcome != model.Allowed {
		o := stepOrigin(n)
		out.Nearest = &o
	}
	for _, r := range v.Reasons {
		out.Reasons = append(out.Reasons, reasonJSON{Row: r.Row, Text: r.Text, At: originOf(r.Origin)})
	}
	return out
}

func stepOrigin(s *model.Step) originJSON {
	o := originOf(s.Origin)
	o.Point, o.Why = s.Point, s.Why
	return o
}

func originOf(o model.Origin) originJSON {
	out := originJSON{Field: o.Field, File: o.File(), Line: o.Line}
	if o.Object != nil {
		out.Object = o.Object.String()
	}
	return out
}
