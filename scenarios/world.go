package scenarios

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
)

// inputError is an error in what a scenario names and not in what it claims.
type inputError struct {
	error
	change bool // the proposed change is at fault, not the manifests
}

// Unwrap returns the cause.
func (e inputError) Unwrap() error { return e.error }

// setup is what a scenario's Given steps say.
type setup struct {
	sources []string
	network string
	cidrs   []string
	changes []string    // files of the proposed change
	deletes []model.Ref // objects that it deletes
}

// key identifies a setup without its change.
func (s *setup) key() string {
	return strings.Join(s.sources, "\x00") + "\x01" + s.network + "\x01" + strings.Join(s.cidrs, "\x00")
}

func (s *setup) changed() bool { return len(s.changes)+len(s.deletes) > 0 }

func (s *setup) changeKey() string {
	return s.key() + "\x02" + strings.Join(s.changes, "\x00") + "\x02" + fmt.Sprint(s.deletes)
}

// world holds what scenarios share: each snapshot is loaded once and each
// simulator made once.
type world struct {
	o     *Options
	snaps cache[*model.Snapshot]
	views cache[*view]

	applying sync.Mutex // one change at a time: they share what the simulator remembers
	mu       sync.Mutex
	problems map[string]model.Problem // seen in any snapshot
}

// cache makes each value once, also when several ask for it at once.
type cache[T any] struct {
	mu sync.Mutex
	m  map[string]func() (T, error)
}

func (c *cache[T]) get(key string, make_ func() (T, error)) (T, error) {
	c.mu.Lock()
	if c.m == nil {
		c.m = map[string]func() (T, error){}
	}
	f, ok := c.m[key]
	if !ok {
		f = sync.OnceValues(make_)
		c.m[key] = f
	}
	c.mu.Unlock()
	return f()
}

// snapshot loads sources.
func (w *world) snapshot(ctx context.Context, sources []string) (*model.Snapshot, error) {
	if len(sources) == 0 && w.o.Snapshot != nil {
		return w.o.Snapshot, nil
	}
	return w.snaps.get(strings.Join(sources, "\x00"), func() (*model.Snapshot, error) {
		o := w.o.Collect
		o.Sources = sources
		snap, err := load(ctx, w.o.FS, o)
		if err != nil {
			return nil, inputError{error: err}
		}
		return snap, nil
	})
}

// load collects from the disk, or from a file system by way of a directory.
func load(ctx context.Context, fsys fs.FS, o collect.Options) (*model.Snapshot, error) {
	if fsys == nil {
		return sim.Load(ctx, o)
	}
	dir, remove, err := extract(fsys, o.Sources)
	if err != nil {
		return nil, err
	}
	defer remove()
	o.Dir = dir
	return sim.Load(ctx, o)
}

// before returns the view of a setup without its change.
func (w *world) before(ctx context.Context, s *setup) (*view, error) {
	return w.views.get(s.key(), func() (*view, error) {
		snap, err := w.snapshot(ctx, s.sources)
		if err != nil {
			return nil, err
		}
		made, err := sim.New(snap, sim.Options{Network: s.network, PodCIDRs: s.cidrs, Lenient: w.o.Lenient, Mesh: w.o.Mesh, GatewayPods: w.o.GatewayPods})
		if err != nil {
			return nil, inputError{error: err}
		}
		w.note(append(made.Problems(), made.LeftOut()...))
		return newView(made), nil
	})
}

// after returns the view of a setup with its change, if there is one.
func (w *world) after(ctx context.Context, s *setup) (*view, error) {
	before, err := w.before(ctx, s)
	if err != nil || !s.changed() {
		return before, err
	}
	return w.views.get(s.changeKey(), func() (*view, error) {
		c := sim.ChangeSet{Delete: s.deletes}
		if len(s.changes) > 0 {
			snap, err := w.snapshot(ctx, s.changes)
			if err != nil {
				return nil, err
			}
			if i := slices.IndexFunc(snap.Problems, func(p model.Problem) bool { return p.Severity == model.Error }); i >= 0 {
				return nil, inputError{fmt.Errorf("the proposed change cannot be read: %w", snap.Problems[i]), true}
			}
			c.Put = snap.Objects
		}
		w.applying.Lock()
		made, err := before.sim.Apply(c)
		w.applying.Unlock()
		if err != nil {
			return nil, inputError{err, true}
		}
		w.note(made.Problems())
		return newView(made), nil
	})
}

// note remembers problems, to be told once.
func (w *world) note(list []model.Problem) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.problems == nil {
		w.problems = map[string]model.Problem{}
	}
	for _, p := range list {
		w.problems[p.Error()] = p
	}
}

// told returns the problems in order.
func (w *world) told() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for text := range w.problems {
		out = append(out, text)
	}
	slices.Sort(out)
	return out
}
