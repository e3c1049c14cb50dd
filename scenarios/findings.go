package scenarios

import (
	"context"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/model"
)

// question is what a statement asks of every pair of its ends.
type question struct {
	from, to *ends
	want     want
	deny     bool // "cannot": no connection may pass
	// granted counts what the platform grants a pod's own node, which no policy
	// can refuse; statements about everything leave it out.
	granted bool
	among   *sim.OfKind // by which requests of a kind get through; nil: which connections do
}

// finding is the answer for one pair, with the connection that shows it.
type finding struct {
	holds    algebra.Tri
	from, to model.Party
	conns    algebra.Set // those that show it; empty where flow is set
	flow     model.Flow
	// passes: the connections get through, where requests are about them with a
	// part of their requests only.
	passes   bool
	requests []sim.Requests
	why      string // why it is open, where the flow's verdict does not say it
}

// show returns the connection that shows a finding.
func (f *finding) show(v *view) model.Flow {
	if len(f.conns) == 0 {
		return f.flow
	}
	flow := v.flow(f.from, f.to, f.conns)
	if v.m.Mesh == nil || f.to.Kind != model.PartyEndpoint || flow.Protocol != algebra.TCP {
		return flow
	}
	return v.exemplified(f, flow)
}

// exemplified makes a connection to an endpoint that may have a proxy one that
// shows the finding: with a smallest request, by a way on which it gets through.
func (v *view) exemplified(f *finding, flow model.Flow) model.Flow {
	fam := algebra.IPv4
	if v.mask&maskV4 == 0 {
		fam = algebra.IPv6
	}
	g := sim.NewGain(algebra.ConnKey(fam, flow.Protocol, flow.Port), f.requests)
	if !f.passes {
		flow.Request = g.Request
		return flow
	}
	if x, ok := v.sim.Example(f.from, f.to.Index, g); ok {
		return x
	}
	return flow
}

// group is endpoints of one class.
type group struct {
	class   uint32
	host    bool
	mask    uint8
	members []int // in the order of view.order
}

// asker answers questions on one view; one goroutine uses it.
type asker struct {
	v *view
	p *engine.Pairs
	// proxies narrow what gets through; nil without a mesh.
	proxies *sim.Proxies
	memo    map[judged]verdictOn
	row     []engine.Value
	// hosts is what is asked of nodes without their node ports, which lead
	// elsewhere and are asked for one by one.
	hosts algebra.Set
}

// judged is what the answer for a pair of classes depends on.
type judged struct {
	value engine.Value
	mask  uint8
	host  bool
	by    sim.Admitted
}

type verdictOn struct {
	holds    algebra.Tri
	conns    algebra.Set // those that show it
	passes   bool        // they get through
	requests []sim.Requests
}

func (v *view) asker() *asker {
	return &asker{v: v, p: v.e.Pairs(), proxies: v.sim.Proxies(), row: make([]engine.Value, v.e.Classes())}
}

// groups puts endpoints of one class together, in the order of their first members.
func (a *asker) groups(endpoints []int) []group {
	var out []group
	type key struct {
		class   uint32
		proxies int
	}
	index := map[key]int{}
	for _, i := range endpoints {
		k := key{a.v.e.ClassOf(i), a.proxies.Class(i)}
		g, ok := index[k]
		if !ok {
			g = len(out)
			index[k] = g
			out = append(out, group{class: k.class, host: a.v.isHost(i), mask: a.v.maskOf(i)})
		}
		out[g].members = append(out[g].members, i)
	}
	return out
}

// find calls f for each pair of classes of the two ends, until it returns false.
func (a *asker) find(ctx context.Context, q question, f func(finding) bool) error {
	if more, err := a.direct(ctx, q, f); err != nil || !more {
		return err
	}
	if err := a.routed(ctx, q, f); err != nil {
		return err
	}
	if err := a.atNodePorts(ctx, q, f); err != nil {
		return err
	}
	return a.exposed(ctx, q, f)
}

