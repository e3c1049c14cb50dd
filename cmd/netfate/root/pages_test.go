package root_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/root"
)

// TestPagesNameWhatExists: every command and flag that the pages about real clusters
// name between backticks exists. Nothing is run.
func TestPagesNameWhatExists(t *testing.T) {
	files, err := filepath.Glob("../../../docs/live-*.md")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, file := range append(files, "../../../docs/probes.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile("`([^`\n]+)`").FindAllStringSubmatch(string(text), -1) {
			if problem := unknown(m[1]); problem != "" {
				t.Errorf("%s: `%s`: %s", filepath.Base(file), m[1], problem)
			}
			if strings.HasPrefix(m[1], "netfate ") || strings.HasPrefix(m[1], "-") {
				named++
			}
		}
	}
	if named < 20 {
		t.Errorf("only %d commands and flags were found", named)
	}
}

// TestUnknown: what does not exist is noticed.
func TestUnknown(t *testing.T) {
	for text, bad := range map[string]bool{
		"netfate live up": false, "netfate live up --keep": false, "live diff": false, "--keep": false, "-o json": false, "kube-*": false,
		"netfate live upp": true, "netfate live up --kep": true, "live difff": true, "--kep": true, "-Q": true,
	} {
		if got := unknown(text); (got != "") != bad {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// unknown says what of a text in backticks does not exist: the text of another
// program's command, an object's name and the like are not looked at.
func unknown(text string) string {
	w := words(text)
	fresh := root.NewCommand(&cli.Streams{})
	switch {
	case len(w) > 1 && w[0] == "netfate":
		w = w[1:]
	case strings.HasPrefix(text, "live ") || strings.HasPrefix(text, "test --"):
	case strings.HasPrefix(text, "-"):
		for _, c := range commands(fresh) {
			if has(c, w[0]) {
				return ""
			}
		}
		return "no command has this flag"
	default:
		return ""
	}
	c, rest, err := fresh.Find(w)
	if err != nil {
		return err.Error()
	}
	if c.HasSubCommands() && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		return "no such command below " + c.CommandPath()
	}
	for _, arg := range rest {
		if strings.HasPrefix(arg, "-") && !has(c, arg) {
			return c.CommandPath() + " has no flag " + arg
		}
	}
	return ""
}

// has tells whether a command has a flag, as it is written on its command line.
func has(c *cobra.Command, arg string) bool {
	name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	c.InheritedFlags() // it merges them
	if strings.HasPrefix(arg, "--") {
		return c.Flags().Lookup(name) != nil || c.InheritedFlags().Lookup(name) != nil
	}
	return len(name) == 1 && (c.Flags().ShorthandLookup(name) != nil || c.InheritedFlags().ShorthandLookup(name) != nil)
}
