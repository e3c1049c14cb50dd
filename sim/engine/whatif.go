package engine

import (
	"slices"
	"sync"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Change is a change of policies: those of the removed objects go, the added come.
type Change struct {
	Remove []*model.Object
	Add    []model.Placed
}

// Affected are the classes whose row a change may have changed, by direction.
type Affected [2]algebra.Set

// With returns the engine of the model after a change of policies. It shares
// everything that does not change; its answers equal those of Compile on the
// changed model. The second result is false if the change parts classes, so
// that all was compiled anew and classes do not compare with those of e.
func (e *Engine) With(ch Change) (*Engine, Affected, bool) {
	for i := range ch.Add {
		if e.cuts.cutsNew(ch.Add[i].Policy) {
			return Compile(changedModel(e.Model(), ch)), Affected{}, false
		}
	}
	out := &Engine{m: e.m, after: &changed{parent: e, change: ch}, c: e.c, r: e.r.fork(), cuts: e.cuts, in: e.in.Clone(),
		rows: e.rows, list: e.list, added: e.added, rowCount: e.rowCount, position: e.position + len(ch.Add)}
	b := out.builder(out.in, 0)
	var aff Affected
	for d := range out.rows {
		gone, come := e.gone(d, ch.Remove), b.come(model.Direction(d), ch.Add, e.position)
		if len(gone) == 0 && len(come) == 0 {
			continue
		}
		out.added[d] = merge(e.added[d], gone, come)
		aff[d] = subjects(gone).Union(subjects(come))
		out.rows[d] = b.change(e.rows[d], aff[d], gone, come)
	}
	out.rowCount = b.nextRow
	return out, aff, true
}

// changed is the model of an engine that With made. Questions need only what
// did not change of it, so it is made when it is asked for.
type changed struct {
	once   sync.Once
	parent *Engine
	change Change
	m      *model.Model
}

func (c *changed) model() *model.Model {
	c.once.Do(func() {
		c.m = changedModel(c.parent.Model(), c.change)
		c.parent, c.change = nil, Change{}
	})
	return c.m
}

// changedModel returns the model with the tiers' policies changed; the rest is shared.
func changedModel(old *model.Model, ch Change) *model.Model {
	m := *old
	m.Tiers = slices.Clone(old.Tiers)
	for t := range m.Tiers {
		tier := &m.Tiers[t]
		kept := make([]*model.Policy, 0, len(tier.Policies)+len(ch.Add))
		for _, p := range tier.Policies {
			if !slices.Contains(ch.Remove, p.Origin.Object) {
				kept = append(kept, p)
			}
		}
		for _, a := range ch.Add {
			if a.Tier == tier.Name {
				kept = append(kept, a.Policy)
			}
		}
		tier.Policies = kept
	}
	return &m
}

// compiledList holds the policies that Compile found, with the object of each
// beside it: a removal looks at all objects, but not at all policies.
type compiledList struct {
	policies []*policy
	objects  []*model.Object
}

func newCompiledList(policies []*policy) compiledList {
	l := compiledList{policies: policies, objects: make([]*model.Object, len(policies))}
	for i, p := range policies {
		l.objects[i] = p.src.Origin.Object
	}
	return l
}

// gone returns the policies of removed objects. One that an earlier change
// removed may be among them: no row has it any more.
func (e *Engine) gone(d int, objects []*model.Object) []*policy {
	var out []*policy
	for _, o := range objects {
		for i, x := range e.list[d].objects {
			if x == o {
				out = append(out, e.list[d].policies[i])
			}
		}
		for _, p := range e.added[d] {
			if p.src.Origin.Object == o {
				out = append(out, p)
			}
		}
	}
	return out
}

// come compiles the added policies of a direction; they stand behind all that
// were there, from a position on.
func (b *builder) come(d model.Direction, added []model.Placed, position int) []*policy {
	var out []*policy
	for i, a := range added {
		if a.Policy.Direction != d {
			continue
		}
		if t := b.m.TierIndex(a.Tier); t >= 0 {
			if p := b.compilePolicy(a.Policy, t, position+i); p != nil {
				out = append(out, p)
			}
		}
	}
	slices.SortFunc(out, comparePolicies)
	return out
}

func subjects(ps []*policy) algebra.Set {
	sets := make([]algebra.Set, len(ps))
	for i, p := range ps {
		sets[i] = p.subject
	}
	return algebra.UnionAll(sets)
}

// merge returns a sorted list without the gone and with the come.
func merge(list, gone, come []*policy) []*policy {
	out := make([]*policy, 0, len(list)+len(come))
	j := 0
	for _, p := range list {
		if len(gone) > 0 && slices.Contains(gone, p) {
			continue
		}
		for j < len(come) && comparePolicies(come[j], p) < 0 {
			out = append(out, come[j])
			j++
		}
		out = append(out, p)
	}
	return append(out, come[j:]...)
}

// changeKey identifies the new row of a class: the row it had, and which of the
// added policies select it.
type changeKey struct {
	old   *row
	adds  string
	ports int32
}

// change returns the rows with those of the affected classes made anew.
func (b *builder) change(rows rowTable, affected algebra.Set, gone, come []*policy) rowTable {
	out := editRows(rows)
	made := map[changeKey]*row{}
	adds := make([]byte, (len(come)+7)/8)
	mine := make([]*policy, 0, len(come))
	for k := range affected.Values() {
		clear(adds)
		mine = mine[:0]
		for i, p := range come {
			if p.subject.Contains(k) {
				adds[i>>3] |= 1 << (i & 7)
				mine = append(mine, p)
			}
		}
		old := rows.at(k)
		key := changeKey{old, string(adds), -1}
		if old.ports >= 0 || slices.ContainsFunc(mine, func(p *policy) bool { return p.named }) {
			key.ports = b.c.list[k].ports
		}
		r, ok := made[key]
		if !ok {
			r = b.changedRow(old, k, gone, mine)
			made[key] = r
		}
		out.put(k, r)
	}
	return out.now
}

// changedRow makes the row of class k anew, unless its policies are what they were.
func (b *builder) changedRow(old *row, k uint32, gone, come []*policy) *row {
	policies := merge(old.policies, gone, come)
	if slices.Equal(policies, old.policies) {
		return old
	}
	ports := int32(-1)
	if slices.ContainsFunc(policies, func(p *policy) bool { return p.named }) {
		ports = b.c.list[k].ports
	}
	return b.row(policies, ports)
}
