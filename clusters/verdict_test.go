package clusters

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/gatewayapi"
)

// TestSameVerdicts serves the manifests of the golden cases as a cluster would and compares all
// connections with those of the files, under every profile.
func TestSameVerdicts(t *testing.T) {
	files, err := filepath.Glob("../sim/testdata/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden cases: %v", err)
	}
	compared := 0
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			fromFiles := manifests(t, file)
			if !servable(fromFiles) {
				t.Skip("SKIPPED: an API server would not hold these objects")
			}
			if len(gatewayapi.Managed(fromFiles.Objects)) > 0 {
				t.Skip("SKIPPED: a controller of the cluster makes pods of these objects")
			}
			f := newFakeAPI()
			injected := withSidecar(t, fromFiles)
			for _, o := range fromFiles.Objects {
				f.add(t, asCreated(t, o, injected))
			}
			live := collected(t, f.start(t))
			again := saved(t, live)
			for _, network := range sim.Networks() {
				want := strings.Join(matrix(t, fromFiles, network), "\n")
				for how, s := range map[string]*model.Snapshot{"live": live, "live, saved and read": again} {
					if got := strings.Join(matrix(t, s, network), "\n"); got != want {
						t.Errorf("%s: %s\n%s\nfiles\n%s", network, how, got, want)
					}
				}
			}
			compared++
		})
	}
	if compared < len(files)/2 {
		t.Errorf("only %d of %d cases were compared", compared, len(files))
	}
}

// withSidecar returns the pods that a mesh's injector would give a sidecar.
func withSidecar(t *testing.T, s *model.Snapshot) map[*model.Object]bool {
	t.Helper()
	x, err := sim.New(s, sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	out := map[*model.Object]bool{}
	for i := range x.Model().Endpoints {
		e := &x.Model().Endpoints[i]
		out[e.Object] = out[e.Object] || e.Proxy != nil && e.Proxy.Sidecar == algebra.Yes
	}
	return out
}

// asCreated returns an object as the API server has it once it was created: an
// injector leaves its annotation on the pods that it changed.
func asCreated(t *testing.T, o *model.Object, injected map[*model.Object]bool) string {
	t.Helper()
	text := o.Root.JSON()
	if o.Kind != "Pod" || !injected[o] {
		return string(text)
	}
	var pod map[string]any
	if err := json.Unmarshal(text, &pod); err != nil {
		t.Fatal(err)
	}
	meta := pod["metadata"].(map[string]any)
	notes, _ := meta["annotations"].(map[string]any)
	if notes == nil {
		notes = map[string]any{}
		meta["annotations"] = notes
	}
	notes["sidecar.istio.io/status"] = "{}"
	text, err := json.Marshal(pod)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// saved writes a snapshot as "netfate collect" does and reads it again.
func saved(t *testing.T, s *model.Snapshot) *model.Snapshot {
	t.Helper()
	file := filepath.Join(t.TempDir(), "snapshot.tar.gz")
	w, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(collect.Save(w, s, collect.Meta{}), w.Close()); err != nil {
		t.Fatal(err)
	}
	out, err := sim.Load(t.Context(), collect.Options{Sources: []string{file}})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func manifests(t *testing.T, file string) *model.Snapshot {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range archive.Files {
		if strings.HasPrefix(f.Name, "manifests/") {
			if err := os.WriteFile(filepath.Join(dir, strings.ReplaceAll(f.Name, "/", "_")), f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	s, err := sim.Load(t.Context(), collect.Options{Sources: []string{dir}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// servable tells whether the snapshot is one that an API server could hold.
func servable(s *model.Snapshot) bool {
	if len(s.Problems)+len(s.Broken) > 0 {
		return false
	}
	m, err := sim.New(s, sim.Options{})
	return err == nil && !slices.ContainsFunc(m.Problems(), func(p model.Problem) bool { return p.Rejected })
}

func matrix(t *testing.T, s *model.Snapshot, network string) []string {
	t.Helper()
	m, err := sim.New(s, sim.Options{Network: network, Lenient: true}) // as live objects are read
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for l := range m.Matrix(sim.MatrixOptions{Nodes: true, Undetermined: true}, nil) {
		out = append(out, fmt.Sprintf("%s -> %s: %s %s %s", l.From, l.To, l.Ports, l.Other, l.Connections.Undetermined))
	}
	slices.Sort(out)
	return out
}

// TestForbiddenPoliciesLeaveVerdictsOpen holds that policies which may not be read are never taken for
// absent.
func TestForbiddenPoliciesLeaveVerdictsOpen(t *testing.T) {
	for _, path := range []string{policiesPath, cnpPath} {
		f := withPods(t, 2)
		if all := matrix(t, collected(t, f.start(t)), ""); len(all) == 0 || strings.Contains(strings.Join(all, ""), "TCP") {
			t.Errorf("without policies: %v", all)
		}
		f.forbidden[path] = true
		for _, l := range matrix(t, collected(t, f.start(t)), "") {
			if pair, _, _ := strings.Cut(l, ":"); !strings.Contains(l, ": none ") && !itself(pair) {
				t.Errorf("%s forbidden: %s", path, l)
			}
		}
	}
}

func itself(pair string) bool {
	from, to, _ := strings.Cut(pair, " -> ")
	return from == to
}