// direct answers for the connections from one end to the other; false when f did.
func (a *asker) direct(ctx context.Context, q question, f func(finding) bool) (bool, error) {
	a.memo = map[judged]verdictOn{}
	a.hosts = q.want.set
	if !q.want.some || q.deny {
		a.hosts = a.hosts.Subtract(a.v.nodePorts())
	}
	from, to := a.groups(q.from.endpoints), a.groups(q.to.endpoints)
	for i := range from {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if !a.fromGroup(q, &from[i], to, f) {
			return false, nil
		}
	}
	for _, addr := range a.v.pieces(model.Ingress, q.from.addrs) {
		src := model.Party{Kind: model.PartyAddress, Addr: addr}
		at := algebra.AddrRange{From: addr, To: addr}
		for j := range to {
			if to[j].host && a.hosts.Empty() {
				continue
			}
			if !f(a.judge(q, a.p.FromAddr(to[j].class, at), to[j].mask&maskOfAddr(at), src, endpoint(to[j].members[0]), to[j].host)) {
				return false, nil
			}
		}
	}
	return true, nil
}

func maskOfAddr(r algebra.AddrRange) uint8 { return 1 << r.Family() }

func endpoint(i int) model.Party { return model.Party{Kind: model.PartyEndpoint, Index: i} }

// fromGroup answers for one class of sources.
func (a *asker) fromGroup(q question, x *group, to []group, f func(finding) bool) bool {
	local := x.host && q.granted
	filled := !x.host && len(to) > 8
	if filled {
		a.p.From(x.class, a.row)
	}
	for j := range to {
		y := &to[j]
		if y.host && a.hosts.Empty() {
			continue
		}
		if local && !y.host {
			if !a.eachMember(q, x, y, f) {
				return false
			}
			continue
		}
		src, dst, ok := a.pair(q, x, y)
		if !ok {
			continue
		}
		var val engine.Value
		switch {
		case src == dst && !a.v.m.Endpoints[src].Template:
			val = a.p.Endpoints(src, dst)
		case filled:
			val = a.row[y.class]
		default:
			val = a.p.One(x.class, y.class)
		}
		if !f(a.judge(q, val, x.mask&y.mask, endpoint(src), endpoint(dst), y.host)) {
			return false
		}
	}
	return a.toAddrs(q, x, f)
}

// toAddrs answers for one class of sources and the addresses outside the cluster.
func (a *asker) toAddrs(q question, x *group, f func(finding) bool) bool {
	for _, addr := range a.v.pieces(model.Egress, q.to.addrs) {
		at := algebra.AddrRange{From: addr, To: addr}
		dst := model.Party{Kind: model.PartyAddress, Addr: addr}
		if !f(a.judge(q, a.p.ToAddr(x.class, at), x.mask&maskOfAddr(at), endpoint(x.members[0]), dst, false)) {
			return false
		}
	}
	return true
}

// pair picks members of two classes to stand for all; false when the only pair
// is a pod and itself among others.
func (a *asker) pair(q question, x, y *group) (src, dst int, ok bool) {
	src, dst = x.members[0], y.members[0]
	if src != dst || a.v.m.Endpoints[src].Template {
		return src, dst, true
	}
	switch {
	case len(y.members) > 1:
		return src, y.members[1], true
	case len(x.members) > 1:
		return x.members[1], dst, true
	}
	alone := len(q.from.endpoints) == 1 && len(q.to.endpoints) == 1
	return src, dst, alone && len(q.from.addrs) == 0 && q.granted
}

// eachMember answers for every pair of members: where sources are hosts, it
// matters which node a pod is on.
func (a *asker) eachMember(q question, x, y *group, f func(finding) bool) bool {
	for _, src := range x.members {
		for _, dst := range y.members {
			if src == dst {
				continue
			}
			if !f(a.judge(q, a.p.Endpoints(src, dst), x.mask&y.mask, endpoint(src), endpoint(dst), y.host)) {
				return false
			}
		}
	}
	return true
}
