package sim

import (
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/model"
)

// attribution finds which objects of a change cause a line of its plan.
type attribution struct {
	before, after *Simulator
	// changed tells whether an object differs between the two snapshots.
	changed func(*model.Object) bool
}

func newAttribution(before, after *Simulator) *attribution {
	return &attribution{before: before, after: after, changed: changedObjects(before.snap, after.snap)}
}

// because returns the origins in changed objects that decide, before or after,
// one connection of each part that was gained and lost. If no policy does, it
// is the endpoints themselves that came, went or changed.
func (a *attribution) because(from, to []*Peer, before, after *Connections) []model.Origin {
	var out []model.Origin
	for _, diff := range []algebra.Set{
		after.Allow.Subtract(before.Allow), before.Allow.Subtract(after.Allow),
		after.May.Subtract(before.May), before.May.Subtract(after.May),
	} {
		key, ok := witness(diff)
		if !ok {
			continue
		}
		out = a.decided(out, a.before, from[0], to[0], key)
		out = a.decided(out, a.after, from[1], to[1], key)
	}
	if len(out) == 0 {
		out = a.endpoints(out, from)
		out = a.endpoints(out, to)
	}
	return out
}

// witness picks a telling connection of a set: the lowest port of TCP if there is one.
func witness(s algebra.Set) (uint32, bool) {
	if tcp := algebra.DropPortZero(s.Intersect(algebra.ProtocolConns(algebra.TCP))); !tcp.Empty() {
		return tcp.Min()
	}
	return algebra.DropPortZero(s).Min()
}

// decided adds the origins in changed objects that decide a connection on one side.
func (a *attribution) decided(out []model.Origin, s *Simulator, from, to *Peer, key uint32) []model.Origin {
	if from == nil || to == nil {
		return out
	}
	fam, proto, port := algebra.ConnParts(key)
	x, y := member(from, to)
	q := engine.Question{From: x, To: y, Family: fam, Protocol: proto, Port: port}
	add := func(o model.Origin) {
		if o.Object != nil && a.changed(o.Object) && !slices.Contains(out, o) {
			out = append(out, o)
		}
	}
	steps := s.engine.Blockers(q)
	for _, p := range s.engine.Trace(q).Points {
		for _, st := range p.Steps {
			if st.Match != algebra.No {
				steps = append(steps, st)
			}
		}
	}
	for _, st := range steps {
		add(st.Origin)
		for _, o := range st.Others {
			add(o)
		}
	}
	return out
}

// member returns a pair of members to ask about; different ones where there are.
func member(from, to *Peer) (x, y model.Party) {
	x, y = party(from, 0), party(to, 0)
	if x == y && len(to.Endpoints) > 1 {
		y = party(to, 1)
	}
	return x, y
}

func party(p *Peer, i int) model.Party {
	if p.IsExternal() {
		return model.Party{Kind: model.PartyAddress, Addr: p.Range.From}
	}
	return model.Party{Kind: model.PartyEndpoint, Index: p.Endpoints[i]}
}

// endpoints adds the changed objects of a peer's members, of either side.
func (a *attribution) endpoints(out []model.Origin, ps []*Peer) []model.Origin {
	for i, s := range []*Simulator{a.before, a.after} {
		if ps[i] == nil {
			continue
		}
		for _, e := range ps[i].Endpoints {
			o := s.m.Endpoints[e].Object
			if origin := o.At(""); o != nil && a.changed(o) && !slices.Contains(out, origin) {
				out = append(out, origin)
			}
		}
	}
	return out
}
