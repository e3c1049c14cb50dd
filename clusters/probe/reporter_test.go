package probe

import (
	"bytes"
	"errors"
	"sync"
	"testing"
	"time"
)

// writes counts what is written, and may refuse it.
type writes struct {
	mu  sync.Mutex
	n   int
	buf bytes.Buffer
	err error
}

func (w *writes) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.n++
	w.buf.Write(b)
	return len(b), w.err
}

func (w *writes) seen() (n, lines int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.n, bytes.Count(w.buf.Bytes(), []byte("\n"))
}

// TestReporter: reports go out together, soon without others, and at once at the end.
func TestReporter(t *testing.T) {
	out := &writes{}
	w := newReporter(out)
	for n := range 50 {
		w.write(Report{N: n})
	}
	w.write(Report{End: true})
	if n, lines := out.seen(); n != 1 || lines != 51 {
		t.Errorf("%d lines in %d writes, want 51 in one", lines, n)
	}
	w.write(Report{N: 1})
	for range 100 {
		if _, lines := out.seen(); lines == 52 {
			break
		}
		time.Sleep(gather / 10)
	}
	if _, lines := out.seen(); lines != 52 {
		t.Error("a report waits for ever")
	}
	out.err = errors.New("the pipe is closed")
	w.write(Report{End: true})
	if w.failed() == nil {
		t.Error("an error of the writer is lost")
	}
}
