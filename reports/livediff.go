package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
)

// LiveDiff writes what was predicted beside what was observed: the confusion
// table, every disagreement, and what observation resolves. With all set, every
// flow is listed. The error is the writer's.
func LiveDiff(w io.Writer, r *diff.Result, all bool, p Palette) error {
	out := &lines{w: w}
	out.printf("%s  predicted as %s\n\n", p.Bold(engineWords(r.Header)), r.Network)
	if err := out.table(confusion(&r.Table), p); err != nil {
		return err
	}
	for _, c := range []diff.Class{diff.Disagree, diff.Resolved, diff.Different, diff.Unasked, diff.Open} {
		if rows := r.Of(c); len(rows) > 0 && (all || c != diff.Open) {
			out.printf("\n%s\n", p.Bold(classTitle(c, len(rows))))
			if err := out.table(flowTable(rows), p); err != nil {
				return err
			}
		}
	}
	if all {
		if rows := r.Of(diff.Agree); len(rows) > 0 {
			out.printf("\n%s\n", p.Bold(classTitle(diff.Agree, len(rows))))
			if err := out.table(flowTable(rows), p); err != nil {
				return err
			}
		}
	}
	out.printf("\n%s\n", liveSummary(r))
	return out.err
}

// lines writes lines and keeps the first error.
type lines struct {
	w   io.Writer
	err error
}

func (l *lines) printf(format string, args ...any) {
	if l.err == nil {
		_, l.err = fmt.Fprintf(l.w, format, args...)
	}
}

func (l *lines) table(t *table, p Palette) error {
	if l.err == nil {
		l.err = t.write(l.w, p)
	}
	return l.err
}

// engineWords names what was observed, with its versions.
func engineWords(h observation.Header) string {
	text := diff.EngineName(h)
	if text == "" {
		text = "an unnamed network"
	}
	if h.Cluster.Mesh != "" && h.Cluster.Mesh != sim.NoMesh {
		text += ", " + strings.TrimSpace(h.Cluster.Mesh+" "+h.Cluster.MeshVersion)
	}
	if h.Cluster.Kubernetes != "" {
		text += ", Kubernetes " + strings.TrimPrefix(h.Cluster.Kubernetes, "v")
	}
	if !h.Started.IsZero() {
		text += ", " + h.Started.UTC().Format("2006-01-02 15:04")
	}
	return text
}

// confusion is the table of predictions by observations.
func confusion(t *diff.Table) *table {
	out := &table{head: []string{"predicted \\ observed"}}
	for _, c := range diff.Columns() {
		out.head = append(out.head, c.String())
	}
	for _, row := range diff.Rows() {
		cells := []string{row.String()}
		for _, c := range diff.Columns() {
			cells = append(cells, fmt.Sprint(t.At(row, c)))
		}
		out.add(cells...)
	}
	return out
}

func flowTable(rows []diff.Row) *table {
	t := &table{head: []string{"FLOW", "PREDICTED", "OBSERVED", "DECIDED BY"}}
	for i := range rows {
		t.add(diff.Text(rows[i].Record.Flow), predictedWords(&rows[i]), observedWords(&rows[i]), decidedWords(&rows[i]))
	}
	return t
}

func predictedWords(r *diff.Row) string {
	if r.Class == diff.Unasked {
		return "-"
	}
	return r.Predicted.String()
}

// observedWords says what was seen: "denied (timeout)", "allowed (by b/api)".
func observedWords(r *diff.Row) string {
	rec := &r.Record
	detail := string(rec.Result)
	switch {
	case r.Seen == diff.Inconclusive && rec.Control != observation.ControlOK && rec.Control != observation.ControlNone && rec.Control != "":
		detail = "the control probe " + rec.Control
	case r.Seen == diff.Inconclusive && rec.Detail != "":
		detail = rec.Detail
	case rec.Result == observation.HTTPStatus || rec.Result == observation.GRPCStatus:
		detail = fmt.Sprintf("%s %d", rec.Result, rec.Status)
	case r.Seen == diff.Allowed && rec.By != "":
		detail = "answered by " + rec.By
	case r.Seen == diff.Allowed && rec.Flow.Ping():
		detail = "echo reply"
	}
	return r.Seen.String() + " (" + detail + ")"
}

func decidedWords(r *diff.Row) string {
	if r.Class == diff.Unasked {
		return r.Why
	}
	return r.Rule
}

// classTitle heads a list of flows.
func classTitle(c diff.Class, n int) string {
	flows := plural(n, "flow", "flows")
	switch c {
	case diff.Disagree:
		return "Disagreements: " + flows
	case diff.Resolved:
		return "Undetermined by the manifests, resolved by the cluster: " + flows
	case diff.Different:
		return "Backends differ, so the answer depends on the one that is picked: " + flows
	case diff.Unasked:
		return "Not predicted: " + flows
	case diff.Open:
		return "Inconclusive: " + flows
	}
	return "As predicted: " + flows
}

// liveSummary counts in one line.
func liveSummary(r *diff.Result) string {
	parts := []string{plural(len(r.Rows), "flow", "flows")}
	for _, c := range []diff.Class{diff.Agree, diff.Disagree, diff.Resolved, diff.Different, diff.Open, diff.Unasked} {
		if n := len(r.Of(c)); n > 0 || c == diff.Disagree {
			parts = append(parts, fmt.Sprintf("%d %s", n, map[diff.Class]string{diff.Agree: "as predicted", diff.Disagree: "disagree",
				diff.Resolved: "resolved", diff.Different: "depend on the backend", diff.Open: "inconclusive", diff.Unasked: "not predicted"}[c]))
		}
	}
	return strings.Join(parts, ", ")
}

// LiveDiffMarkdown writes the same for a pull request.
func LiveDiffMarkdown(w io.Writer, r *diff.Result) error {
	out := &lines{w: w}
	out.printf("### Predicted and observed: %s\n\nPredicted as `%s`.\n\n| predicted \\ observed | allowed | denied | inconclusive |\n|---|--:|--:|--:|\n",
		engineWords(r.Header), r.Network)
	for _, row := range diff.Rows() {
		out.printf("| %s | %d | %d | %d |\n", row, r.Table.At(row, diff.Allowed), r.Table.At(row, diff.Denied), r.Table.At(row, diff.Inconclusive))
	}
	for _, c := range []diff.Class{diff.Disagree, diff.Resolved, diff.Different, diff.Unasked, diff.Open} {
		rows := r.Of(c)
		if len(rows) == 0 {
			continue
		}
		out.printf("\n**%s**\n\n| flow | predicted | observed | decided by |\n|---|---|---|---|\n", classTitle(c, len(rows)))
		for i := range rows {
			out.printf("| `%s` | %s | %s | %s |\n", diff.Text(rows[i].Record.Flow), predictedWords(&rows[i]), cellText(observedWords(&rows[i])), cellText(decidedWords(&rows[i])))
		}
	}
	out.printf("\n%s\n", liveSummary(r))
	return out.err
}

// cellText keeps text inside a cell of a Markdown table.
func cellText(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;").Replace(s)
}
