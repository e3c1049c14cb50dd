package cli_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/netfate/netfate/cmd/netfate/internal/cli"
)

func TestQuote(t *testing.T) {
	got := cli.Quote("netfate", "-f", "a b", "TCP 80", "it's", "", "cilium{a=b}", "main:deploy/")
	want := `netfate -f 'a b' 'TCP 80' 'it'\''s' '' 'cilium{a=b}' main:deploy/`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestChoice(t *testing.T) {
	c := cli.NewChoice("table", "json")
	if c.String() != "table" || c.Type() != "table|json" {
		t.Errorf("%q %q", c.String(), c.Type())
	}
	if err := c.Set("jsn"); err == nil || !strings.Contains(err.Error(), `did you mean "json"`) {
		t.Error(err)
	}
	if err := c.Set("json"); err != nil || c.String() != "json" {
		t.Error(err, c.String())
	}
}

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "out")
	write := func(s string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
	}
	ctx, cancel := context.WithCancel(context.Background())
	if err := cli.WriteFile(ctx, name, false, write("one")); err != nil {
		t.Fatal(err)
	}
	if err := cli.WriteFile(ctx, name, false, write("two")); err == nil || !strings.Contains(err.Error(), "--force") {
		t.Errorf("replaced without asking: %v", err)
	}
	failed := errors.New("failed")
	if err := cli.WriteFile(ctx, name, true, func(io.Writer) error { return failed }); !errors.Is(err, failed) {
		t.Error(err)
	}
	half := func(w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		cancel()
		_, err := io.WriteString(w, "way")
		return err
	}
	if err := cli.WriteFile(ctx, name, true, half); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	entries, _ := os.ReadDir(dir)
	got, err := os.ReadFile(name) //nolint:gosec // the test's own
	if err != nil || string(got) != "one" || len(entries) != 1 {
		t.Errorf("%q, %v, %v", got, err, entries)
	}
}

// lockedBuffer is written by the goroutine that shows progress.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// TestProgress shows nothing of quick work and to nobody, and cleans up after slow work.
func TestProgress(t *testing.T) {
	for _, tt := range []struct {
		name     string
		terminal bool
		work     time.Duration
		shown    bool
	}{
		{"quick", true, 0, false},
		{"nobody looks", false, 1100 * time.Millisecond, false},
		{"slow", true, 1100 * time.Millisecond, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out lockedBuffer
			p := cli.NewProgress(&cli.Streams{Err: &out, ErrTerminal: tt.terminal})
			p.Say("reading: %d files", 3)
			time.Sleep(tt.work)
			p.Stop()
			got := out.b.String()
			if strings.Contains(got, "reading: 3 files") != tt.shown || tt.shown != strings.HasSuffix(got, "\r\x1b[K") {
				t.Errorf("%q", got)
			}
		})
	}
}

func TestCancellable(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	n := 0
	for range cli.Cancellable(ctx, func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
		}
	}) {
		if n++; n == 5000 {
			cancel()
		}
	}
	if n < 5000 || n > 7000 {
		t.Errorf("%d values", n)
	}
}
