package collect

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// EmptyError is Collect's error when the sources exist and hold nothing at all.
type EmptyError struct {
	Sources []string
	// Others counts files that were there and are no manifests by their names.
	Others int
}

// Error says what was looked for and where.
func (e *EmptyError) Error() string {
	s := "no manifests in " + strings.Join(e.Sources, ", ")
	if e.Others > 0 {
		s += fmt.Sprintf(" (%d other files were not read)", e.Others)
	}
	return s + ": looked for Kubernetes objects in files ending in .yaml, .yml or .json; " +
		"give a file of another name by its own path"
}

// Collect reads all sources into a snapshot. The error is for what leaves nothing to analyse: no
// source given, a source that does not exist or cannot be opened, an *EmptyError, a cancelled context.
// Problems with single files and documents are in the snapshot.
func Collect(ctx context.Context, o Options) (*model.Snapshot, error) {
	r := newResolver(o)
	if err := r.all(ctx); err != nil {
		return nil, err
	}
	parts, err := parseAll(ctx, r)
	if err != nil {
		return nil, err
	}
	joinSnapshots(r.inputs, parts)
	m := newMerger(parts)
	for i := range parts {
		m.add(&parts[i])
	}
	m.s.Problems = append(r.problems, m.s.Problems...)
	m.s.Broken = append(r.broken, m.s.Broken...)
	for _, c := range r.unread {
		m.unread[[2]string{c.APIVersion, c.Kind}] += c.Count
	}
	s := m.finish()
	for _, snap := range r.snapshots {
		if s.Facts == (model.Facts{}) {
			s.Facts = snap.facts
		}
	}
	if len(s.Objects)+len(s.Problems)+len(s.Broken)+len(s.Unread) == 0 {
		return nil, &EmptyError{Sources: r.names, Others: r.others}
	}
	for _, source := range r.hollow {
		s.Problems = append(s.Problems, model.Problem{Severity: model.Warning, File: source,
			Message: "no manifests here: no file ends in .yaml, .yml or .json"})
	}
	return s, nil
}

// all resolves the sources of the local cluster and then those of the others, by name.
func (r *resolver) all(ctx context.Context) error {
	if len(r.o.Sources) == 0 && len(r.o.Remote) == 0 {
		return fmt.Errorf("nothing to read: name a directory, a file, an archive, a git ref or \"-\" with -f")
	}
	for _, s := range r.o.Sources {
		if err := r.source(ctx, s, ""); err != nil {
			return err
		}
	}
	clusters := make([]string, 0, len(r.o.Remote))
	for name := range r.o.Remote {
		clusters = append(clusters, name)
	}
	sort.Strings(clusters)
	for _, name := range clusters {
		for _, s := range r.o.Remote[name] {
			if err := r.source(ctx, s, name); err != nil {
				return fmt.Errorf("cluster %s: %w", name, err)
			}
		}
	}
	return ctx.Err()
}

// merger puts the parts together: one object per name, kinds counted.
type merger struct {
	s      *model.Snapshot
	seen   map[objectKey]*model.Object
	unread map[[2]string]int
}

type objectKey struct{ cluster, group, kind, namespace, name string }

// newMerger returns a merger with room for all parts: growing with them takes twice the memory.
func newMerger(parts []part) *merger {
	n := 0
	for i := range parts {
		n += len(parts[i].objects)
	}
	m := &merger{s: &model.Snapshot{}, seen: make(map[objectKey]*model.Object, n), unread: map[[2]string]int{}}
	if n > 0 {
		m.s.Objects = make([]*model.Object, 0, n)
	}
	return m
}

func (m *merger) add(p *part) {
	m.s.Problems = append(m.s.Problems, p.problems...)
	m.s.Broken = append(m.s.Broken, p.broken...)
	for k, n := range p.unread {
		m.unread[k] += n
	}
	for i := range p.objects {
		m.object(&p.objects[i])
	}
}

func (m *merger) object(o *model.Object) {
	key := objectKey{o.Cluster, groupOf(o.APIVersion), o.Kind, o.Namespace, o.Name}
	first, taken := m.seen[key]
	if !taken {
		m.seen[key] = o
		m.s.Objects = append(m.s.Objects, o)
		return
	}
	where := ""
	if place := first.At("").Place(); place != "" {
		where = " (first at " + place + ")"
	}
	m.s.Problems = append(m.s.Problems, model.Problem{
		Severity: model.Error, File: o.File, Line: int(o.Line), Col: int(o.Col), Object: o.Ref, Rejected: true,
		Message: "already exists" + where,
		Hint:    "the first one counts; remove or rename one of the two",
	})
}

func (m *merger) finish() *model.Snapshot {
	for k, n := range m.unread {
		m.s.Unread = append(m.s.Unread, model.KindCount{APIVersion: k[0], Kind: k[1], Count: n})
	}
	slices.SortFunc(m.s.Unread, compareCounts)
	return m.s
}

func compareCounts(a, b model.KindCount) int {
	if c := strings.Compare(a.APIVersion, b.APIVersion); c != 0 {
		return c
	}
	return strings.Compare(a.Kind, b.Kind)
}
