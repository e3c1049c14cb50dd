package probe

import (
	"sync/atomic"
	"time"
)

// stall is how long a process must stand still for probes to time out although the network did nothing.
const stall = time.Second

// stalls counts how often this process stood still: a machine that is too busy, or one that was stopped, answers
// late, and nothing on the wire tells that from a packet that was dropped.
type stalls struct {
	count atomic.Int64
	done  chan struct{}
}

// watchStalls counts until end.
func watchStalls() *stalls {
	s := &stalls{done: make(chan struct{})}
	go func() {
		const every = 100 * time.Millisecond
		for last := time.Now(); ; {
			select {
			case <-s.done:
				return
			case <-time.After(every):
			}
			now := time.Now()
			if now.Sub(last) >= stall+every {
				s.count.Add(1)
			}
			last = now
		}
	}()
	return s
}

// end ends the count.
func (s *stalls) end() { close(s.done) }

func (s *stalls) number() int { return int(s.count.Load()) }
