package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/evidence"
	"github.com/netfate/netfate/clusters/observation"
)

// LiveEvidence is what a cluster did with one case.
type LiveEvidence struct {
	Engine, Profile string // that was observed, with its version, and that predicts
	Result          *evidence.Result
	Rows            []diff.Row // its flows beside their predictions; none of a case that is observed only
	File            string     // that the recorded case was written to, "" where there is none
}

// Wrong returns how many flows the profile predicts otherwise than they were observed.
func (e *LiveEvidence) Wrong() int {
	n := 0
	for i := range e.Rows {
		if e.Rows[i].Class == diff.Disagree {
			n++
		}
	}
	return n
}

// inconclusive are the flows of which nothing can be said.
func (e *LiveEvidence) inconclusive() []string {
	return slices.Concat(e.Result.Dead, e.Result.Unsteady)
}

// Write writes a line each that begins with the case's name.
func (e *LiveEvidence) Write(w io.Writer) error {
	out := &lines{w: w}
	say := func(format string, args ...any) {
		out.printf("%-16s %s\n", e.Result.Case.Name, fmt.Sprintf(format, args...))
	}
	for _, text := range e.inconclusive() {
		say("inconclusive: %s", text)
	}
	switch {
	case e.Result.Refused != "":
		say("refused: %s", e.Result.Refused)
	case e.Result.Recorded == nil:
		say("nothing to record")
	case e.Result.Recorded.Run.ObservedOnly != "":
		for _, f := range e.Result.Recorded.Flows {
			say("%s = %s (observed only)", diff.Text(f.Flow), f.Outcome)
		}
	}
	for i := range e.Rows {
		row := &e.Rows[i]
		note := ""
		if row.Class == diff.Disagree || row.Class == diff.Resolved {
			note = fmt.Sprintf("  %s: predicted %s by %s", row.Class, row.Predicted, row.Rule)
		}
		say("%s = %s%s", diff.Text(row.Record.Flow), row.Seen, note)
	}
	return out.err
}

// evidenceJSON is one case of "live evidence -o json".
type evidenceJSON struct {
	Case         string             `json:"case"`
	Engine       string             `json:"engine"`
	Profile      string             `json:"profile"`
	File         string             `json:"file,omitempty"`
	Refused      string             `json:"refused,omitempty"`
	ObservedOnly string             `json:"observedOnly,omitempty"`
	Inconclusive []string           `json:"inconclusive"`
	Flows        []evidenceFlowJSON `json:"flows"`
}

type evidenceFlowJSON struct {
	Flow      observation.Flow `json:"flow"`
	Observed  string           `json:"observed"`
	Class     string           `json:"class,omitempty"`
	Predicted string           `json:"predicted,omitempty"`
	DecidedBy string           `json:"decidedBy,omitempty"`
}

// WriteJSON writes the case as one JSON object on a line.
func (e *LiveEvidence) WriteJSON(w io.Writer) error {
	out := evidenceJSON{
		Case: e.Result.Case.Name, Engine: e.Engine, Profile: e.Profile, File: e.File, Refused: e.Result.Refused,
		Inconclusive: append([]string{}, e.inconclusive()...), Flows: []evidenceFlowJSON{},
	}
	if c := e.Result.Recorded; c != nil && c.Run.ObservedOnly != "" {
		out.ObservedOnly = c.Run.ObservedOnly
		for _, f := range c.Flows {
			out.Flows = append(out.Flows, evidenceFlowJSON{Flow: f.Flow, Observed: f.Outcome.String()})
		}
	}
	for i := range e.Rows {
		row := &e.Rows[i]
		j := evidenceFlowJSON{Flow: row.Record.Flow, Observed: row.Seen.String(), Class: row.Class.String()}
		if row.Class != diff.Unasked {
			j.Predicted, j.DecidedBy = row.Predicted.String(), row.Rule
		}
		out.Flows = append(out.Flows, j)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}
