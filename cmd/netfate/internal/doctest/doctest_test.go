// Package doctest runs every command that README.md, CONTRIBUTING.md and the pages
// of docs show and compares what it prints with what the page says. With -update it
// writes the output into the pages.
//
// A command stands in a block of the language "console", after "$ ". The commands
// of a page run one after another in a copy of the repository's features and docs:
// netfate in this process, "cd", "cat", "ls", "echo $?" and "... | head -n N" by
// this package, and git.
package doctest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what the commands print into the pages")

// repository is the top of the repository.
const repository = "../../../.."

// pages lists what is to be run, by path from the top.
func pages(t *testing.T) []string {
	t.Helper()
	out := []string{"README.md", "CONTRIBUTING.md"}
	more, err := filepath.Glob(filepath.Join(repository, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range more {
		out = append(out, filepath.Join("docs", filepath.Base(m)))
	}
	return out
}

// TestPages runs the commands of each page.
func TestPages(t *testing.T) {
	top, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range pages(t) {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(top, name))
			if err != nil {
				t.Fatal(err)
			}
			page := parse(string(data))
			for _, stray := range page.stray {
				t.Errorf("%s:%d: a command outside of a console block is run by no test: %s", name, stray.line, stray.text)
			}
			if len(page.blocks) == 0 {
				return
			}
			check(t, top, name, string(data), page)
		})
	}
}

// check runs a page and compares, or updates it.
func check(t *testing.T, top, name, text string, p page) {
	t.Helper()
	sh := newShell(t, top)
	lines := strings.Split(text, "\n")
	var out []string
	last := 0
	for _, b := range p.blocks {
		out = append(out, lines[last:b.from]...)
		for i := range b.commands {
			c := &b.commands[i]
			got, ok := sh.run(c.text)
			if !ok {
				t.Logf("%s:%d: not run, %s is not here", name, c.line, strings.Fields(c.text)[0])
				got = c.output
			}
			if !*update && got != c.output {
				t.Errorf("%s:%d: $ %s\nprints\n%s\nand the page says\n%s\n(-update writes it)", name, c.line, c.text, got, c.output)
			}
			out = append(out, c.source...)
			if got != "" {
				out = append(out, strings.Split(got, "\n")...)
			}
		}
		last = b.to
	}
	out = append(out, lines[last:]...)
	if fresh := strings.Join(out, "\n"); *update && fresh != text {
		if err := os.WriteFile(filepath.Join(top, name), []byte(fresh), 0o644); err != nil { //nolint:gosec // a page of the repository
			t.Fatal(err)
		}
	}
}
