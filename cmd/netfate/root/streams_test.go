package root_test

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/exit"
	"github.com/netfate/netfate/cmd/netfate/root"
)

const escape = "\x1b["

// TestColor asks for colours in every way there is.
func TestColor(t *testing.T) {
	inFixture(t)
	none := func(string) string { return "" }
	tests := []struct {
		name     string
		terminal bool
		env      func(string) string
		args     []string
		want     bool
	}{
		{"pipe", false, none, nil, false},
		{"terminal", true, none, nil, true},
		{"NO_COLOR", true, only("NO_COLOR", "1"), nil, false},
		{"dumb terminal", true, only("TERM", "dumb"), nil, false},
		{"never", true, none, []string{"--color", "never"}, false},
		{"always", false, none, []string{"--color=always"}, true},
		{"always over NO_COLOR", false, only("NO_COLOR", "1"), []string{"--color=always"}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			s := &cli.Streams{Out: &out, Err: &errs, OutTerminal: tt.terminal, ErrTerminal: tt.terminal, Getenv: tt.env}
			args := append([]string{"explain", "-f", "deploy/", "ops/probe", "shop/payments", "8080"}, tt.args...)
			if status := root.Run(context.Background(), s, args); status != exit.OK {
				t.Fatalf("exit %d: %s", status, errs.String())
			}
			if got := strings.Contains(out.String(), escape); got != tt.want {
				t.Errorf("coloured: %v, want %v:\n%q", got, tt.want, out.String())
			}
		})
	}
}

func only(name, value string) func(string) string {
	return func(n string) string {
		if n == name {
			return value
		}
		return ""
	}
}

// TestColorIsChecked refuses a value of --color that is none.
func TestColorIsChecked(t *testing.T) {
	got := run(context.Background(), "", "version", "--color", "blue")
	if got.status != exit.Failure || !strings.Contains(got.stderr, "auto, always, never") {
		t.Errorf("exit %d: %s", got.status, got.stderr)
	}
}

// TestResultsAlone holds the streams apart: with problems in the input, standard
// output has nothing but lines of JSON.
func TestResultsAlone(t *testing.T) {
	inFixture(t)
	writeFile(t, "deploy/typo.yaml", []byte("apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: shop}\nspek: {}\n"))
	got := run(context.Background(), "", "matrix", "-f", "deploy/", "-o", "json")
	if got.status != exit.Failure || !strings.Contains(got.stderr, "typo.yaml:4:1") {
		t.Errorf("exit %d: %s", got.status, got.stderr)
	}
	for line := range strings.Lines(got.stdout) {
		if !strings.HasPrefix(line, `{"from":`) {
			t.Errorf("not a result: %q", line)
		}
	}
}

// TestStdin reads the source "-".
func TestStdin(t *testing.T) {
	got := run(context.Background(), "apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: ns}\n", "matrix", "-f", "-", "-o", "csv")
	if got.status != exit.OK || !strings.Contains(got.stdout, "ns/x,Pod,ns/x,Pod,all") {
		t.Errorf("exit %d\n%s%s", got.status, got.stdout, got.stderr)
	}
}

// TestInterrupted cancels commands before they start: they say so, exit with 130
// and leave no file.
func TestInterrupted(t *testing.T) {
	inFixture(t)
	before, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, args := range [][]string{
		{"collect", "-f", "deploy/", "-o", "s.tar.gz"},
		{"matrix", "-f", "deploy/"},
		{"plan", "deploy/", "deploy/"},
		{"compare", "-f", "deploy/", "--network", "calico", "--network", "cilium"},
		{"explain", "-f", "deploy/", "shop/cart", "shop/payments", "80"},
		{"test", "features/"},
	} {
		got := run(ctx, "", args...)
		if got.status != exit.Interrupted || got.stderr != "interrupted\n" {
			t.Errorf("netfate %v: exit %d: %q", args, got.status, got.stderr)
		}
	}
	entries, err := os.ReadDir(".")
	if err != nil || len(entries) != len(before) {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}
