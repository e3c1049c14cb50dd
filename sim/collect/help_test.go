package collect

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
)

// testKinds are the inventory and one policy API.
func testKinds() []policyapi.Kind {
	return append(InventoryKinds(),
		policyapi.Kind{Group: "networking.k8s.io", Version: "v1", Kind: "NetworkPolicy", Resource: "networkpolicies", Namespaced: true},
		policyapi.Kind{Group: "policy.networking.k8s.io", Version: "v1alpha1", Kind: "AdminNetworkPolicy", Resource: "adminnetworkpolicies"})
}

// unpack writes a txtar text below a new directory.
func unpack(t testing.TB, text string) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(text)).Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// collected returns the snapshot of sources relative to dir.
func collected(t testing.TB, dir string, sources ...string) *model.Snapshot {
	t.Helper()
	s, err := Collect(t.Context(), Options{Dir: dir, Sources: sources, Kinds: testKinds()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// describe returns a snapshot as lines: objects with their places, then what else there is.
func describe(s *model.Snapshot) string {
	var b strings.Builder
	for _, o := range s.Objects {
		if o.Cluster != "" {
			fmt.Fprintf(&b, "[%s] ", o.Cluster)
		}
		fmt.Fprintf(&b, "%s %s\n", o.Ref, o.At("").Place())
	}
	for _, p := range s.Problems {
		fmt.Fprintln(&b, p.Error())
	}
	for _, x := range s.Broken {
		fmt.Fprintf(&b, "broken: %q %s/%s %s:%d\n", x.Kind, x.Namespace, x.Name, x.File, x.Line)
	}
	for _, u := range s.Unread {
		fmt.Fprintf(&b, "unread: %s %s %d\n", u.APIVersion, u.Kind, u.Count)
	}
	return b.String()
}

// expect compares a snapshot's description line by line; a line that ends in "..." is a prefix.
func expect(t testing.TB, s *model.Snapshot, want string) {
	t.Helper()
	got, wanted := strings.Split(strings.TrimSpace(describe(s)), "\n"), strings.Split(strings.TrimSpace(want), "\n")
	same := len(got) == len(wanted)
	for i := 0; same && i < len(got); i++ {
		w := strings.TrimSpace(wanted[i])
		if prefix, ok := strings.CutSuffix(w, "..."); ok {
			same = strings.HasPrefix(got[i], prefix)
		} else {
			same = got[i] == w
		}
	}
	if !same {
		t.Errorf("got:\n%s\n\nwant:\n%s", strings.Join(got, "\n"), want)
	}
}

// failure returns the error of collecting sources, which must be one.
func failure(t testing.TB, dir string, sources ...string) string {
	t.Helper()
	s, err := Collect(t.Context(), Options{Dir: dir, Sources: sources, Kinds: testKinds()})
	if err == nil {
		t.Fatalf("no error; got:\n%s", describe(s))
	}
	return err.Error()
}

func namespaceYAML(name string) string {
	return "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: " + name + "\n"
}

// withGit makes dir a repository and returns a function that runs git in it; the test is skipped
// without git.
func withGit(t *testing.T, dir string) func(args ...string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("SKIPPED: git is not installed, so sources at a git ref are not tested")
	}
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=t", "-c", "user.email=t@example.com",
			"-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"}, args...)...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	run("init", "-q")
	run("add", "-A")
	run("commit", "-q", "-m", "first")
	return run
}

func saved(t testing.TB, s *model.Snapshot) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Save(&b, s, Meta{Tool: "test"}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func cancelled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
