package reports

import (
	"bufio"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/observation"
)

// liveDiffJSON is one flow of "live diff -o json".
type liveDiffJSON struct {
	Engine       string           `json:"engine"`
	Profile      string           `json:"profile"`
	Flow         observation.Flow `json:"flow"`
	Class        string           `json:"class"`
	Predicted    string           `json:"predicted,omitempty"`
	DecidedBy    string           `json:"decidedBy,omitempty"`
	NotPredicted string           `json:"notPredicted,omitempty"`
	Observed     string           `json:"observed"`
	Result       string           `json:"result"`
	By           string           `json:"by,omitempty"`
	Saw          string           `json:"saw,omitempty"`
	Status       int              `json:"status,omitempty"`
	Detail       string           `json:"detail,omitempty"`
	Control      string           `json:"control,omitempty"`
	Attempts     int              `json:"attempts"`
	Started      time.Time        `json:"started"`
}

// LiveDiffJSON writes one JSON object a flow, one a line.
func LiveDiffJSON(w io.Writer, r *diff.Result) error {
	out := bufio.NewWriterSize(w, bufferSize)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for i := range r.Rows {
		row := &r.Rows[i]
		rec := &row.Record
		j := liveDiffJSON{
			Engine: diff.EngineName(r.Header), Profile: r.Network, Flow: rec.Flow, Class: row.Class.String(), DecidedBy: row.Rule,
			NotPredicted: row.Why, Observed: row.Seen.String(), Result: string(rec.Result), By: rec.By, Saw: rec.Saw, Status: rec.Status,
			Detail: rec.Detail, Control: rec.Control, Attempts: rec.Attempts, Started: rec.Started,
		}
		if row.Class != diff.Unasked {
			j.Predicted = row.Predicted.String()
		}
		if err := enc.Encode(j); err != nil {
			return err
		}
	}
	return out.Flush()
}

type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"timestamp,attr,omitempty"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitMessage `xml:"failure,omitempty"`
	Skipped *junitMessage `xml:"skipped,omitempty"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// LiveDiffJUnit writes a test case a flow: a disagreement is a failure, what is
// inconclusive or was not predicted is skipped.
func LiveDiffJUnit(w io.Writer, r *diff.Result) error {
	engine := diff.EngineName(r.Header)
	s := junitSuite{Name: "netfate live diff: " + engine, Tests: len(r.Rows)}
	if !r.Header.Started.IsZero() {
		s.Time = r.Header.Started.UTC().Format("2006-01-02T15:04:05")
	}
	for i := range r.Rows {
		row := &r.Rows[i]
		c := junitCase{Class: engine, Name: diff.Text(row.Record.Flow)}
		said := fmt.Sprintf("predicted %s, observed %s", predictedWords(row), observedWords(row))
		switch row.Class {
		case diff.Disagree:
			s.Failures++
			c.Failure = &junitMessage{Message: said, Text: "decided by " + row.Rule}
		case diff.Open, diff.Unasked:
			s.Skipped++
			c.Skipped = &junitMessage{Message: said + ": " + decidedWords(row)}
		default:
			c.Out = said
		}
		s.Cases = append(s.Cases, c)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(s); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
