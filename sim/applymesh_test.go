package sim_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/policytest"
)

// TestMeshChangesEqualRebuild puts and deletes the objects of meshes and gateways of
// the golden cases, with the policies of layers 3 and 4 among them, several at a time
// and in random orders. After each step every question of the case is answered, and
// told of, as by a simulator that is made anew from the same objects in the order of
// the files: what became of a cluster must not depend on how it came about.
func TestMeshChangesEqualRebuild(t *testing.T) {
	var files []string
	for _, dir := range []string{"mesh", "gateway"} {
		found, err := filepath.Glob("testdata/" + dir + "/*.txtar")
		if err != nil || len(found) == 0 {
			t.Fatalf("no golden cases: %v", err)
		}
		files = append(files, found...)
	}
	kinds := map[string]bool{}
	for seed, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		g := newGolden(t, policytest.Parse(string(text)))
		for _, o := range g.snap.Objects {
			kinds[o.Kind] = kinds[o.Kind] || changes(o)
		}
		t.Run(strings.TrimPrefix(file, "testdata/"), func(t *testing.T) {
			t.Parallel()
			g.t = t
			g.change(uint64(seed))
		})
	}
	for _, k := range []string{"AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication", "DestinationRule", "VirtualService", "Sidecar", "ServiceEntry",
		"Gateway", "GatewayClass", "HTTPRoute", "GRPCRoute", "ListenerSet", "ReferenceGrant", "NetworkPolicy"} {
		if !kinds[k] {
			t.Errorf("no case changes a %s", k)
		}
	}
}

// changes tells whether an object is put and deleted: all but workloads and what they
// stand in.
func changes(o *model.Object) bool {
	switch o.Kind {
	case "Pod", "Deployment", "Namespace", "Node", "Service", "ServiceAccount", "EndpointSlice":
		return false
	}
	return true
}

// change starts without the objects that change, and puts and deletes some at a time.
func (g *golden) change(seed uint64) {
	g.t.Helper()
	r := rand.New(rand.NewPCG(seed, 11))
	base := *g.snap
	base.Objects = slices.DeleteFunc(slices.Clone(g.snap.Objects), changes)
	var list []*model.Object
	for _, o := range g.snap.Objects {
		if changes(o) {
			list = append(list, o)
		}
	}
	s, err := sim.New(&base, g.options)
	if err != nil {
		g.t.Fatal(err)
	}
	in := map[*model.Object]bool{}
	for range 4 {
		var c sim.ChangeSet
		for _, i := range r.Perm(len(list))[:min(len(list), 1+r.IntN(3))] {
			o := list[i]
			if in[o] = !in[o]; in[o] {
				c.Put = append(c.Put, o)
			} else {
				c.Delete = append(c.Delete, o.Ref)
			}
		}
		if s, err = s.Apply(c); err != nil {
			g.t.Fatal(err)
		}
		g.sameAsAnew(s, in)
	}
	all := sim.ChangeSet{} // and the whole case at last
	for _, i := range r.Perm(len(list)) {
		if o := list[i]; !in[o] {
			all.Put, in[o] = append(all.Put, o), true
		}
	}
	if s, err = s.Apply(all); err != nil {
		g.t.Fatal(err)
	}
	g.sameAsAnew(s, in)
}

// sameAsAnew compares a simulator with one made of the objects in the order of the files.
func (g *golden) sameAsAnew(s *sim.Simulator, in map[*model.Object]bool) {
	g.t.Helper()
	snap := *g.snap
	snap.Objects = slices.DeleteFunc(slices.Clone(g.snap.Objects), func(o *model.Object) bool { return changes(o) && !in[o] })
	fresh, err := sim.New(&snap, g.options)
	if err != nil {
		g.t.Fatal(err)
	}
	with, err := s.With(s.Snapshot())
	if err != nil {
		g.t.Fatal(err)
	}
	for _, other := range []*sim.Simulator{s, with} {
		if got, want := told(other), told(fresh); got != want {
			g.t.Errorf("after the change it is told:\n%s\nmade anew:\n%s", got, want)
		}
		if got, want := matrixText(other), matrixText(fresh); got != want {
			g.t.Errorf("after the change:\n%s\nmade anew:\n%s", got, want)
		}
	}
	for _, line := range g.questions {
		_, rest, _ := strings.Cut(line, ": ")
		text, _, asked := strings.Cut(rest, " = ")
		if !asked || !known(s, text) {
			continue
		}
		want := answerText(fresh.Verdict(g.flow(fresh, text)))
		for _, other := range []*sim.Simulator{s, with} {
			f := g.flow(other, text)
			if got := answerText(other.Verdict(f)); got != want {
				g.t.Errorf("%s: after the change: %s\nmade anew: %s", text, got, want)
			}
			if o := other.Decide(f); !strings.HasPrefix(want, o.String()) {
				g.t.Errorf("%s: decided %s after the change, made anew: %s", text, o, want)
			}
		}
	}
}

// known tells whether the ends of a question are there.
func known(s *sim.Simulator, text string) bool {
	f := strings.Fields(text)
	_, err := s.Resolve(f[0])
	if err == nil && !strings.Contains(text, "://") {
		_, err = s.Resolve(f[2])
	}
	return err == nil
}

// told is what is wrong with the input and what bounds its answers, in any order.
func told(s *sim.Simulator) string {
	var lines []string
	for _, p := range s.Problems() {
		lines = append(lines, p.Error())
	}
	for _, g := range s.Model().Gaps {
		lines = append(lines, fmt.Sprint("gap ", g.Origin, g.Text, g.MayAllow, g.MayDeny))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// answerText is a verdict without the order in which things are named.
func answerText(v model.Verdict) string {
	var out []string
	for _, r := range v.Routed {
		out = append(out, fmt.Sprintf("to %s %.3f %s %s", r.Name, r.Share, r.Outcome, r.Symptom))
	}
	for _, r := range v.Reasons {
		out = append(out, "because "+r.String())
	}
	for _, b := range v.Blockers {
		out = append(out, fmt.Sprint("blocked by ", b.Point, b.Tier, b.Origin, b.Why))
	}
	slices.SortFunc(out, cmp.Compare[string])
	return fmt.Sprintf("%s %s %s\n  %s", v.Outcome, v.Symptom, v.Location, strings.Join(out, "\n  "))
}
