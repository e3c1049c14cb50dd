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
	lines  *lines
}

// lines are the ways to agents, shared by controllers that probe differently.
type lines struct {
	mu       sync.Mutex
	at       map[place]*line
	newborns newborns
}

// line is the way to one agent. mu is held while a batch runs.
type line struct {
	mu      sync.Mutex
	session *session
}

// New returns a controller that has no sessions yet.
func New(opener Opener, o Options) *Controller {
	return &Controller{opener: opener, o: o.withDefaults(), lines: &lines{at: map[place]*line{}, newborns: newborns{at: map[place]birth{}}}}
}

// With returns a controller with other options that uses the same sessions.
func (c *Controller) With(o Options) *Controller {
	return &Controller{opener: c.opener, o: o.withDefaults(), lines: c.lines}
}

// once tries each probe one time and takes what it says: what polls asks again anyway.
func (c *Controller) once() *Controller {
	o := c.o
	o.Attempts, o.Unchecked, o.Progress = 1, true, nil
	return c.With(o)
}

// Close ends all sessions. The controller opens new ones if it is used again.
func (c *Controller) Close() {
	for _, l := range c.lines.take(nil) {
		l.mu.Lock()
		l.end()
		l.mu.Unlock()
	}
}

// Forget ends the session of a pod, such as one that is deleted.
func (c *Controller) Forget(t Target) {
	at := t.place()
	c.lines.newborns.forget(at)
	for _, l := range c.lines.take(&at) {
		l.mu.Lock()
		l.end()
		l.mu.Unlock()
	}
}

// take removes the line to a place, or all of them.
func (ls *lines) take(only *place) []*line {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	var out []*line
	for at, l := range ls.at {
		if only == nil || at == *only {
			out = append(out, l)
			delete(ls.at, at)
		}
	}
	return out
}

// to returns the line to a place.
func (ls *lines) to(at place) *line {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	l := ls.at[at]
	if l == nil {
		l = &line{}
		ls.at[at] = l
	}
	return l
}

func (l *line) end() {
	if l.session != nil {
		l.session.close()
		l.session = nil
	}
}

// run has probes sent from a place. It returns the reports by their number; those that are missing have
// the error as their reason. Sessions that break are opened again for what is missing.
func (c *Controller) run(ctx context.Context, at place, b probe.Batch) (map[int]probe.Report, error) {
	probes := b.Probes
	l := c.lines.to(at)
	l.mu.Lock()
	defer l.mu.Unlock()
	got := make(map[int]probe.Report, len(probes))
	pause := c.o.SessionBackoff
	for n := 1; ; n++ {
		fresh := l.session == nil
		if fresh {
			l.session = open(c.opener, at)
		}
		b.Probes = missing(probes, got)
		err := l.session.run(ctx, b, time.Duration(b.Timeout)*time.Millisecond+c.o.Silence, func(r probe.Report) { got[r.N] = r })
		if (err == nil || errors.Is(err, errStalled)) && len(got) < len(probes) {
			err = fmt.Errorf("%d of %d probes were not reported", len(probes)-len(got), len(probes))
		}
		if err == nil || errors.Is(err, errStalled) {
			return got, err
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
	return errors.As(err, &r) || errors.Is(err, ErrForbidden) || apierrors.IsUnauthorized(err)
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
	r.run(ctx)
	for n := 1; n < c.o.Rounds && len(r.again) > 0 && r.forbidden == nil && sleep(ctx, c.o.SessionBackoff<<n); n++ {
		var at []int
		var some []observation.Flow
		for i := range flows {
			if r.again[i] {
				at, some = append(at, i), append(some, flows[i])
			}
		}
		next := newRound(c, some, resolve)
		next.run(ctx)
		r.again, r.forbidden = map[int]bool{}, next.forbidden
		for k, i := range at {
			r.records[i] = next.records[k]
			if next.again[k] {
				r.again[i] = true
			}
		}
	}
	return r.records, errors.Join(ctx.Err(), r.forbidden)
}
