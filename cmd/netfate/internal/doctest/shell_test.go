package doctest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/root"
)

// shell runs the commands of one page in a copy of features and docs.
type shell struct {
	t      *testing.T
	top    string // of the copy
	status int
}

func newShell(t *testing.T, from string) *shell {
	t.Helper()
	top := t.TempDir()
	for _, dir := range []string{"features", "docs"} {
		if err := os.CopyFS(filepath.Join(top, dir), os.DirFS(filepath.Join(from, dir))); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(top)
	return &shell{t: t, top: top}
}

var headOf = regexp.MustCompile(`^(.*) \| head -n (\d+)$`)

// run runs a command and returns what it prints; ok is false if the program is missing.
func (s *shell) run(line string) (out string, ok bool) {
	if m := headOf.FindStringSubmatch(line); m != nil {
		out, ok = s.run(m[1])
		n, _ := strconv.Atoi(m[2])
		lines := strings.Split(out, "\n")
		return tidy(strings.Join(lines[:min(n, len(lines))], "\n")), ok
	}
	args, err := split(line)
	if err != nil || len(args) == 0 {
		s.t.Fatalf("%q: %v", line, err)
	}
	switch args[0] {
	case "netfate":
		out, ok = s.netfate(args[1:]), true
	case "git":
		out, ok = s.git(args[1:])
	default:
		out, ok = s.builtin(args), true
	}
	return tidy(out), ok
}

func (s *shell) netfate(args []string) string {
	var out bytes.Buffer
	streams := &cli.Streams{In: strings.NewReader(""), Out: &out, Err: &out, Color: cli.ColorAuto, Getenv: func(string) string { return "" }}
	s.status = int(root.Run(s.t.Context(), streams, args))
	return out.String()
}

// git runs git with no configuration but what the commands need.
func (s *shell) git(args []string) (string, bool) {
	if _, err := exec.LookPath("git"); err != nil {
		return "", false
	}
	cmd := exec.Command("git", args...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull,
		"GIT_AUTHOR_NAME=t", "GIT_AUTHOR_EMAIL=t@example.com", "GIT_COMMITTER_NAME=t", "GIT_COMMITTER_EMAIL=t@example.com")
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.t.Fatalf("git %q: %v\n%s", args, err, out)
	}
	return string(out), true
}

// builtin runs the few commands of a shell that the pages use.
func (s *shell) builtin(args []string) string {
	switch {
	case args[0] == "cd" && len(args) == 2:
		s.t.Chdir(filepath.Join(s.top, args[1]))
		return ""
	case args[0] == "echo" && len(args) == 2 && args[1] == "$?":
		return strconv.Itoa(s.status)
	case args[0] == "cat" && len(args) == 2:
		data, err := os.ReadFile(args[1])
		if err != nil {
			s.t.Fatal(err)
		}
		return string(data)
	case args[0] == "ls" && len(args) == 2:
		entries, err := os.ReadDir(args[1])
		if err != nil {
			s.t.Fatal(err)
		}
		var names []string
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return strings.Join(names, "\n")
	}
	s.t.Fatalf("the pages may not say %q: see the comment of this package", args)
	return ""
}

// split splits a line into words as a shell does, with both kinds of quotes.
func split(line string) ([]string, error) {
	var out []string
	var word strings.Builder
	var quote rune
	inWord := false
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, inWord = r, true
		case quote == 0 && r == ' ':
			if inWord {
				out = append(out, word.String())
				word.Reset()
			}
			inWord = false
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a quote %q is open", quote)
	}
	if inWord {
		out = append(out, word.String())
	}
	return out, nil
}
