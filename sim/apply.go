package sim

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/passcover"
)

// ChangeSet is a proposed change: objects that are created or replaced, as by
// kubectl apply, and objects that are deleted.
type ChangeSet struct {
	Put    []*model.Object
	Delete []model.Ref // APIVersion may be empty
}

// objectKey identifies an object in a cluster, whatever its API version.
type objectKey struct{ cluster, kind, namespace, name string }

func keyOf(o *model.Object) objectKey { return objectKey{o.Cluster, o.Kind, o.Namespace, o.Name} }

// Apply returns the simulator of the snapshot after a change. A change of
// policies alone is computed from what is there; the answers are those of a
// simulator made anew. The error names an object to delete that does not exist.
func (s *Simulator) Apply(c ChangeSet) (*Simulator, error) {
	next, removed, err := changeSnapshot(s.snap, c)
	if err != nil {
		return nil, err
	}
	for _, o := range append(slices.Clone(removed), c.Put...) {
		if s.tr.byKind[kindKey(o.APIVersion, o.Kind)] == nil {
			return New(next, s.opts)
		}
	}
	return s.applyPolicies(next, removed, c.Put)
}

// applyPolicies translates only the objects of the change.
func (s *Simulator) applyPolicies(next *model.Snapshot, removed, put []*model.Object) (*Simulator, error) {
	part := &model.Model{Profile: s.m.Profile, Tiers: tiers(s.m.Profile)}
	for _, o := range put {
		if err := s.tr.add(part, o); err != nil {
			return nil, err
		}
	}
	if usesOrdinals(selectorKeys(part)) {
		return New(next, s.opts) // pods of templates are told apart from now on
	}
	if passcover.Needed(s.m) || passcover.Needed(part) {
		return New(next, s.opts) // rules of one object hang on those of others
	}
	ch := engine.Change{Remove: removed}
	for t := range part.Tiers {
		for _, p := range part.Tiers[t].Policies {
			ch.Add = append(ch.Add, model.Placed{Tier: part.Tiers[t].Name, Policy: p})
		}
	}
	e, affected, shares := s.engine.With(ch)
	m := e.Model()
	m.Problems = changedProblems(s.m.Problems, removed, part.Problems)
	m.Gaps = append(slices.DeleteFunc(slices.Clone(s.m.Gaps), func(g model.Gap) bool { return slices.Contains(removed, g.Origin.Object) }), part.Gaps...)
	out, err := newSimulator(next, s.opts, s.tr, m, e)
	if err == nil && shares {
		out.parent, out.affected = s, affected
	}
	return out, err
}

// changedProblems drops the problems of removed objects and adds the new ones.
func changedProblems(old []model.Problem, removed []*model.Object, added []model.Problem) []model.Problem {
	out := make([]model.Problem, 0, len(old)+len(added))
	for _, p := range old {
		if !slices.ContainsFunc(removed, func(o *model.Object) bool { return o.Ref == p.Object && o.File == p.File }) {
			out = append(out, p)
		}
	}
	return append(out, added...)
}

// changeSnapshot returns the changed snapshot and the objects that are no longer in it.
func changeSnapshot(snap *model.Snapshot, c ChangeSet) (*model.Snapshot, []*model.Object, error) {
	index := make(map[objectKey]int, len(snap.Objects))
	for i, o := range snap.Objects {
		index[keyOf(o)] = i
	}
	next := *snap
	next.Objects = slices.Clone(snap.Objects)
	var removed []*model.Object
	for _, o := range c.Put {
		if i, ok := index[keyOf(o)]; ok {
			removed = append(removed, next.Objects[i])
			next.Objects[i] = o
			continue
		}
		index[keyOf(o)] = len(next.Objects)
		next.Objects = append(next.Objects, o)
	}
	for _, ref := range c.Delete {
		i, ok := index[objectKey{kind: ref.Kind, namespace: ref.Namespace, name: ref.Name}]
		if !ok || next.Objects[i] == nil {
			return nil, nil, fmt.Errorf("the change deletes %s, which is not in the snapshot", ref)
		}
		removed = append(removed, next.Objects[i])
		next.Objects[i] = nil
	}
	next.Objects = slices.DeleteFunc(next.Objects, func(o *model.Object) bool { return o == nil })
	return &next, removed, nil
}

// changedObjects tells which objects differ between two snapshots, by content.
func changedObjects(before, after *model.Snapshot) func(*model.Object) bool {
	index := func(s *model.Snapshot) map[objectKey]*model.Object {
		out := make(map[objectKey]*model.Object, len(s.Objects))
		for _, o := range s.Objects {
			out[keyOf(o)] = o
		}
		return out
	}
	old, now := index(before), index(after)
	memo := map[objectKey]bool{}
	return func(o *model.Object) bool {
		k := keyOf(o)
		changed, ok := memo[k]
		if !ok {
			changed = !sameObject(old[k], now[k])
			memo[k] = changed
		}
		return changed
	}
}

func sameObject(a, b *model.Object) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a == b || a.Root != nil && b.Root != nil && bytes.Equal(a.Root.JSON(), b.Root.JSON())
}
