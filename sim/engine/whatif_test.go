package engine_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/oracle/random"
)

// changes returns random changes to a model: each takes objects away, adds new
// ones, or both. Policies come from models of the same vocabulary.
func changes(r *rand.Rand, m *model.Model, n int) []engine.Change {
	var old []*model.Object
	for t := range m.Tiers {
		for _, p := range m.Tiers[t].Policies {
			old = append(old, p.Origin.Object)
		}
	}
	r.Shuffle(len(old), func(i, j int) { old[i], old[j] = old[j], old[i] })
	donor := random.Model(rand.New(rand.NewPCG(r.Uint64(), 2)), random.Small())
	var fresh []model.Placed
	for t := range donor.Tiers {
		for _, p := range donor.Tiers[t].Policies {
			if m.TierIndex(donor.Tiers[t].Name) < 0 {
				continue
			}
			if m.Tiers[m.TierIndex(donor.Tiers[t].Name)].Tie == model.TieUnion || donor.Tiers[t].Tie != model.TieUnion {
				fresh = append(fresh, model.Placed{Tier: donor.Tiers[t].Name, Policy: p})
			}
		}
	}
	out := make([]engine.Change, n)
	for i := range out {
		if k := min(r.IntN(3), len(old)); r.IntN(3) > 0 {
			out[i].Remove, old = old[:k], old[k:]
		}
		if k := min(r.IntN(3), len(fresh)); r.IntN(3) > 0 {
			out[i].Add, fresh = fresh[:k], fresh[k:]
		}
	}
	return out
}

// TestWith: after every change of a sequence, in several orders, an engine says
// what one compiled from the changed model says.
func TestWith(t *testing.T) {
	campaign(t, 250, func(r *rand.Rand, m *model.Model) error {
		list := changes(r, m, 3)
		for range 3 {
			r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			e := engine.Compile(m)
			for i, ch := range list {
				e, _, _ = e.With(ch)
				if err := same(e, engine.Compile(e.Model())); err != nil {
					return fmt.Errorf("after %d changes: %w", i+1, err)
				}
			}
		}
		return nil
	})
}

// same compares two engines of one model on every pair and every range.
func same(a, b *engine.Engine) error {
	p, q := a.Pairs(), b.Pairs()
	for i := range a.Model().Endpoints {
		for j := range a.Model().Endpoints {
			if err := equal(p, q, p.Endpoints(i, j), q.Endpoints(i, j)); err != nil {
				return fmt.Errorf("endpoints %d -> %d: %w", i, j, err)
			}
		}
		for _, d := range []model.Direction{model.Ingress, model.Egress} {
			x, y := a.ExternalRanges(d), b.ExternalRanges(d)
			if !slices.Equal(x, y) {
				return fmt.Errorf("%s from ranges %v, not %v", d, x, y)
			}
			for _, rg := range x {
				k, l := a.ClassOf(i), b.ClassOf(i)
				v, w := p.FromAddr(k, rg), q.FromAddr(l, rg)
				if d == model.Egress {
					v, w = p.ToAddr(k, rg), q.ToAddr(l, rg)
				}
				if err := equal(p, q, v, w); err != nil {
					return fmt.Errorf("%s of endpoint %d, %s: %w", d, i, rg, err)
				}
			}
		}
	}
	return nil
}

func equal(p, q *engine.Pairs, v, w engine.Value) error {
	if !p.Conns(v.Allow).Equal(q.Conns(w.Allow)) || !p.Conns(v.May).Equal(q.Conns(w.May)) {
		return fmt.Errorf("allow %s may %s, not allow %s may %s",
			algebra.FormatConns(p.Conns(v.Allow)), algebra.FormatConns(p.Conns(v.May)),
			algebra.FormatConns(q.Conns(w.Allow)), algebra.FormatConns(q.Conns(w.May)))
	}
	return nil
}

// TestDiffer: the difference after a sequence of changes is what a comparison
// of all pairs finds, each once.
func TestDiffer(t *testing.T) {
	campaign(t, 800, func(r *rand.Rand, m *model.Model) error {
		e := engine.Compile(m)
		for _, ch := range changes(r, m, 3) {
			after, aff, shares := e.With(ch)
			if shares {
				d := engine.NewDiffer(e, after, aff)
				if err := fullDelta(d, e, after); err != nil {
					return err
				}
				if err := fullExternal(d, e, after); err != nil {
					return err
				}
			}
			e = after
		}
		return nil
	})
}

func fullDelta(d *engine.Differ, before, after *engine.Engine) error {
	got := map[[2]uint32]engine.Delta{}
	var twice error
	d.Each(func(x engine.Delta) {
		if _, ok := got[[2]uint32{x.From, x.To}]; ok {
			twice = fmt.Errorf("classes %d -> %d twice", x.From, x.To)
		}
		got[[2]uint32{x.From, x.To}] = x
	})
	if twice != nil {
		return twice
	}
	p, q := before.Pairs(), after.Pairs()
	for k := range uint32(before.Classes()) {
		for j := range uint32(before.Classes()) {
			v, w := p.One(k, j), q.One(k, j)
			x, ok := got[[2]uint32{k, j}]
			if differ := equal(p, q, v, w) != nil; differ != ok {
				return fmt.Errorf("classes %d -> %d: in the difference %v, differ %v", k, j, ok, differ)
			}
			if !ok {
				continue
			}
			if err := equal(d.Pairs(), p, x.Before, v); err != nil {
				return fmt.Errorf("classes %d -> %d before: %w", k, j, err)
			}
			if err := equal(d.Pairs(), q, x.After, w); err != nil {
				return fmt.Errorf("classes %d -> %d after: %w", k, j, err)
			}
		}
	}
	return nil
}

// fullExternal compares the external difference with all ranges that either side tells apart.
func fullExternal(d *engine.Differ, before, after *engine.Engine) error {
	var got []engine.ExternalDelta
	d.EachExternal(func(x engine.ExternalDelta) { got = append(got, x) })
	p, q := before.Pairs(), after.Pairs()
	for _, dir := range []model.Direction{model.Ingress, model.Egress} {
		var sets []algebra.AddrSet
		for _, rg := range append(before.ExternalRanges(dir), after.ExternalRanges(dir)...) {
			sets = append(sets, algebra.AddrSet{rg})
		}
		for k := range uint32(before.Classes()) {
			for _, rg := range algebra.Partition(sets) {
				v, w := p.FromAddr(k, rg), q.FromAddr(k, rg)
				if dir == model.Egress {
					v, w = p.ToAddr(k, rg), q.ToAddr(k, rg)
				}
				n := 0
				for _, x := range got {
					if x.Direction == dir && x.Class == k && !rg.From.Less(x.Range.From) && !x.Range.To.Less(rg.To) {
						n++
						if equal(d.Pairs(), p, x.Before, v) != nil || equal(d.Pairs(), q, x.After, w) != nil {
							return fmt.Errorf("%s of class %d, %s: the difference is wrong", dir, k, rg)
						}
					}
				}
				want := 0
				if equal(p, q, v, w) != nil {
					want = 1
				}
				if n != want {
					return fmt.Errorf("%s of class %d, %s: in the difference %d times, want %d", dir, k, rg, n, want)
				}
			}
		}
	}
	return nil
}
