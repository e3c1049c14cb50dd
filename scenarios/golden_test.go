package scenarios

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the expected outputs and docs/steps.md")

// run runs one path and returns what it wrote.
func run(t *testing.T, o Options) (string, Result, error) {
	t.Helper()
	var out, errs bytes.Buffer
	o.Output, o.Errors = &out, &errs
	r, err := Run(context.Background(), o)
	text := out.String()
	if errs.Len() > 0 {
		text += "--- errors\n" + errs.String()
	}
	if err != nil {
		text += "--- error\n" + err.Error() + "\n"
	}
	return text, r, err
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test -update writes it); got:\n%s", path, got)
	}
}

func TestPassing(t *testing.T) {
	text, r, err := run(t, Options{Paths: []string{"testdata/pass"}})
	if err != nil || r.ExitStatus() != ExitPassed {
		t.Fatalf("%v %+v\n%s", err, r, text)
	}
	golden(t, "testdata/pass.golden", text)
}

// TestOutputs runs each feature that does not pass by itself. The file's name
// starts with the exit status.
func TestOutputs(t *testing.T) {
	files, err := filepath.Glob("testdata/fail/*.feature")
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	for _, file := range files {
		base := strings.TrimSuffix(file, ".feature")
		t.Run(filepath.Base(base), func(t *testing.T) {
			text, r, _ := run(t, Options{Paths: []string{file}})
			golden(t, base+".golden", text)
			if got, want := r.ExitStatus(), int(filepath.Base(base)[0]-'0'); got != want {
				t.Errorf("exit status %d, want %d: %+v", got, want, r)
			}
		})
	}
}

func TestJSON(t *testing.T) {
	text, _, err := run(t, Options{Paths: []string{"testdata/fail/2-reach.feature"}, Format: JSON})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/reach.json.golden", text)
}
