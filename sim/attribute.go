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
func (a *attribution) because(from, to []*Peer, l *ChangeLine) []model.Origin {
	var out []model.Origin
	before, after := l.Before, l.After
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
	out = a.proxied(out, from, to, l)
	if len(out) == 0 {
		out = a.endpoints(out, from)
		out = a.endpoints(out, to)
	}
	return out
}

// proxied adds the origins in changed objects that proxies come by, before or
// after, for the examples of a line; where none does and there are examples of
// requests, the objects of the change that only mean something together.
func (a *attribution) proxied(out []model.Origin, from, to []*Peer, l *ChangeLine) []model.Origin {
	if a.before.m.Mesh == nil && a.after.m.Mesh == nil {
		return out
	}
	gains := []*Gain{l.Opens, l.Closes}
	for _, key := range undecided(l) {
		gains = append(gains, &Gain{conn: key}, &Gain{conn: key, Request: &model.Request{}})
	}
	for _, g := range gains {
		if g == nil {
			continue
		}
		for i, s := range []*Simulator{a.before, a.after} {
			if from[i] == nil || to[i] == nil || to[i].IsExternal() {
				continue
			}
			x, y := member(from[i], to[i])
			for _, f := range s.ways(x, y.Index, g) {
				v := s.Verdict(f)
				out = a.met(out, &v)
			}
		}
	}
	if len(out) == 0 && (len(l.Before.Requests) > 0 || len(l.After.Requests) > 0) {
		out = a.together()
	}
	return out
}

// becauseOfGateway is because for a line through a gateway.
func (a *attribution) becauseOfGateway(src *Peer, to []*Peer, l *ChangeLine, vals []*Requests) []model.Origin {
	var out []model.Origin
	from := model.Party{Kind: model.PartyAddress, Addr: src.Range.From}
	for _, g := range []*Gain{l.Opens, l.Closes} {
		for i, s := range []*Simulator{a.before, a.after} {
			for _, f := range s.gatewayFlows(from, vals[i], vals[1-i], g) {
				v := s.Verdict(f)
				out = a.met(out, &v)
			}
		}
	}
	if len(out) == 0 {
		out = a.together()
	}
	if len(out) == 0 {
		out = a.endpoints(out, to)
	}
	return out
}

// undecided returns a connection for which it changed what is open at a proxy.
func undecided(l *ChangeLine) []uint32 {
	if l.Opens != nil || l.Closes != nil {
		return nil
	}
	for _, c := range []*Connections{l.Before, l.After} {
		for i := range c.Requests {
			if key, ok := witness(c.Requests[i].Conns); ok {
				return []uint32{key}
			}
		}
	}
	return nil
}

// met adds the origins in changed objects of the steps of a verdict that may act.
func (a *attribution) met(out []model.Origin, v *model.Verdict) []model.Origin {
	for i := range v.Hops {
		for _, p := range v.Hops[i].Points {
			for _, st := range p.Steps {
				if st.Match == algebra.No {
					continue
				}
				for _, o := range append([]model.Origin{st.Origin}, st.Others...) {
					if o.Object != nil && a.changed(o.Object) && !slices.Contains(out, o) {
						out = append(out, o)
					}
				}
			}
		}
	}
	return out
}

// together returns the changed objects of the APIs that are read as a whole.
func (a *attribution) together() []model.Origin {
	var out []model.Origin
	for _, s := range []*Simulator{a.before, a.after} {
		for _, o := range s.snap.Objects {
			if s.tr.byKind[kindKey(o.APIVersion, o.Kind)] == nil && a.changed(o) && !slices.Contains(out, o.At("")) {
				out = append(out, o.At(""))
			}
		}
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
