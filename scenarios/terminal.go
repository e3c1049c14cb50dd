package scenarios

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// reporter writes results as they are known, in order.
type reporter interface {
	scenario(*scenarioResult)
	end(Result, *plan) error
}

func newReporter(o *Options) reporter {
	if o.Format == JSON {
		return &jsonReporter{w: &errWriter{w: o.output()}}
	}
	return &terminal{o: o, w: &errWriter{w: o.output()}}
}

// errWriter keeps the first error of a writer.
type errWriter struct {
	w   io.Writer
	err error
}

// Write writes unless something went wrong before.
func (e *errWriter) Write(p []byte) (int, error) {
	if e.err != nil {
		return 0, e.err
	}
	n, err := e.w.Write(p)
	e.err = err
	return n, err
}

// terminal writes for people.
type terminal struct {
	o       *Options
	w       *errWriter
	file    string
	failing []*scenarioResult
}

func (t *terminal) printf(format string, args ...any) { _, _ = fmt.Fprintf(t.w, format, args...) }

func (t *terminal) scenario(s *scenarioResult) {
	if t.file == "" && t.o.Network != "" {
		t.printf("Network: %s, whatever scenarios say\n\n", t.o.Network)
	}
	if s.file != t.file {
		if t.file != "" {
			t.printf("\n")
		}
		t.file = s.file
		t.printf("%s  %s\n", t.bold("Feature: "+s.feature), t.dim(s.file))
	}
	t.printf("\n  %s %s  %s\n", t.mark(s.status), t.bold("Scenario: "+s.name), t.dim(s.place))
	for i := range s.steps {
		t.step(&s.steps[i])
	}
	if s.problem != "" {
		t.printf("      %s\n", t.paint(s.status, s.problem))
	}
	if s.status != Passed {
		t.failing = append(t.failing, s)
	}
}

func (t *terminal) step(st *stepResult) {
	line := fmt.Sprintf("    %s %s %s", t.mark(st.status), st.keyword, st.text)
	if st.status == Skipped {
		line = t.dim(line)
	}
	if st.failure != nil {
		line += "  " + t.dim(st.place)
	}
	t.printf("%s\n", line)
	for _, row := range aligned(st.table) {
		t.printf("        %s\n", row)
	}
	if st.note != "" {
		t.printf("      %s\n", t.dim(st.note))
	}
	if st.failure != nil {
		t.failure(st.failure, "      ")
	}
}

// failure writes why a step did not pass.
func (t *terminal) failure(f *Failure, indent string) {
	t.printf("%s%s\n", indent, t.paint(f.Status, f.Message))
	for _, n := range f.Names {
		t.printf("%s  %s is %s\n", indent, n.Text, n.Meaning)
	}
	for _, l := range f.Lines {
		t.printf("%s  %s\n", indent, l)
	}
	for i := range f.Cases {
		c := &f.Cases[i]
		t.printf("%s  %s\n", indent, t.bold(c.Title()))
		t.verdict(c, indent+"    ")
		if c.Command != "" {
			t.printf("%s    to see it: %s\n", indent, c.Command)
		}
	}
	if f.Hint != "" {
		t.printf("%s  %s\n", indent, f.Hint)
	}
}

func (t *terminal) verdict(c *Case, indent string) {
	var b bytes.Buffer
	switch {
	case c.view == nil:
		explain(&b, nil, c.Verdict)
	case t.o.Explain != nil:
		t.o.Explain(&b, c.view.sim, c.Flow, c.Verdict)
	default:
		explain(&b, c.view.m, c.Verdict)
	}
	for line := range strings.Lines(b.String()) {
		t.printf("%s%s\n", indent, strings.TrimRight(line, "\n"))
	}
}

func (t *terminal) end(r Result, p *plan) error {
	if len(p.list) > 1 {
		t.repeat()
	}
	for _, name := range p.empty {
		t.printf("\n%s %s holds no scenario\n", t.mark(Failed), name)
	}
	t.printf("\n%s\n", counts(r))
	if r.Checked == 0 && r.Invalid == 0 {
		t.printf("%s\n", t.paint(Failed, "nothing was checked"))
	}
	return t.w.err
}

// repeat writes all that did not pass once more, so that it stands together.
func (t *terminal) repeat() {
	if len(t.failing) > 0 {
		t.printf("\n%s\n", t.bold("Not as specified:"))
	}
	for _, s := range t.failing {
		t.summary(s)
	}
}

// summary repeats what did not pass of a scenario.
func (t *terminal) summary(s *scenarioResult) {
	t.printf("\n  %s Scenario: %s  %s\n", t.mark(s.status), s.name, t.dim(s.place))
	for i := range s.steps {
		if st := &s.steps[i]; st.failure != nil {
			t.printf("    %s %s %s  %s\n", t.mark(st.status), st.keyword, st.text, t.dim(st.place))
			t.failure(st.failure, "      ")
		}
	}
	if s.problem != "" {
		t.printf("      %s\n", t.paint(s.status, s.problem))
	}
}

// counts is the last line: "12 scenarios (11 passed, 1 failed), 30 checks".
func counts(r Result) string {
	var parts []string
	for _, c := range []struct {
		n    int
		what string
	}{
		{r.Passed, "passed"}, {r.Failed, "failed"}, {r.Undetermined, "undetermined"}, {r.Inconclusive, "inconclusive"}, {r.Undefined, "undefined"}, {r.Invalid, "with errors"},
	} {
		if c.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	text := count(r.Scenarios, "scenario", "scenarios")
	if len(parts) > 0 {
		text += " (" + strings.Join(parts, ", ") + ")"
	}
	return text + ", " + count(r.Checked, "check", "checks")
}

// aligned writes the rows of a table under each other.
func aligned(table [][]string) []string {
	var width []int
	for _, row := range table {
		for i, c := range row {
			if i == len(width) {
				width = append(width, 0)
			}
			width[i] = max(width[i], len([]rune(c)))
		}
	}
	out := make([]string, len(table))
	for i, row := range table {
		var b strings.Builder
		for j, c := range row {
			b.WriteString("| " + c + strings.Repeat(" ", width[j]-len([]rune(c))+1))
		}
		out[i] = b.String() + "|"
	}
	return out
}
