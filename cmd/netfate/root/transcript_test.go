package root_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
	"github.com/netfate/netfate/cmd/netfate/internal/exit"
	"github.com/netfate/netfate/cmd/netfate/root"
)

var update = flag.Bool("update", false, "write what the commands print into the golden files")

// outcome is what a run of netfate left.
type outcome struct {
	stdout, stderr string
	status         exit.Status
}

// run runs netfate in the working directory, with nobody looking.
func run(ctx context.Context, stdin string, args ...string) outcome {
	var out, errs bytes.Buffer
	s := &cli.Streams{In: strings.NewReader(stdin), Out: &out, Err: &errs, Getenv: func(string) string { return "" }, Color: cli.ColorAuto}
	status := root.Run(ctx, s, args)
	return outcome{out.String(), errs.String(), status}
}

// words splits a command line as a shell does: blanks, single and double quotes.
func words(line string) []string {
	var out []string
	var word strings.Builder
	quote, inWord := rune(0), false
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, inWord = r, true
		case quote == 0 && r == ' ':
			if inWord {
				out = append(out, word.String())
			}
			word.Reset()
			inWord = false
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if inWord {
		out = append(out, word.String())
	}
	return out
}

// TestTranscripts runs the command lines of each archive ("$ netfate ..." in its
// comment) in a directory with the files of testdata/shop and of the archive,
// and compares what they print and exit with to the archive's file "transcript".
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, name := range files {
		path, err := filepath.Abs(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) { transcript(t, path) })
	}
}

func transcript(t *testing.T, path string) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	inFixture(t)
	want := ""
	golden := -1
	for i, f := range archive.Files {
		if f.Name == "transcript" {
			golden, want = i, string(f.Data)
			continue
		}
		writeFile(t, f.Name, f.Data)
	}
	got := play(string(archive.Comment))
	if got == want {
		return
	}
	if !*update {
		t.Fatalf("%s differs (-update rewrites it)\n--- got\n%s\n--- want\n%s", filepath.Base(path), got, want)
	}
	if golden < 0 {
		archive.Files = append(archive.Files, txtar.File{Name: "transcript"})
		golden = len(archive.Files) - 1
	}
	archive.Files[golden].Data = []byte(got)
	if err := os.WriteFile(path, txtar.Format(archive), 0o600); err != nil {
		t.Fatal(err)
	}
}

// play runs the command lines of a comment and returns what a person sees:
// results plain, the other stream behind "! ", and a status other than 0.
func play(comment string) string {
	var b strings.Builder
	for line := range strings.Lines(comment) {
		command, ok := strings.CutPrefix(strings.TrimSpace(line), "$ netfate ")
		if !ok {
			continue
		}
		got := run(context.Background(), "", words(command)...)
		fmt.Fprintf(&b, "$ netfate %s\n%s", command, got.stdout)
		for l := range strings.Lines(got.stderr) {
			b.WriteString("! " + l)
		}
		if got.status != exit.OK {
			fmt.Fprintf(&b, "[exit %d]\n", got.status)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// inFixture changes to a new directory with the files of testdata/shop.
func inFixture(t *testing.T) {
	t.Helper()
	src := os.DirFS("testdata/shop")
	dir := t.TempDir()
	if err := os.CopyFS(dir, src); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
}

func writeFile(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
