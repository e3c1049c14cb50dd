package reports

import (
	"iter"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// PlanLines are the lines of a plan in order.
type PlanLines = iter.Seq[sim.ChangeLine]

// PlanCount counts the lines of a plan.
type PlanCount struct{ Opened, Changed, Closed int }

// Any tells whether there is any change.
func (c PlanCount) Any() bool { return c != PlanCount{} }

// String returns "3 opened, 1 changed, 2 closed".
func (c PlanCount) String() string {
	return plural(c.Opened, "opened", "opened") + ", " + plural(c.Changed, "changed", "changed") + ", " + plural(c.Closed, "closed", "closed")
}

func (c *PlanCount) add(k sim.ChangeKind) {
	switch k {
	case sim.Opened:
		c.Opened++
	case sim.Closed:
		c.Closed++
	default:
		c.Changed++
	}
}

// fullWords returns connections with what is undetermined of them.
func fullWords(c *sim.Connections) string {
	if c.Undetermined == "" {
		return Words(c)
	}
	if c.Empty() {
		return "undetermined: " + c.Undetermined
	}
	return Words(c) + " (undetermined: " + c.Undetermined + ")"
}

// openOther returns of the protocols other than TCP, UDP and SCTP those whose fate
// is open, "" for none.
func openOther(c *sim.Connections) string {
	open := c.May.Subtract(c.Allow).Intersect(algebra.OtherProtocols())
	if open.Empty() {
		return ""
	}
	return model.ConnText(open)
}

// tellApart returns connections in words that differ where the connections do:
// what is undetermined of other protocols is told only where nothing else differs.
func tellApart(list ...*sim.Connections) []string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = fullWords(c)
	}
	if slices.ContainsFunc(out, func(s string) bool { return s != out[0] }) {
		return out
	}
	for i, c := range list {
		if open := openOther(c); open != "" {
			out[i] += " (undetermined: " + open + ")"
		}
	}
	return out
}

// bothWords returns what there was and what there is now in words: where the
// connections are the same, of the requests alone that changed.
func bothWords(l *sim.ChangeLine) []string {
	if before, after := requestsChanged(l.Before, l.After); len(before) == 1 {
		_, now, _ := strings.Cut(after[0], ": ")
		return []string{before[0], now}
	} else if len(before) > 1 {
		return []string{strings.Join(before, "; "), strings.Join(after, "; ")}
	}
	return tellApart(l.Before, l.After)
}

// requestsChanged words the requests that differ between connections that are the
// same otherwise; none where others differ.
func requestsChanged(before, after *sim.Connections) (was, is []string) {
	if !before.Allow.Equal(after.Allow) || !before.May.Equal(after.May) {
		return nil, nil
	}
	var list [2][]string
	on := map[string]bool{}
	for i, c := range []*sim.Connections{before, after} {
		other := []*sim.Connections{after, before}[i]
		for n := range c.Requests {
			r := &c.Requests[n]
			o := requestsOn(other, r)
			if o == r.Words() || on[r.Place()] {
				continue
			}
			on[r.Place()] = true
			list[i] = append(list[i], r.Place()+": "+r.Words())
			list[1-i] = append(list[1-i], r.Place()+": "+o)
		}
	}
	return list[0], list[1]
}

// requestsOn words what gets through by the connections of others.
func requestsOn(c *sim.Connections, r *sim.Requests) string {
	for i := range c.Requests {
		if c.Requests[i].Conns.Equal(r.Conns) {
			return c.Requests[i].Words()
		}
	}
	return "all"
}

// exampleWords are the examples of a line that tell a request: "+ POST /admin on TCP 8080".
func exampleWords(l *sim.ChangeLine) []string {
	var out []string
	for i, g := range []*sim.Gain{l.Opens, l.Closes} {
		if g != nil && g.Request != nil {
			out = append(out, []string{"+ ", "- "}[i]+g.String())
		}
	}
	return out
}

// changeWords returns what a line changes: what there is now, what there was, or both.
func changeWords(l *sim.ChangeLine) string {
	w := bothWords(l)
	switch {
	case w[0] == "none" && l.Kind == sim.Opened:
		return w[1]
	case w[1] == "none" && l.Kind == sim.Closed:
		return w[0]
	}
	return w[0] + " → " + w[1]
}

// SettledPlan leaves out the lines that change only which protocols other than
// TCP, UDP and SCTP are undetermined, and counts them.
func SettledPlan(lines PlanLines, skipped *int) PlanLines {
	return func(yield func(sim.ChangeLine) bool) {
		for l := range lines {
			if fullWords(l.Before) == fullWords(l.After) && l.Before.SameRequests(l.After) {
				*skipped++
				continue
			}
			if !yield(l) {
				return
			}
		}
	}
}

// originWords returns "NetworkPolicy shop/a, spec.ingress[0] (file:12)".
func originWords(o model.Origin) string { return objectAndField(o) + inPlace(o) }
