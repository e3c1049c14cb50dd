package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/netfate/netfate/clusters/campaign"
	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/observation"
)

// LiveFuzz writes what a random campaign found.
func LiveFuzz(w io.Writer, r *campaign.Report, p Palette) error {
	out := &lines{w: w}
	out.printf("%s  predicted as %s, seed %d\n", p.Bold(engineWords(r.Header)), r.Network, r.Seed)
	out.printf("%s with %s, %s, in %s\n\n", plural(r.Rounds, "round", "rounds"), plural(r.Policies, "policy", "policies"),
		plural(r.Flows, "flow", "flows"), r.Took.Round(time.Second))
	if err := out.table(confusion(&r.Table), p); err != nil {
		return err
	}
	out.printf("\nagreement %.3f %% of %d determined and conclusive flows; %d settled late\n", 100*r.Agreement(),
		r.Table.Agreed()+r.Table.Wrong(), r.Late)
	if r.Dead > 0 {
		out.printf("%s failed without any policy and are inconclusive\n", plural(r.Dead, "flow", "flows"))
	}
	for _, text := range r.Refusals {
		out.printf("%s the API server refused: %s\n", p.Yellow("note:"), text)
	}
	for _, reason := range slices.Sorted(maps.Keys(r.Resolved)) {
		out.printf("undetermined, %s: seen %s\n", reason, seenCounts(r.Resolved[reason]))
	}
	for i := range r.Mismatches {
		m := &r.Mismatches[i]
		out.printf("\n%s round %d: %s predicted %s, observed %s (and %d more)\n  decided by %s\n", p.Red("disagreement"), m.Round,
			diff.Text(m.Flow), m.Predicted, m.Observed, m.Same, m.Rule)
		if m.Small == nil {
			out.printf("  not made small: %s\n", m.Problem)
			continue
		}
		out.printf("  made small: %s, size %d of %d, %s%s\n", plural(len(m.Small.Objects), "object", "objects"), m.Small.After, m.Small.Before,
			plural(m.Small.Probes, "probe", "probes"), map[bool]string{false: " (the probes ran out)"}[m.Small.Complete])
	}
	return out.err
}

func seenCounts(m map[string]int) string {
	text := ""
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if text != "" {
			text += ", "
		}
		text += fmt.Sprintf("%s %d times", k, m[k])
	}
	return text
}

// LiveMatrix writes the flows on which engines differ, or are predicted to, one
// beside the other; with all set every flow.
func LiveMatrix(w io.Writer, engines []diff.Engine, list []diff.Crossing, all bool, p Palette) error {
	t := &table{head: []string{"FLOW"}}
	for _, e := range engines {
		t.head = append(t.head, e.Name)
	}
	t.head = append(t.head, "PROFILES SAY")
	differ, expected, both := 0, 0, 0
	for i := range list {
		c := &list[i]
		if c.Differs {
			differ++
		}
		if c.Expected {
			expected++
		}
		if c.Differs && c.Expected {
			both++
		}
		if !all && !c.Differs && !c.Expected {
			continue
		}
		row := []string{diff.Text(c.Flow)}
		for e := range engines {
			text := c.Seen[e].String()
			if c.Seen[e] != diff.Inconclusive && c.Predicted[e].String() != text {
				text += " (predicted " + c.Predicted[e].String() + ")"
			}
			row = append(row, text)
		}
		t.add(append(row, map[bool]string{true: "they differ", false: "they agree"}[c.Expected])...)
	}
	out := &lines{w: w}
	if len(t.rows) > 0 {
		if err := out.table(t, p); err != nil {
			return err
		}
		out.printf("\n")
	}
	out.printf("%s: the engines differ on %d, their profiles on %d, both on %d\n", plural(len(list), "flow", "flows"), differ, expected, both)
	return out.err
}

// fuzzJSON is a campaign for machines.
type fuzzJSON struct {
	Header     observation.Header        `json:"header"`
	Network    string                    `json:"network"` // the profile that predicted
	Seed       uint64                    `json:"seed"`
	Rounds     int                       `json:"rounds"`
	Policies   int                       `json:"policies"`
	Flows      int                       `json:"flows"`
	Seconds    float64                   `json:"seconds"`
	Agreed     int                       `json:"agreed"`
	Wrong      int                       `json:"wrong"`
	Agreement  float64                   `json:"agreement"` // 0 to 1
	Late       int                       `json:"late"`
	Dead       int                       `json:"dead"`
	Refused    []string                  `json:"refused"`
	Resolved   map[string]map[string]int `json:"resolved"`
	Mismatches []fuzzMismatch            `json:"mismatches"`
}

type fuzzMismatch struct {
	Round     int    `json:"round"`
	Flow      string `json:"flow"`
	Predicted string `json:"predicted"`
	Observed  string `json:"observed"`
	Rule      string `json:"rule"`
	Same      int    `json:"same"` // further flows of the round that contradict a prediction by the same rule
	Small     bool   `json:"small"`
	Problem   string `json:"problem,omitempty"` // why it could not be made small
}

// LiveFuzzJSON writes a campaign as one JSON object.
func LiveFuzzJSON(w io.Writer, r *campaign.Report) error {
	out := fuzzJSON{
		Header: r.Header, Network: r.Network, Seed: r.Seed, Rounds: r.Rounds, Policies: r.Policies, Flows: r.Flows, Seconds: r.Took.Seconds(),
		Agreed: r.Table.Agreed(), Wrong: r.Table.Wrong(), Agreement: r.Agreement(), Late: r.Late, Dead: r.Dead, Refused: r.Refusals, Resolved: r.Resolved,
		Mismatches: []fuzzMismatch{},
	}
	if out.Refused == nil {
		out.Refused = []string{}
	}
	for i := range r.Mismatches {
		m := &r.Mismatches[i]
		out.Mismatches = append(out.Mismatches, fuzzMismatch{
			Round: m.Round, Flow: diff.Text(m.Flow), Predicted: m.Predicted.String(), Observed: m.Observed.String(),
			Rule: m.Rule, Same: m.Same, Small: m.Small != nil, Problem: m.Problem,
		})
	}
	return json.NewEncoder(w).Encode(out)
}
