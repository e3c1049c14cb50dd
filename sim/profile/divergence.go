package profile

import (
	"fmt"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Row is one row of the divergence table: a scenario, and what its flow meets
// under a profile.
type Row struct {
	ID       string
	Scenario string
	verdict  func(p *model.Profile) Cell
}

// Cell is what one profile makes of a row's scenario.
type Cell struct {
	Verdict string // "allowed", "denied", "undetermined", "no effect", or a few words
	model.Statement
}

// Verdict returns what the profile makes of the row's scenario.
func (r Row) Verdict(p *model.Profile) Cell { return r.verdict(p) }

// cell makes a function of a choice.
func cell[T any](choice func(*model.Profile) model.Choice[T], word func(T) string) func(*model.Profile) Cell {
	return func(p *model.Profile) Cell {
		c := choice(p)
		return Cell{word(c.Value), c.Statement}
	}
}

// behind makes the cells of an API that has no effect under some profiles.
func behind(api string, f func(*model.Profile) Cell) func(*model.Profile) Cell {
	return func(p *model.Profile) Cell {
		if !p.APIs[api] {
			return Cell{"no effect", p.APIReasons[api]}
		}
		return f(p)
	}
}

// yes writes a Tri whose Yes allows.
func yes(t algebra.Tri) string {
	return [...]string{"denied", "undetermined", "allowed"}[t]
}

// no writes a Tri whose Yes denies.
func no(t algebra.Tri) string { return yes(t.Not()) }

// iff returns a writer of a choice: one word for a value, another for all
// others.
func iff[T comparable](value T, then, otherwise string) func(T) string {
	return func(v T) string {
		if v == value {
			return then
		}
		return otherwise
	}
}

// Divergence returns the rows of the table in which implementations of
// NetworkPolicy, AdminNetworkPolicy and ClusterNetworkPolicy differ.
func Divergence() []Row {
	return append(networkPolicyRows(), clusterPolicyRows()...)
}

// Markdown returns the table as a page: one row for each scenario, one column
// for each profile, the confidence in brackets, and below it the sentences.
func Markdown() string {
	var b strings.Builder
	profiles := All()
	b.WriteString("# Where implementations differ\n\n")
	b.WriteString("Generated from sim/profile. Confidence: O observed on the real engine, S read in source or official\n" +
		"documentation, D an official page or a maintainer's word, I inferred from source, U not verified.\n\n")
	b.WriteString("| row | scenario |")
	for _, p := range profiles {
		b.WriteString(" " + p.Name + " |")
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(profiles)) + "\n")
	for _, r := range Divergence() {
		fmt.Fprintf(&b, "| %s | %s |", r.ID, r.Scenario)
		for _, p := range profiles {
			c := r.Verdict(p)
			fmt.Fprintf(&b, " %s [%s] |", c.Verdict, c.mark())
		}
		b.WriteByte('\n')
	}
	writeProfiles(&b, profiles)
	return b.String()
}

func (c Cell) mark() string {
	if c.Confidence == "" {
		return string(model.Source)
	}
	return string(c.Confidence)
}

// writeProfiles writes what each profile is, its settings and its sentences.
func writeProfiles(b *strings.Builder, profiles []*model.Profile) {
	for _, p := range profiles {
		fmt.Fprintf(b, "\n## %s\n\n%s, version %s.\n\n", p.Name, p.Title, p.Version)
		for _, s := range Settings(p.Name) {
			fmt.Fprintf(b, "- setting `%s` (%s): %s\n", s.Key, s.Values, s.Meaning)
		}
		for _, r := range Divergence() {
			if c := r.Verdict(p); c.Text != "" {
				fmt.Fprintf(b, "- %s [%s]: %s\n", r.ID, c.mark(), c.Text)
			}
		}
	}
}
