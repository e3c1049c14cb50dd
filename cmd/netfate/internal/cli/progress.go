package cli

import (
	"fmt"
	"sync"
	"time"
)

// The pace of progress: nothing is shown of work that is done within patience.
const (
	patience = time.Second
	pace     = 200 * time.Millisecond
)

// Progress shows on a terminal what a long piece of work is at, in one line that
// is gone when the work is done. A nil *Progress shows nothing.
type Progress struct {
	streams *Streams
	mu      sync.Mutex
	text    string
	stop    chan struct{}
	done    chan struct{}
}

// NewProgress starts showing progress if a person looks.
func NewProgress(s *Streams) *Progress {
	if !s.ErrTerminal {
		return nil
	}
	p := &Progress{streams: s, stop: make(chan struct{}), done: make(chan struct{})}
	go p.show()
	return p
}

// Say sets what the work is at.
func (p *Progress) Say(format string, args ...any) {
	if p == nil {
		return
	}
	p.mu.Lock()
	p.text = fmt.Sprintf(format, args...)
	p.mu.Unlock()
}

// Stop clears the line.
func (p *Progress) Stop() {
	if p == nil {
		return
	}
	close(p.stop)
	<-p.done
}

func (p *Progress) show() {
	defer close(p.done)
	shown := false
	next := time.After(patience)
	for {
		select {
		case <-p.stop:
			if shown {
				fmt.Fprint(p.streams.Err, "\r\x1b[K") //nolint:errcheck // nobody can be told
			}
			return
		case <-next:
			p.mu.Lock()
			fmt.Fprint(p.streams.Err, "\r\x1b[K"+p.text) //nolint:errcheck // the same
			p.mu.Unlock()
			shown, next = true, time.After(pace)
		}
	}
}
