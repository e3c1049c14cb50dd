package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/netfate/netfate/cmd/netfate/internal/quietstart"
)

// TestMain gives PATH back, as main does.
func TestMain(m *testing.M) {
	if err := quietstart.Restore(); err != nil {
		panic(err)
	}
	m.Run()
}

// build builds netfate once for the tests of the process.
func build(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the binary")
	}
	name := filepath.Join(t.TempDir(), "netfate")
	cmd := exec.Command("go", "build", "-o", name, ".")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return name
}

// TestProcess starts the binary as people do.
func TestProcess(t *testing.T) {
	binary := build(t)
	t.Run("runs no other program at its start", func(t *testing.T) { quiet(t, binary) })
	t.Run("an interrupt leaves no file", func(t *testing.T) { interrupt(t, binary) })
}

// quiet starts the binary with programs of the names "go" and "git" first in
// PATH. Nobody may run the former; that the latter is run shows that PATH is whole.
func quiet(t *testing.T, binary string) {
	dir := t.TempDir()
	for _, name := range []string{"go", "git"} {
		script := fmt.Sprintf("#!/bin/sh\necho \"$PATH\" > %s/%s.ran\nexit 1\n", dir, name)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o700); err != nil { //nolint:gosec // a program
			t.Fatal(err)
		}
	}
	path := dir + string(os.PathListSeparator) + os.Getenv("PATH")
	cmd := exec.Command(binary, "matrix", "-f", "main:deploy/")
	cmd.Env = append(os.Environ(), "PATH="+path)
	cmd.Dir = dir
	_ = cmd.Run() // the git of this test fails
	if _, err := os.Stat(filepath.Join(dir, "go.ran")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the start of netfate runs the go of PATH (%v)", err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "git.ran"))
	if err != nil || strings.TrimSpace(string(got)) != path {
		t.Errorf("children get PATH %q, want %q (%v)", got, path, err)
	}
}

// interrupt stops a collection that waits for its input.
func interrupt(t *testing.T, binary string) {
	if runtime.GOOS == "windows" {
		t.Skip("no interrupts")
	}
	dir := t.TempDir()
	cmd := exec.Command(binary, "collect", "-f", "-", "-o", "s.tar.gz")
	cmd.Dir = dir
	var errs bytes.Buffer
	cmd.Stderr = &errs
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close() // it holds the input open
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// More than a pipe holds: once it is written, the command reads.
	if _, err := io.WriteString(in, strings.Repeat("# not the end yet\n", 20_000)); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // the status is looked at below
	if code := cmd.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit %d, want 130: %s", code, errs.String())
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}
