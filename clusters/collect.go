package clusters

import (
	"context"
	"fmt"
	"strings"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/netfate/netfate/sim/model"
)

// Collect reads a live cluster into a snapshot. The error is for what leaves nothing to analyse: no
// cluster is configured, it cannot be reached, it refuses the credentials or every list, the context is
// cancelled. Kinds that could not be read are in the snapshot's Problems, and policies among them in
// Broken. Objects are in the order of the kinds; they have no file and no line.
func Collect(ctx context.Context, o Options) (*model.Snapshot, error) {
	o = o.withDefaults()
	config, err := loadConfig(o)
	if err != nil {
		return nil, err
	}
	c, err := connect(config, o.Timeout)
	if err != nil {
		return nil, fmt.Errorf("cluster %s: %w", config.Host, err)
	}
	s, err := c.collect(ctx, o)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return s, err
}

func (c *connection) collect(ctx context.Context, o Options) (*model.Snapshot, error) {
	apis, err := c.discover(ctx, o.Kinds)
	if err != nil {
		return nil, err
	}
	results, err := c.listAll(ctx, plan(o.Kinds, apis), o)
	if err != nil {
		return nil, err
	}
	if err := c.nothingListed(results); err != nil {
		return nil, err
	}
	s := join(results)
	s.Facts = DetectNetwork(s)
	if o.Note != nil {
		for _, text := range notes(s, results) {
			o.Note(text)
		}
	}
	return s, nil
}

// notes returns what is worth knowing and needs no action.
func notes(s *model.Snapshot, results []*result) []string {
	var out []string
	if missing := notInstalled(results); missing != "" {
		out = append(out, "not installed in the cluster: "+missing)
	}
	switch f := s.Facts; {
	case f.Network != "":
		out = append(out, fmt.Sprintf("the network is %s %s: %s; --network chooses another profile", f.Network, f.Version, f.Origin))
	case f.Origin != "":
		out = append(out, f.Origin)
	}
	return out
}

// lister lists several kinds at a time.
type lister struct {
	c       *connection
	o       Options
	results []*result
	mu      sync.Mutex // guards done and calls of Progress
	done    Progress
}

// listAll lists the kinds; the first fatal error ends all lists.
func (c *connection) listAll(ctx context.Context, tasks []task, o Options) ([]*result, error) {
	l := &lister{c: c, o: o, results: make([]*result, len(tasks)), done: Progress{Kinds: len(tasks)}}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	slots := make(chan struct{}, parallelLists)
	var wg sync.WaitGroup
	for i := range tasks {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if err := l.one(ctx, i, &tasks[i]); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	return l.results, context.Cause(ctx)
}

func (l *lister) one(ctx context.Context, i int, t *task) error {
	r := &result{task: t}
	if !t.missing {
		var err error
		if r, err = l.c.list(ctx, t, l.o.PageSize, func(n int) { l.tell(n, 0) }); err != nil {
			return err
		}
	}
	l.results[i] = r
	l.tell(0, 1)
	return nil
}

func (l *lister) tell(objects, kinds int) {
	if l.o.Progress == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.done.Objects += objects
	l.done.Done += kinds
	l.o.Progress(l.done)
}

// nothingListed returns why not a single kind could be listed, nil if one was.
func (c *connection) nothingListed(results []*result) error {
	var first error
	for _, r := range results {
		if !r.task.missing && r.failed == nil {
			return nil
		}
		if first == nil && !r.task.missing {
			first = r.failed
		}
	}
	switch {
	case len(results) == 0:
		return nil
	case first == nil:
		return c.fatal("serves none of the kinds that netfate reads: is it a Kubernetes API server?")
	case apierrors.IsForbidden(first):
		return c.fatal("permits none of the lists that netfate needs: %s: give the user the ClusterRole of docs/rbac.yaml", reason(first))
	}
	return c.fatal("answered none of the lists that netfate needs: %w", first)
}

// join makes a snapshot of what was listed, in the order of the kinds.
func join(results []*result) *model.Snapshot {
	s, n := &model.Snapshot{}, 0
	for _, r := range results {
		n += len(r.objects)
	}
	s.Objects = make([]*model.Object, 0, n)
	for _, r := range results {
		s.Objects = append(s.Objects, r.objects...)
		s.Problems = append(s.Problems, r.problems...)
		s.Broken = append(s.Broken, r.broken...)
	}
	return s
}

// notInstalled lists the kinds that the cluster does not serve.
func notInstalled(results []*result) string {
	var names []string
	for _, r := range results {
		if r.task.missing {
			names = append(names, r.task.title())
		}
	}
	return strings.Join(names, ", ")
}
