package istio

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// tally counts what was compared.
type tally struct {
	meshes, objects, refused, probes int
	answers                          map[string]int // flows, by istiod's answer and kind of filter chain
	explained                        map[string]int // differences, by class
}

func newTally() *tally { return &tally{answers: map[string]int{}, explained: map[string]int{}} }

func (t *tally) count(want answer, got *outcome) { t.countAt("", want, got) }

// countAt counts a flow under what it meets.
func (t *tally) countAt(at string, want answer, got *outcome) {
	kind := "TCP chain"
	switch {
	case want.stage == atTLS:
		kind = "no chain"
	case want.http:
		kind = "HTTP chain"
	}
	key := at + kind + ": " + want.String()
	if got.open {
		key += ", undetermined"
	}
	t.answers[key]++
}

func (t *tally) flows() int {
	n := 0
	for _, k := range t.answers {
		n += k
	}
	return n
}

// add adds another tally.
func (t *tally) add(o *tally) {
	t.meshes += o.meshes
	t.objects += o.objects
	t.refused += o.refused
	t.probes += o.probes
	for k, n := range o.answers {
		t.answers[k] += n
	}
	for k, n := range o.explained {
		t.explained[k] += n
	}
}

// String writes all counts.
func (t *tally) String() string {
	s := &strings.Builder{}
	fmt.Fprintf(s, "%d meshes, %d of Istio's objects, of them refused %d; %d flows, %d probes of ports that speak HTTP\n", t.meshes, t.objects, t.refused, t.flows(), t.probes)
	for _, k := range slices.Sorted(maps.Keys(t.answers)) {
		fmt.Fprintf(s, "  %7d  %s\n", t.answers[k], k)
	}
	for _, k := range slices.Sorted(maps.Keys(t.explained)) {
		fmt.Fprintf(s, "  %7d  explained: %s\n", t.explained[k], k)
	}
	return s.String()
}
