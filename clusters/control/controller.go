package control

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/probe"
)

// Controller probes through agents. It is safe for concurrent use; Close ends its sessions.
type Controller struct {
	opener Opener
	o      Options
	mu     sync.Mutex
	lines  map[place]*line
}

// line is the way to one agent. mu is held while a batch runs.
type line struct {
	mu      sync.Mutex
	session *session
}

// New returns a controller that has no sessions yet.
func New(opener Opener, o Options) *Controller {
	return &Controller{opener: opener, o: o.withDefaults(), lines: map[place]*line{}}
}

// Close ends all sessions. The controller opens new ones if it is used again.
func (c *Controller) Close() {
	c.mu.Lock()
	lines := c.lines
	c.lines = map[place]*line{}
	c.mu.Unlock()
	for _, l := range lines {
		l.mu.Lock()
		l.end()
		l.mu.Unlock()
	}
}

// Forget ends the session of a pod, such as one that is deleted.
func (c *Controller) Forget(t Target) {
	c.mu.Lock()
	l := c.lines[t.place()]
	delete(c.lines, t.place())
	c.mu.Unlock()
	if l != nil {
		l.mu.Lock()
		l.end()
		l.mu.Unlock()
	}
}

func (l *line) end() {
	if l.session != nil {
		l.session.close()
		l.session = nil
	}
}

func (c *Controller) line(at place) *line {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.lines[at]
	if l == nil {
		l = &line{}
		c.lines[at] = l
	}
	return l
}

// run has probes sent from a place. It returns the reports by their number; those that are missing have
// the error as their reason. Sessions that break are opened again for what is missing.
func (c *Controller) run(ctx context.Context, at place, probes []probe.Probe) (map[int]probe.Report, error) {
	l := c.line(at)
	l.mu.Lock()
	defer l.mu.Unlock()
	got := make(map[int]probe.Report, len(probes))
	pause := c.o.SessionBackoff
	for n := 1; ; n++ {
		fresh := l.session == nil
		if fresh {
			l.session = open(c.opener, at)
		}
		err := l.session.run(ctx, c.batch(missing(probes, got)), c.o.longest()+c.o.Silence, func(r probe.Report) { got[r.N] = r })
		if err == nil && len(got) < len(probes) {
			err = fmt.Errorf("%d of %d probes were not reported", len(probes)-len(got), len(probes))
		}
		if err == nil {
			return got, nil
		}
		l.end()
		if !fresh {
			n-- // it may have ended long ago
		}
		if ctx.Err() != nil {
			return got, ctx.Err()
		}
		if n >= c.o.Sessions || hopeless(err) {
			return got, err
		}
		if !sleep(ctx, pause) {
			return got, ctx.Err()
		}
		pause *= 2
	}
}

// hopeless tells that opening a session again would not help.
func hopeless(err error) bool {
	var r *refused
	return errors.As(err, &r) || apierrors.IsForbidden(err) || apierrors.IsUnauthorized(err)
}

func (c *Controller) batch(probes []probe.Probe) probe.Batch {
	return probe.Batch{
		Parallel: c.o.Parallel, Timeout: int(c.o.Timeout.Milliseconds()), Attempts: c.o.Attempts,
		Backoff: int(c.o.Backoff.Milliseconds()), Probes: probes,
	}
}

func missing(probes []probe.Probe, got map[int]probe.Report) []probe.Probe {
	if len(got) == 0 {
		return probes
	}
	var out []probe.Probe
	for _, p := range probes {
		if _, ok := got[p.N]; !ok {
			out = append(out, p)
		}
	}
	return out
}

func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// Probe tries flows as things stand and returns one record each, in order. A flow that cannot be tried is
// inconclusive, with the reason. The error is the context's, or that nothing could be tried for lack of
// permission; the records are there all the same.
func (c *Controller) Probe(ctx context.Context, flows []observation.Flow, resolve Resolver) ([]observation.Record, error) {
	r := newRound(c, flows, resolve)
	if !c.o.Unchecked {
		r.before = r.vitals(ctx)
	}
	r.probe(ctx)
	if !c.o.Unchecked {
		r.after = r.vitals(ctx)
		r.check()
	}
	return r.records, errors.Join(ctx.Err(), r.forbidden)
}
