package reports

import (
	"io"
	"strconv"
	"strings"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// ExplainText writes an explanation for people.
func ExplainText(w io.Writer, e *Explanation, read FileLines, p Palette) error {
	x := &explainText{read: read, p: p}
	x.head(e)
	for i := range e.Verdicts {
		x.verdict(e, &e.Verdicts[i])
	}
	x.line(0, "")
	x.line(0, p.Dim("reproduce: ")+e.Reproduce)
	_, err := io.WriteString(w, x.b.String())
	return err
}

type explainText struct {
	b    strings.Builder
	read FileLines
	p    Palette
}

// line writes one line indented by so many levels.
func (x *explainText) line(level int, text string) {
	if text != "" {
		x.b.WriteString(strings.Repeat("  ", level) + text)
	}
	x.b.WriteByte('\n')
}

func (x *explainText) head(e *Explanation) {
	asked := e.From.Text + " → " + e.To.Text + " on " + e.On
	if e.Request != "" {
		asked = e.From.Text + " → " + e.Request
	}
	x.line(0, x.p.Bold(asked)+x.p.Dim("  (network "+e.Network+")"))
	x.line(1, x.p.Dim("from: ")+e.From.Note)
	x.line(1, x.p.Dim("to:   ")+e.To.Note)
	if n := len(e.Verdicts); n > 1 {
		x.line(1, x.p.Yellow(plural(n, "verdict", "different verdicts")+", depending on the pods:"))
	}
}

func (x *explainText) verdict(e *Explanation, w *sim.Witnessed) {
	v := &w.Verdict
	x.line(0, "")
	head := x.p.Bold(x.p.Outcome(v.Outcome, strings.ToUpper(v.Outcome.String())))
	if v.Symptom != model.UnknownSeen && v.Symptom != "" {
		head += ": the client sees " + symptomWords(v.Symptom)
	}
	x.line(0, head)
	if len(e.Verdicts) > 1 || w.Pairs > 1 {
		x.line(1, x.p.Dim("for "+plural(w.Pairs, "pair of pods", "pairs of pods")+", such as ")+w.From+" → "+w.To)
	}
	for _, n := range v.Notes {
		x.line(1, x.p.Dim("route: ")+n)
	}
	for i := range v.Hops {
		x.hop(&v.Hops[i], len(v.Hops) > 1)
	}
	x.reasons(v)
	x.blockers(v)
	x.near(v)
}

func symptomWords(s model.Symptom) string {
	switch s {
	case model.Connected:
		return "a connection"
	case model.Timeout:
		return "a timeout"
	}
	return string(s)
}

func (x *explainText) hop(h *model.Hop, several bool) {
	if several || len(h.Points) == 0 {
		title := h.FromName + " → " + h.ToName + " " + model.PortText(h.Protocol, h.Port) + familyWords(h.Families)
		if h.Alternative {
			title = "or " + title
		}
		x.line(0, "")
		x.line(1, title+": "+x.p.Outcome(h.Outcome, h.Outcome.String()))
	}
	if len(h.Points) == 0 {
		x.line(2, "no enforcement point is passed")
	}
	for i := range h.Points {
		x.point(&h.Points[i])
	}
}

func familyWords(fams []algebra.Family) string {
	if len(fams) != 1 {
		return ""
	}
	return " (" + fams[0].String() + ")"
}

// maxSteps is how many steps that did not decide are listed at one point.
const maxSteps = 6

// point writes one enforcement point: what may match, what decides, and in
// short what else was considered.
func (x *explainText) point(pt *model.PointTrace) {
	x.line(0, "")
	x.line(1, x.mark(pt.Outcome)+" "+pt.Point+": "+x.p.Outcome(pt.Outcome, pt.Outcome.String()))
	open := false
	for i := range pt.Steps {
		if pt.Steps[i].Match == algebra.Maybe {
			x.step(2, "", &pt.Steps[i])
			open = true
		}
	}
	if pt.Deciding >= 0 && pt.Steps[pt.Deciding].Match != algebra.Maybe {
		otherwise := ""
		if open {
			otherwise = "otherwise "
		}
		x.step(2, otherwise, &pt.Steps[pt.Deciding])
	}
	x.considered(pt)
}

// considered lists the steps that did not match.
func (x *explainText) considered(pt *model.PointTrace) {
	n := 0
	for i := range pt.Steps {
		s := &pt.Steps[i]
		if i == pt.Deciding || s.Match == algebra.Maybe {
			continue
		}
		if n++; n <= maxSteps {
			x.line(2, x.p.Dim("· "+stepWords(s)+inPlace(s.Origin)))
		}
	}
	if n > maxSteps {
		x.line(2, x.p.Dim("· and "+strconv.Itoa(n-maxSteps)+" more (-o json lists all)"))
	}
}

func (x *explainText) mark(o model.Outcome) string {
	switch o {
	case model.Allowed:
		return x.p.Green("✓")
	case model.Denied:
		return x.p.Red("✗")
	}
	return x.p.Yellow("?")
}

func inPlace(o model.Origin) string {
	if place := o.Place(); place != "" {
		return " (" + place + ")"
	}
	return ""
}

// step writes a step that matters, with its place and the lines there.
func (x *explainText) step(level int, before string, s *model.Step) {
	x.line(level, before+stepWords(s))
	if place := s.Origin.Place(); place != "" {
		x.line(level+1, x.p.Cyan(place))
	}
	for _, l := range snippet(s.Origin, x.read, x.p) {
		x.line(level+1, l)
	}
}
