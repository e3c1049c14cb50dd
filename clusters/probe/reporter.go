package probe

import (
	"bufio"
	"encoding/json"
	"io"
	"sync"
	"time"
)

// gather is how long reports wait for others: each write goes through the container's runtime, the kubelet and the API
// server, which costs more than the probe.
const gather = 100 * time.Millisecond

// reporter writes reports, some at a time; the first error stays.
type reporter struct {
	mu    sync.Mutex
	buf   *bufio.Writer
	enc   *json.Encoder
	armed bool // a flush is to come
	err   error
}

func newReporter(out io.Writer) *reporter {
	w := &reporter{buf: bufio.NewWriterSize(out, 32<<10)}
	w.enc = json.NewEncoder(w.buf)
	return w
}

// write takes a report; the end of a batch does not wait, nor does what came before it.
func (w *reporter) write(r Report) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.keep(w.enc.Encode(r))
	switch {
	case r.End:
		w.keep(w.buf.Flush())
	case !w.armed:
		w.armed = true
		time.AfterFunc(gather, w.flush)
	}
}

// flush writes what has been taken.
func (w *reporter) flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.armed = false
	w.keep(w.buf.Flush())
}

func (w *reporter) keep(err error) {
	if w.err == nil {
		w.err = err
	}
}

// failed returns the first error.
func (w *reporter) failed() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}
