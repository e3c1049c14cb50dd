package engine_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/oracle"
	"github.com/netfate/netfate/sim/oracle/random"
)

// edges returns the connections at every boundary of a value, of what the model
// speaks of, and beyond.
func edges(p *engine.Pairs, keys []uint32, v engine.Value) []uint32 {
	out := slices.Clone(keys)
	for _, id := range []algebra.ID{v.Allow, v.May} {
		for _, x := range p.Conns(id) {
			out = append(out, max(x.Lo, 1)-1, x.Lo, x.Hi, x.Hi+1)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return slices.DeleteFunc(out, func(k uint32) bool { return !algebra.AllConns().Contains(k) })
}

func said(p *engine.Pairs, v engine.Value, key uint32) model.Outcome {
	switch {
	case p.Conns(v.Allow).Contains(key):
		return model.Allowed
	case p.Conns(v.May).Contains(key):
		return model.Undetermined
	}
	return model.Denied
}

// agrees compares a value with the oracle on every boundary.
func agrees(m *model.Model, p *engine.Pairs, keys []uint32, v engine.Value, from, to model.Party) error {
	if !p.Conns(v.Allow).SubsetOf(p.Conns(v.May)) {
		return fmt.Errorf("what is allowed may not be")
	}
	for _, key := range edges(p, keys, v) {
		q := oracle.Question{From: from, To: to}
		q.Family, q.Protocol, q.Port = algebra.ConnParts(key)
		if from == to && !hasFamily(m, from.Index, q.Family) {
			continue // a pod to itself is always allowed, but shown in its own families
		}
		if got, want := said(p, v, key), oracle.Decide(m, q); got != want {
			return fmt.Errorf("%s: set says %s, oracle %s", random.DumpQuestion(m, q), got, want)
		}
	}
	return nil
}

func hasFamily(m *model.Model, i int, f algebra.Family) bool {
	v4, v6 := m.Endpoints[i].Families()
	return [2]bool{v4, v6}[f]
}

// TestEndpoints: the set of connections between two endpoints is the oracle's.
func TestEndpoints(t *testing.T) {
	campaign(t, 600, func(r *rand.Rand, m *model.Model) error {
		p, keys := engine.Compile(m).Pairs(), random.Keys(m)
		for _, i := range some(r, len(m.Endpoints), 4) {
			for _, j := range some(r, len(m.Endpoints), 4) {
				if err := agrees(m, p, keys, p.Endpoints(i, j), endpoint(i), endpoint(j)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// TestExternal: so is that with every range of addresses outside, at both its ends.
func TestExternal(t *testing.T) {
	campaign(t, 400, func(r *rand.Rand, m *model.Model) error {
		e := engine.Compile(m)
		p, keys := e.Pairs(), random.Keys(m)
		for _, i := range some(r, len(m.Endpoints), 2) {
			for _, d := range []model.Direction{model.Ingress, model.Egress} {
				if err := external(e, p, keys, d, i); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func external(e *engine.Engine, p *engine.Pairs, keys []uint32, d model.Direction, i int) error {
	k, ends := e.ClassOf(i), endsOf(p, d, e.ClassOf(i))
	for _, rg := range e.ExternalRanges(d) {
		at := p.FromAddr(k, rg)
		if d == model.Egress {
			at = p.ToAddr(k, rg)
		}
		for _, a := range []netip.Addr{rg.From, rg.To} {
			from, to := model.Party{Kind: model.PartyAddress, Addr: a}, endpoint(i)
			if d == model.Egress {
				from, to = to, from
			}
			if err := agrees(e.Model(), p, keys, at, from, to); err != nil {
				return err
			}
			if got, ok := ends(a); !ok || got != at {
				return fmt.Errorf("%s: the external run of %s is %v, not %v", d, a, got, at)
			}
		}
	}
	return nil
}

// endsOf returns a lookup in the external runs of a class, which must cover all.
func endsOf(p *engine.Pairs, d model.Direction, k uint32) func(netip.Addr) (engine.Value, bool) {
	var runs []algebra.AddrRange
	var vals []engine.Value
	each := p.FromExternal
	if d == model.Egress {
		each = p.ToExternal
	}
	each(k, func(rg algebra.AddrRange, v engine.Value) {
		runs, vals = append(runs, rg), append(vals, v)
	})
	return func(a netip.Addr) (engine.Value, bool) {
		for i, rg := range runs {
			if !a.Less(rg.From) && !rg.To.Less(a) {
				return vals[i], true
			}
		}
		return engine.Value{}, false
	}
}

// TestFrom: a whole source at once is what its pairs are one by one, and those
// are what endpoints say.
func TestFrom(t *testing.T) {
	campaign(t, 1500, func(_ *rand.Rand, m *model.Model) error {
		e := engine.Compile(m)
		p := e.Pairs()
		row := make([]engine.Value, e.Classes())
		for k := range uint32(e.Classes()) {
			p.From(k, row)
			for j := range uint32(e.Classes()) {
				if one := p.One(k, j); row[j] != one {
					return fmt.Errorf("classes %d -> %d: From %v, One %v", k, j, row[j], one)
				}
				if err := members(e, p, k, j, row[j]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// members compares a pair of classes with its pairs of different members.
func members(e *engine.Engine, p *engine.Pairs, k, j uint32, v engine.Value) error {
	for _, a := range e.Members(k) {
		if from := &e.Model().Endpoints[a]; from.Kind == model.Node || from.HostNetwork {
			return nil // depends on the node: see TestEndpoints
		}
		for _, b := range e.Members(j) {
			if got := p.Endpoints(int(a), int(b)); a != b && got != v {
				return fmt.Errorf("classes %d -> %d: endpoints %d -> %d: %v, not %v", k, j, a, b, got, v)
			}
		}
	}
	return nil
}

// TestBlocks: blocks hold every pair with a source off the host network once,
// with what the pair has, but for families that a class lacks.
func TestBlocks(t *testing.T) {
	campaign(t, 1500, func(_ *rand.Rand, m *model.Model) error {
		e := engine.Compile(m)
		p := e.Pairs()
		seen := map[[2]uint32]engine.Value{}
		var err error
		p.Blocks(func(b engine.Block) bool {
			err = addBlock(seen, b)
			return err == nil
		})
		if err != nil {
			return err
		}
		for k := range uint32(e.Classes()) {
			rep := &m.Endpoints[e.Members(k)[0]]
			for j := range uint32(e.Classes()) {
				got, want := seen[[2]uint32{k, j}], p.One(k, j)
				if rep.Kind == model.Node || rep.HostNetwork {
					want = engine.Value{}
				} else {
					got = limited(e, p, got, k, j)
				}
				if got != want {
					return fmt.Errorf("classes %d -> %d: block %v, want %v", k, j, got, want)
				}
			}
		}
		return nil
	})
}

func addBlock(seen map[[2]uint32]engine.Value, b engine.Block) error {
	if b.Value.May == algebra.NoneID {
		return fmt.Errorf("an empty block")
	}
	for k := range b.From.Values() {
		for j := range b.To.Values() {
			if _, twice := seen[[2]uint32{k, j}]; twice {
				return fmt.Errorf("classes %d -> %d are in two blocks", k, j)
			}
			seen[[2]uint32{k, j}] = b.Value
		}
	}
	return nil
}

// limited takes away the families that one of two classes lacks.
func limited(e *engine.Engine, p *engine.Pairs, v engine.Value, k, j uint32) engine.Value {
	conns := algebra.AllConns()
	for _, c := range []uint32{k, j} {
		v4, v6 := e.Model().Endpoints[e.Members(c)[0]].Families()
		if !v4 {
			conns = conns.Subtract(algebra.FamilyConns(algebra.IPv4))
		}
		if !v6 {
			conns = conns.Subtract(algebra.FamilyConns(algebra.IPv6))
		}
	}
	cut := func(id algebra.ID) algebra.ID { return p.ID(p.Conns(id).Intersect(conns)) }
	return engine.Value{Allow: cut(v.Allow), May: cut(v.May)}
}
