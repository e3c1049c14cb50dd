package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// Input is what there is to say about the input of an answer. Adding the inputs
// of several simulators says each thing once.
type Input struct {
	errors, warnings []model.Problem
	gaps             []model.Gap
	unread           []model.KindCount
	seen             map[string]bool
}

// Add adds the problems and gaps of one simulator and the kinds nobody reads.
func (in *Input) Add(problems []model.Problem, gaps []model.Gap, unread []model.KindCount) {
	if in.seen == nil {
		in.seen = map[string]bool{}
	}
	for _, p := range problems {
		switch {
		case !in.once(p.Error()):
		case p.Severity == model.Error:
			in.errors = append(in.errors, p)
		default:
			in.warnings = append(in.warnings, p)
		}
	}
	for _, g := range gaps {
		if in.once(g.Origin.String() + g.Text) {
			in.gaps = append(in.gaps, g)
		}
	}
	for _, k := range unread {
		if in.once("kind " + k.APIVersion + " " + k.Kind) {
			in.unread = append(in.unread, k)
		}
	}
}

func (in *Input) once(key string) bool {
	if in.seen[key] {
		return false
	}
	in.seen[key] = true
	return true
}

// Errors returns how many errors there are.
func (in *Input) Errors() int { return len(in.errors) }

// Problems writes what is wrong with the input: errors one a line and at most
// limit of them (0 is all), warnings and gaps by what they say, and in one line
// the kinds that nobody reads.
func Problems(w io.Writer, in *Input, limit int, p Palette) error {
	var b strings.Builder
	for i, e := range in.errors {
		if limit > 0 && i == limit {
			fmt.Fprintf(&b, "%s %d more (--all-problems lists them)\n", p.Red("error:"), len(in.errors)-limit)
			break
		}
		b.WriteString(p.Red("error:") + strings.TrimPrefix(e.Error(), "error:") + "\n")
	}
	var all []grouped
	for i := range in.warnings {
		all = append(all, warning(&in.warnings[i]))
	}
	for i := range in.gaps {
		all = append(all, gap(&in.gaps[i]))
	}
	for _, g := range groupAlike(all, limit == 0) {
		b.WriteString(p.Yellow("warning:") + " " + g + "\n")
	}
	if len(in.unread) > 0 {
		b.WriteString("note: nothing reads " + unreadKinds(in.unread) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// grouped is something to say that other objects may share.
type grouped struct{ key, line string }

func warning(p *model.Problem) grouped {
	line := strings.TrimPrefix(p.Error(), "warning: ")
	return grouped{key: p.Object.Kind + "\x00" + p.Message + "\x00" + p.Hint, line: line}
}

func gap(g *model.Gap) grouped {
	line := g.Text
	if o := g.Origin; o.Object != nil {
		line = o.Object.String() + ": "
		if o.Field != "" {
			line += o.Field + ": "
		}
		line += g.Text
		if place := o.Place(); place != "" {
			line = place + ": " + line
		}
		return grouped{key: o.Object.Kind + "\x00" + g.Text, line: line}
	}
	return grouped{key: "\x00" + g.Text, line: line}
}

// groupAlike returns one line for all that is alike: the first with a count of
// the others. With all set nothing is grouped.
func groupAlike(list []grouped, all bool) []string {
	var out []string
	counts, at := map[string]int{}, map[string]int{}
	for _, g := range list {
		if counts[g.key]++; counts[g.key] == 1 || all {
			at[g.key] = len(out)
			out = append(out, g.line)
		}
	}
	if all {
		return out
	}
	for key, i := range at {
		if more := counts[key] - 1; more > 0 {
			out[i] += fmt.Sprintf(" (and %s)", plural(more, "more like it", "more like it"))
		}
	}
	return out
}

// unreadKinds lists kinds with counts, the most frequent first.
func unreadKinds(list []model.KindCount) string {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b model.KindCount) int { return b.Count - a.Count })
	var parts []string
	for _, k := range list {
		name := k.Kind
		if group, _, ok := strings.Cut(k.APIVersion, "/"); ok {
			name += "." + group
		}
		parts = append(parts, fmt.Sprintf("%s (%d)", name, k.Count))
	}
	return strings.Join(parts, ", ")
}
