package root_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/exit"
	"github.com/netfate/netfate/cmd/netfate/root"
)

// commands returns all commands, below the root too.
func commands(c *cobra.Command) []*cobra.Command {
	out := []*cobra.Command{c}
	for _, sub := range c.Commands() {
		out = append(out, commands(sub)...)
	}
	return out
}

// TestExamplesRun runs every example of every help, in order, in a directory
// that has what they name; none may be a usage or input error.
func TestExamplesRun(t *testing.T) {
	inFixture(t)
	inRepository(t)
	ran := 0
	for _, c := range commands(root.NewCommand(&cli.Streams{})) {
		if cobras(c) {
			continue
		}
		if c.Runnable() && !c.HasExample() {
			t.Errorf("%s has no examples", c.CommandPath())
		}
		for line := range strings.Lines(c.Example) {
			args := words(strings.TrimSpace(line))
			if len(args) == 0 {
				continue
			}
			if args[0] != "netfate" {
				t.Errorf("%s: the example %q does not start with netfate", c.CommandPath(), line)
				continue
			}
			if c.Annotations[cli.NeedsCluster] != "" {
				parses(t, c, args)
				continue
			}
			got := run(context.Background(), "", args[1:]...)
			if got.status == exit.Failure || got.stdout == "" && args[1] != "collect" {
				t.Errorf("%s\nexit %d\n%s%s", strings.TrimSpace(line), got.status, got.stdout, got.stderr)
			}
			ran++
		}
	}
	if ran < 20 {
		t.Errorf("only %d examples", ran)
	}
}

// parses asserts that an example which would make, change or remove clusters names
// its command and flags that exist. It is never run here.
func parses(t *testing.T, c *cobra.Command, args []string) {
	t.Helper()
	fresh := root.NewCommand(&cli.Streams{})
	found, rest, err := fresh.Find(args[1:])
	if err == nil && found.CommandPath() != c.CommandPath() {
		err = fmt.Errorf("it is an example of %s", found.CommandPath())
	}
	if err == nil {
		err = found.ParseFlags(rest)
	}
	if err == nil {
		err = found.ValidateArgs(found.Flags().Args())
	}
	if err != nil {
		t.Errorf("%s: %v", strings.Join(args, " "), err)
	}
}

// cobras tells whether a command is one that cobra adds.
func cobras(c *cobra.Command) bool {
	return strings.HasPrefix(c.CommandPath(), "netfate completion") || c.Name() == "help"
}

// inRepository makes the working directory a git repository with one commit on main.
func inRepository(t *testing.T) {
	t.Helper()
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("the examples name git refs, and there is no git")
	}
	for _, args := range [][]string{
		{"init", "-q", "-b", "main"},
		{"add", "."},
		{"-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "all"},
	} {
		cmd := exec.Command(git, args...)
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
}

// TestHelpNamesEveryFlag looks for headings and for each flag of each command.
func TestHelpNamesEveryFlag(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"matrix", "--help"}, {"help", "plan"}, {"explain", "-h"}} {
		got := run(context.Background(), "", args...)
		if got.status != exit.OK || got.stderr != "" || !strings.Contains(got.stdout, "Usage:\n  netfate") {
			t.Errorf("netfate %v: exit %d\n%s%s", args, got.status, got.stdout, got.stderr)
		}
	}
	got := run(context.Background(), "", "matrix", "--help").stdout
	for _, want := range []string{"Examples:", "\nFlags:\n", "\nSources:\n", "\nGlobal flags:\n", "--pod-cidr", "-o, --output table|json|csv|dot", "--color"} {
		if !strings.Contains(got, want) {
			t.Errorf("the help of matrix lacks %q:\n%s", want, got)
		}
	}
}
