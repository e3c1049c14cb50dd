package reports

import (
	"bufio"
	"io"
	"slices"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
)

// PlanText writes a plan for people: lines that start with "+", "~" or "-", what
// causes them beneath, and a count.
func PlanText(w io.Writer, lines PlanLines, p Palette) (PlanCount, error) {
	x := planText{out: bufio.NewWriterSize(w, bufferSize), p: p}
	var count PlanCount
	var last []model.Origin
	for l := range lines {
		if count.Any() && !slices.Equal(last, l.Because) {
			x.because(last)
		}
		count.add(l.Kind)
		last = l.Because
		if err := x.line(&l); err != nil {
			return count, err
		}
	}
	if !count.Any() {
		x.say("No connection changes.\n")
		return count, x.out.Flush()
	}
	x.because(last)
	x.say("\n" + p.Bold("Plan: ") + count.String() + ".\n")
	return count, x.out.Flush()
}

type planText struct {
	out *bufio.Writer
	p   Palette
}

// say writes text; the buffer keeps the first error.
func (x *planText) say(s string) { x.out.WriteString(s) } //nolint:errcheck // see above

func (x *planText) line(l *sim.ChangeLine) error {
	text := peerName(l.From, false) + " → " + peerName(l.To, false) + ": " + changeWords(l)
	switch l.Kind {
	case sim.Opened:
		text = x.p.Green("+ " + text)
	case sim.Closed:
		text = x.p.Red("- " + text)
	default:
		text = x.p.Yellow("~ " + text)
	}
	for _, e := range exampleWords(l) {
		text += "\n    " + x.p.Dim("for example "+e)
	}
	_, err := x.out.WriteString(text + "\n")
	return err
}

// because writes what causes the lines above it.
func (x *planText) because(list []model.Origin) {
	for _, o := range list {
		x.say("    " + x.p.Dim("because of "+originWords(o)) + "\n")
	}
}
