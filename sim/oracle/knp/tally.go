package knp

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// tally counts what was compared.
type tally struct {
	clusters, flows int
	profiles        map[string]*counts
}

// counts are those of one profile.
type counts struct {
	outcomes  map[model.Outcome]int
	explained map[string]int // differences, by class
	open      map[string]int // undetermined verdicts, by their reasons
}

func newTally() *tally { return &tally{profiles: map[string]*counts{}} }

func (t *tally) of(profile string) *counts {
	c := t.profiles[profile]
	if c == nil {
		c = &counts{outcomes: map[model.Outcome]int{}, explained: map[string]int{}, open: map[string]int{}}
		t.profiles[profile] = c
	}
	return c
}

func (c *counts) undetermined(why []string) { c.open[strings.Join(why, " + ")]++ }

// add adds another tally.
func (t *tally) add(o *tally) {
	t.clusters += o.clusters
	t.flows += o.flows
	for profile, from := range o.profiles {
		to := t.of(profile)
		addAll(to.outcomes, from.outcomes)
		addAll(to.explained, from.explained)
		addAll(to.open, from.open)
	}
}

func addAll[K comparable](to, from map[K]int) {
	for k, n := range from {
		to[k] += n
	}
}

// explained returns how many differences a class had a part in.
func (t *tally) explained(class string) int {
	n := 0
	for _, c := range t.profiles {
		for names, k := range c.explained {
			if slices.Contains(strings.Split(names, " + "), class) {
				n += k
			}
		}
	}
	return n
}

// String writes all counts.
func (t *tally) String() string {
	s := &strings.Builder{}
	fmt.Fprintf(s, "%d clusters, %d flows\n", t.clusters, t.flows)
	for _, profile := range slices.Sorted(maps.Keys(t.profiles)) {
		c := t.profiles[profile]
		fmt.Fprintf(s, "%s: %d allowed, %d denied, %d undetermined\n", profile,
			c.outcomes[model.Allowed], c.outcomes[model.Denied], c.outcomes[model.Undetermined])
		for _, k := range slices.Sorted(maps.Keys(c.explained)) {
			fmt.Fprintf(s, "  explained: %s: %d\n", k, c.explained[k])
		}
		for _, k := range slices.Sorted(maps.Keys(c.open)) {
			fmt.Fprintf(s, "  undetermined: %s: %d\n", k, c.open[k])
		}
	}
	return s.String()
}
