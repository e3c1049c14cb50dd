package sim_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/policytest"
)

// TestApplyEqualsRebuild applies policies of golden cases one by one, in random
// orders, with deletions between, and wants after each step the matrix of a
// simulator made anew, and a plan that is the difference of the two matrices.
func TestApplyEqualsRebuild(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden cases: %v", err)
	}
	for i, file := range files {
		network := sim.Networks()[i%len(sim.Networks())]
		t.Run(filepath.Base(file)+"/"+network, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(4) {
				applyInOrder(t, loadCase(t, file), network, seed)
			}
		})
	}
}

func loadCase(t *testing.T, file string) *model.Snapshot {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range policytest.Parse(string(text)).Files {
		if strings.HasPrefix(f.Name, "manifests/") {
			write(t, filepath.Join(dir, f.Name), f.Data)
		}
	}
	snap, err := sim.Load(context.Background(), collect.Options{Sources: []string{dir}})
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// applyInOrder starts without policies and puts or deletes one at a time.
func applyInOrder(t *testing.T, snap *model.Snapshot, network string, seed uint64) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 7))
	base := *snap
	var policies []*model.Object
	base.Objects = nil
	for _, o := range snap.Objects {
		if strings.HasSuffix(o.Kind, "NetworkPolicy") {
			policies = append(policies, o)
		} else {
			base.Objects = append(base.Objects, o)
		}
	}
	s, err := sim.New(&base, sim.Options{Network: network})
	if err != nil {
		t.Fatal(err)
	}
	in := map[*model.Object]bool{}
	for range 2*len(policies) + 2 {
		if len(policies) == 0 {
			return
		}
		o := policies[r.IntN(len(policies))]
		c := sim.ChangeSet{Put: []*model.Object{o}}
		if in[o] {
			c = sim.ChangeSet{Delete: []model.Ref{o.Ref}}
		}
		in[o] = !in[o]
		next, err := s.Apply(c)
		if err != nil {
			t.Fatal(err)
		}
		checkStep(t, s, next, network)
		s = next
	}
}

func checkStep(t *testing.T, before, after *sim.Simulator, network string) {
	t.Helper()
	fresh, err := sim.New(after.Snapshot(), sim.Options{Network: network})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := matrixText(after), matrixText(fresh); got != want {
		t.Fatalf("%s: after the change:\n%s\nmade anew:\n%s", network, got, want)
	}
	if got, want := told(after), told(fresh); got != want {
		t.Fatalf("%s: after the change it is told:\n%s\nmade anew:\n%s", network, got, want)
	}
	plan, full := planText(before, after), planText(before, fresh)
	if plan != full {
		t.Fatalf("%s: the plan of the change:\n%s\nof the two made anew:\n%s", network, plan, full)
	}
	if (plan == "") != (coarse(before) == coarse(after)) {
		t.Fatalf("%s: plan %q, before:\n%s\nafter:\n%s", network, plan, coarse(before), coarse(after))
	}
}

func matrixText(s *sim.Simulator) string {
	var b strings.Builder
	for l := range s.Matrix(sim.MatrixOptions{By: sim.ByPod, Undetermined: true, Nodes: true}, nil) {
		fmt.Fprintln(&b, l.From, l.To, l.Allow, l.May)
	}
	return b.String()
}

// coarse is the matrix without the ranges of addresses, which a policy may part
// though nothing passes differently.
func coarse(s *sim.Simulator) string {
	var b strings.Builder
	last := ""
	for l := range s.Matrix(sim.MatrixOptions{Undetermined: true}, nil) {
		from, to := l.From.String(), l.To.String()
		if l.From.IsExternal() {
			from = l.From.Range.Family().String()
		}
		if l.To.IsExternal() {
			to = l.To.Range.Family().String()
		}
		if line := fmt.Sprintln(from, to, l.Allow, l.May); line != last {
			b.WriteString(line)
			last = line
		}
	}
	return b.String()
}

func planText(before, after *sim.Simulator) string {
	var b strings.Builder
	for l := range sim.Plan(before, after, sim.MatrixOptions{}) {
		fmt.Fprintln(&b, l.Kind, l.From, l.To, l.Before.Allow, l.Before.May, l.After.Allow, l.After.May, len(l.Because) > 0)
		if len(l.Because) == 0 {
			fmt.Fprintln(&b, "NO CAUSE")
		}
	}
	return b.String()
}
