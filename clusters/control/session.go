package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/netfate/netfate/clusters/probe"
)

// Opener runs "netfate-probe session" in a pod. Session blocks until that ends: by itself, because in ended
// or because the context did. The error is why it could not be run or broke.
type Opener interface {
	Session(ctx context.Context, namespace, pod, container string, in io.Reader, out io.Writer) error
}

// session is one that is open. Only one batch runs in it at a time.
type session struct {
	in      *io.PipeWriter
	reports chan probe.Report
	cancel  context.CancelFunc
	done    chan struct{} // closed when reports is
	err     error         // why it ended, once done is closed
	next    int
	stalls  int // how often the agent stood still, as of the last batch
}

// open starts a session that lives until close.
func open(o Opener, at place) *session {
	ctx, cancel := context.WithCancel(context.Background())
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	s := &session{in: inW, reports: make(chan probe.Report, 64), cancel: cancel, done: make(chan struct{})}
	go func() {
		err := o.Session(ctx, at.namespace, at.pod, at.container, inR, outW)
		if err == nil {
			err = io.EOF
		}
		_ = outW.CloseWithError(err)
		_ = inR.CloseWithError(err)
	}()
	go s.read(ctx, outR)
	return s
}

// read hands reports on until the session ends.
func (s *session) read(ctx context.Context, out *io.PipeReader) {
	defer close(s.done)
	dec := json.NewDecoder(out)
	for {
		var r probe.Report
		if err := dec.Decode(&r); err != nil {
			s.err = err
			_ = out.CloseWithError(err)
			return
		}
		select {
		case s.reports <- r:
		case <-ctx.Done():
			s.err = ctx.Err()
			_ = out.CloseWithError(s.err)
			return
		}
	}
}

// leave is how long an agent may take to end its session when its input has ended.
const leave = 2 * time.Second

// close ends the session; a batch that runs in it breaks.
func (s *session) close() {
	_ = s.in.Close()
	go func() {
		select {
		case <-s.done:
		case <-time.After(leave):
		}
		s.cancel()
	}()
}

// run sends a batch and tells its reports until its end. The error says why there is no end; what was told
// before holds. silence bounds the time between two reports.
func (s *session) run(ctx context.Context, b probe.Batch, silence time.Duration, tell func(probe.Report)) error {
	s.next++
	b.Version, b.ID = probe.Version, s.next
	text, err := json.Marshal(b)
	if err != nil {
		return err
	}
	var write sync.WaitGroup
	write.Go(func() { _, _ = s.in.Write(append(text, '\n')) }) // a failure ends the session, which is seen below
	defer write.Wait()
	watch := time.NewTimer(silence)
	defer watch.Stop()
	for {
		select {
		case r := <-s.reports:
			if end, err := s.take(r, b, tell); end {
				return err
			}
			watch.Reset(silence)
		case <-s.done:
			if end, err := s.drain(b, tell); end {
				return err
			}
			return s.why()
		case <-watch.C:
			s.close()
			return fmt.Errorf("the session said nothing for %s", silence)
		case <-ctx.Done():
			s.close()
			return ctx.Err()
		}
	}
}

// drain takes what was read before the session ended.
func (s *session) drain(b probe.Batch, tell func(probe.Report)) (bool, error) {
	for {
		select {
		case r := <-s.reports:
			if end, err := s.take(r, b, tell); end {
				return true, err
			}
		default:
			return false, nil
		}
	}
}

// take tells a report; true at the end of the batch.
func (s *session) take(r probe.Report, b probe.Batch, tell func(probe.Report)) (bool, error) {
	switch {
	case r.Batch != b.ID:
		return false, nil // of a batch that was given up
	case r.End && r.Error != "":
		return true, &refused{r.Error}
	case r.End:
		if r.Stalls != s.stalls {
			s.stalls = r.Stalls
			return true, errStalled
		}
		return true, nil
	}
	tell(r)
	return false, nil
}

func (s *session) why() error {
	var syntax *json.SyntaxError
	switch {
	case errors.As(s.err, &syntax):
		return fmt.Errorf("what runs there is not netfate's agent: its output is not JSON lines (%w)", s.err)
	case errors.Is(s.err, io.EOF), errors.Is(s.err, io.ErrUnexpectedEOF):
		return errors.New("the session ended before its batch did")
	}
	return s.err
}

// errStalled tells that a batch is whole, and that its timeouts may be the source's own.
var errStalled = errors.New("the agent that sent it stood still for a second or more: its machine is too busy")

// refused is an agent's refusal of a batch, which no further session would change.
type refused struct{ text string }

// Error says why.
func (r *refused) Error() string { return r.text }
