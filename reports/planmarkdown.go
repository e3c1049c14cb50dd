package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/netfate/netfate/sim"
)

// maxComment is how many lines of a plan a comment shows: hosts of repositories
// refuse comments of more than 64 KiB.
const maxComment = 200

// PlanMarkdown writes a plan as Markdown for a comment on a pull request.
func PlanMarkdown(w io.Writer, lines PlanLines) (PlanCount, error) {
	var count PlanCount
	var rows strings.Builder
	n := 0
	for l := range lines {
		count.add(l.Kind)
		if n++; n <= maxComment {
			rows.WriteString(planRow(&l))
		}
	}
	if !count.Any() {
		_, err := io.WriteString(w, "### netfate: no connection changes\n")
		return count, err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "### netfate: %s\n\n", count)
	b.WriteString("|  | from | to | before | after | because of |\n|---|---|---|---|---|---|\n")
	b.WriteString(rows.String())
	if n > maxComment {
		fmt.Fprintf(&b, "\nand %d more\n", n-maxComment)
	}
	_, err := io.WriteString(w, b.String())
	return count, err
}

func planRow(l *sim.ChangeLine) string {
	mark := "~"
	switch l.Kind {
	case sim.Opened:
		mark = "+"
	case sim.Closed:
		mark = "-"
	}
	because := make([]string, len(l.Because))
	for i, o := range l.Because {
		because[i] = cell(originWords(o))
	}
	w := bothWords(l)
	return "| `" + mark + "` | " + cell(peerName(l.From, false)) + " | " + cell(peerName(l.To, false)) + " | " +
		cell(w[0]) + " | " + cell(w[1]) + " | " + strings.Join(because, "<br>") + " |\n"
}

// cell escapes text for a cell of a Markdown table.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "*", `\*`, "_", `\_`, "<", "&lt;", "`", "\\`", "\n", " ", "[", `\[`, "]", `\]`).Replace(s)
}
