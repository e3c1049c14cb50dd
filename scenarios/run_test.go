package scenarios

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
)

func TestFileSystem(t *testing.T) {
	text, r, err := run(t, Options{FS: os.DirFS("testdata"), Paths: []string{"pass"}})
	if err != nil || r.ExitStatus() != ExitPassed {
		t.Fatalf("%v %+v\n%s", err, r, text)
	}
	text, _, _ = run(t, Options{FS: os.DirFS("testdata"), Paths: []string{"fail/2-reach.feature"}})
	if !strings.Contains(text, "(cluster/shop/policies.yaml:") {
		t.Errorf("places are not those of the file system:\n%s", text)
	}
}

func TestConcurrentRunsAreTheSame(t *testing.T) {
	one, _, _ := run(t, Options{Paths: []string{"testdata/pass", "testdata/fail/2-reach.feature"}})
	for range 3 {
		if many, _, _ := run(t, Options{Paths: []string{"testdata/pass", "testdata/fail/2-reach.feature"}, Concurrency: 4}); many != one {
			t.Fatalf("the output depends on how many scenarios run at once:\n%s", many)
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, Options{Paths: []string{"testdata/pass"}}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestPaths(t *testing.T) {
	for _, c := range []struct{ path, want string }{
		{"testdata/nonesuch", "testdata/nonesuch: no such file or directory"},
		{"testdata/cluster", "no .feature file in testdata/cluster"},
		{"", "no specification is named"},
	} {
		o := Options{Paths: []string{c.path}}
		if c.path == "" {
			o.Paths = nil
		}
		_, r, err := run(t, o)
		if err == nil || !strings.Contains(err.Error(), c.want) || r.ExitStatus() != ExitInput {
			t.Errorf("%q: %v, exit status %d", c.path, err, r.ExitStatus())
		}
	}
}

func TestOneScenarioByLine(t *testing.T) {
	_, r, err := run(t, Options{Paths: []string{"testdata/pass/change.feature:8"}})
	if err != nil || r.Scenarios != 1 || r.Checked != 5 {
		t.Errorf("%+v %v", r, err)
	}
}

func TestTagsThatSelectNothing(t *testing.T) {
	_, r, err := run(t, Options{Paths: []string{"testdata/pass"}, Tags: "@nonesuch"})
	if err != nil || r.ExitStatus() != ExitFailed {
		t.Errorf("%+v %v", r, err)
	}
}

func TestDefaultsAndOverrides(t *testing.T) {
	dir := t.TempDir()
	file := dir + "/a.feature"
	text := "Feature: f\n  Scenario: s\n    Given the network is \"calico\"\n    Then \"shop/checkout\" can reach \"shop/payments\" on TCP 8080\n    And \"shop/frontend\" can reach \"shop/payments\" on TCP 8080\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	o := Options{Paths: []string{file}, Sources: []string{"testdata/cluster/shop"}, Network: "cilium", PodCIDRs: []string{"10.244.0.0/16"}}
	out, r, err := run(t, o)
	if err != nil || r.Failed != 1 {
		t.Fatalf("%+v %v", r, err)
	}
	want := "netfate explain -f testdata/cluster/shop --network cilium --pod-cidr 10.244.0.0/16 shop/frontend shop/payments TCP 8080"
	if !strings.Contains(out, want) {
		t.Errorf("want %s in\n%s", want, out)
	}
}

func TestUndeterminedMayBeAllowed(t *testing.T) {
	o := Options{Paths: []string{"testdata/fail/3-broken.feature"}}
	if _, r, _ := run(t, o); r.ExitStatus() != ExitUndetermined {
		t.Errorf("%+v", r)
	}
	o.AllowUndetermined = true
	if _, r, _ := run(t, o); r.ExitStatus() != ExitPassed || r.Undetermined == 0 {
		t.Errorf("%+v", r)
	}
}

func TestColoursAndASCII(t *testing.T) {
	var b bytes.Buffer
	if _, err := Run(context.Background(), Options{Paths: []string{"testdata/fail/2-reach.feature"}, Output: &b, ASCII: true}); err != nil {
		t.Fatal(err)
	}
	for _, c := range b.String() {
		if c > 126 || c == 27 {
			t.Fatalf("%q in plain output", c)
		}
	}
	b.Reset()
	if _, err := Run(context.Background(), Options{Paths: []string{"testdata/fail/2-reach.feature"}, Output: &b, Color: true}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "\x1b[31m✗\x1b[0m") {
		t.Error("no colours")
	}
}

func TestWriterErrorsAreKept(t *testing.T) {
	_, err := Run(context.Background(), Options{Paths: []string{"testdata/pass"}, Output: broken{}})
	if !errors.Is(err, os.ErrClosed) {
		t.Errorf("got %v", err)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, os.ErrClosed }
