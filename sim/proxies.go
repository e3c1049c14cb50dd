package sim

import (
	"fmt"
	"strings"

	"github.com/netfate/netfate/sim/admit"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/algebra/request"
	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/model"
)

// Proxies say what the proxies of a mesh let in of what the network lets through.
// One goroutine uses them; a walk over several simulators has one for each, which
// share a space. A nil *Proxies lets everything in.
type Proxies struct {
	s     *Simulator
	table *admit.Table
	peers map[*Peer]*members
}

// Proxies returns what proxies let in; nil for a simulator without a mesh.
func (s *Simulator) Proxies() *Proxies { return newProxies(s, newSpace(s)) }

// Class returns a number that is equal for endpoints that no proxy tells apart.
func (a *Proxies) Class(endpoint int) int {
	if a == nil {
		return 0
	}
	return a.table.Class(endpoint)
}

// Between returns what proxies let in from an endpoint or address to another: to
// an address, and from a pod to itself, everything.
func (a *Proxies) Between(from, to model.Party) Admitted {
	if a == nil || to.Kind != model.PartyEndpoint || from == to && !a.s.m.Endpoints[to.Index].Template {
		return Admitted{}
	}
	c := admit.Client{Endpoint: -1, Addr: from.Addr}
	if from.Kind == model.PartyEndpoint {
		c = admit.Client{Endpoint: from.Index}
	}
	return a.each(c, to.Index)
}

// Admitted names what proxies let in from one party to another; equal values of one
// Proxies let in the same. The zero value is everything.
type Admitted [2]admit.ID

// members are the endpoints of a peer that stand for all: as clients and as
// destinations, each with whether another member is like it.
type members struct {
	from, to []standIn
}

type standIn struct {
	endpoint int
	alone    bool
}

// newSpace returns a space for the sets of several simulators; nil where none of
// them has a mesh or gateways.
func newSpace(sims ...*Simulator) *request.Space {
	for _, s := range sims {
		if s.l7 != nil && s.l7.space != nil {
			return s.l7.space.Clone()
		}
	}
	return nil
}

// newProxies returns nil for a simulator without a mesh: everything is let in.
func newProxies(s *Simulator, sp *request.Space) *Proxies {
	if s.m.Mesh == nil {
		return nil
	}
	return &Proxies{s: s, table: admit.NewTable(sp, s.m, s.l7.mesh, admit.Chains{Custom: s.l7.custom, Requests: s.l7.requests, Streams: s.l7.streams}), peers: map[*Peer]*members{}}
}

// of returns the members of a peer that stand for all.
func (a *Proxies) of(p *Peer) *members {
	m := a.peers[p]
	if m == nil {
		for _, e := range p.Endpoints {
			a.table.Know(e)
		}
		m = &members{from: a.distinct(p, a.table.Alike), to: a.distinct(p, a.table.Equal)}
		a.peers[p] = m
	}
	return m
}

func (a *Proxies) distinct(p *Peer, alike func(int, int) bool) []standIn {
	var out []standIn
next:
	for _, e := range p.Endpoints {
		for i := range out {
			if alike(out[i].endpoint, e) {
				out[i].alone = false
				continue next
			}
		}
		out = append(out, standIn{e, !a.s.m.Endpoints[e].Template})
	}
	return out
}

// between returns what proxies let in between the members of two peers, and
// whether all pairs of members agree.
func (a *Proxies) between(from, to *Peer) (Admitted, bool) {
	if a == nil {
		return Admitted{}, true
	}
	return a.across(a.of(from), a.of(to))
}

func (a *Proxies) across(x, y *members) (Admitted, bool) {
	var out Admitted
	first := true
	for _, c := range x.from {
		for _, d := range y.to {
			if c.endpoint == d.endpoint && c.alone && d.alone {
				continue // a pod's connection to itself passes no proxy
			}
			v := a.pair(c.endpoint, d.endpoint)
			if !first && v != out {
				return Admitted{}, false
			}
			out, first = v, false
		}
	}
	return out, true
}

func (a *Proxies) pair(from, to int) Admitted {
	c := admit.Client{Endpoint: from}
	return a.each(c, to)
}

func (a *Proxies) each(c admit.Client, to int) Admitted {
	out := Admitted{a.table.Between(c, to, algebra.IPv4), admit.Everything}
	if out[1] = out[0]; a.s.m.V6 && !a.table.FamiliesAlike() {
		out[1] = a.table.Between(c, to, algebra.IPv6)
	}
	if !a.s.m.V4 {
		out[0] = out[1]
	}
	return out
}

// external is between for a range of addresses that no rule parts.
func (a *Proxies) external(from, to *Peer) (Admitted, bool) {
	if a == nil {
		return Admitted{}, true
	}
	var out Admitted
	for i, d := range a.of(to).to {
		v := a.each(admit.Client{Endpoint: -1, Addr: from.Range.From}, d.endpoint)
		if i > 0 && v != out {
			return Admitted{}, false
		}
		out = v
	}
	return out, true
}

// Narrow returns what is left of connections once proxies have had their say:
// those of which something gets through for certain, those of which something may,
// and where that is not everything what it is.
func (a *Proxies) Narrow(allow, may algebra.Set, by Admitted) (sure, open algebra.Set, list []Requests) {
	if a == nil || by == (Admitted{}) {
		return allow, may, nil
	}
	sure, open = allow, may
	for f, id := range by {
		if f == 1 && by[0] == by[1] {
			break
		}
		for i := range a.table.Passages(id) {
			p := &a.table.Passages(id)[i]
			conns := algebra.PortsIn(algebra.Family(f), algebra.TCP, p.Low, p.High)
			if by[0] == by[1] {
				conns = algebra.Ports(algebra.TCP, p.Low, p.High)
			}
			if some := p.Some(); some != algebra.Yes {
				sure = sure.Subtract(conns)
				if some == algebra.No {
					open = open.Subtract(conns)
				}
			}
			if !p.All() && p.Some() != algebra.No {
				list = a.add(list, p, conns.Intersect(allow), conns.Intersect(may).Subtract(allow))
			}
		}
	}
	return sure, open, list
}

// add adds what a passage says of connections that are allowed and of such that
// may be: of those nothing gets through for certain.
func (a *Proxies) add(list []Requests, p *admit.Passage, allow, open algebra.Set) []Requests {
	r := Requests{Conns: allow, Bounds: p.Requests, shown: p.Shown, paths: a.table.Paths(), Plain: p.Plain, Reasons: p.Reasons, space: a.table.Space()}
	if !allow.Empty() {
		list = joined(list, r)
	}
	if !open.Empty() {
		none := a.table.Space().None()
		r.Conns, r.Sure, r.shown.Sure, r.Plain = open, none, none, min(r.Plain, algebra.Maybe)
		list = joined(list, r)
	}
	return list
}

// key is equal for lists that say the same.
func requestsKey(list []Requests, id func(algebra.Set) algebra.ID) string {
	var b strings.Builder
	for i := range list {
		fmt.Fprint(&b, id(list[i].Conns), list[i].Bounds, list[i].Plain, ";")
	}
	return b.String()
}

// pairValue is what passes between two peers: through the network, and of that
// through proxies.
type pairValue struct {
	engine.Value
	by Admitted
}
