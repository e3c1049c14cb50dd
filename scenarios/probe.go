package scenarios

import (
	"context"
	"slices"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// prober judges by traffic. Every pair of a question's ends is tried on the ports
// that it names; where it names none, or more than can be tried, on those that
// the receiver declares and one that the simulator takes to be open.
type prober struct {
	v    *view
	a    *asker
	l    *live
	step *scenario
}

// The most ports that stand for a set of ports, and the most of those that a
// statement names which are tried one by one.
const (
	samplePorts = 4
	namedPorts  = 8
)

// find tries every pair. What cannot be tried is no finding: the step tells it.
func (p *prober) find(ctx context.Context, q question, f func(finding) bool) error {
	seen := p.step.probes()
	if !q.from.addrs.Empty() || !q.to.addrs.Empty() {
		seen.outside = true
	}
	pairs := p.pairs(q)
	if len(pairs) > p.l.max {
		seen.sampled = true
		pairs = spread(pairs, p.l.max)
	}
	for _, x := range pairs {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !p.pair(q, x[0], x[1], f) {
			return nil
		}
	}
	return nil
}

// pairs lists what is tried: sources in the cluster, destinations in it and Services.
func (p *prober) pairs(q question) [][2]model.Party {
	var to []model.Party
	for _, i := range q.to.endpoints {
		to = append(to, endpoint(i))
	}
	to = append(to, q.to.routed...)
	alone := len(q.from.endpoints) == 1 && len(to) == 1
	var out [][2]model.Party
	for _, i := range q.from.endpoints {
		for _, dst := range to {
			if dst == endpoint(i) && !p.v.m.Endpoints[i].Template && !alone {
				continue
			}
			out = append(out, [2]model.Party{endpoint(i), dst})
		}
	}
	return out
}

// spread picks n of a list, evenly.
func spread[T any](list []T, n int) []T {
	out := make([]T, 0, n)
	for i := range n {
		out = append(out, list[i*len(list)/n])
	}
	return out
}

// pair tries one pair.
func (p *prober) pair(q question, src, dst model.Party, f func(finding) bool) bool {
	if !q.granted && p.grantedAnyway(src, dst) {
		return true
	}
	var flows []model.Flow
	var seen []diff.Seen
	for _, fl := range p.flows(q, src, dst) {
		o, ok := p.v.observedFlow(fl)
		if !ok {
			p.step.probes().outside = true
			continue
		}
		if p.l.collecting {
			p.l.want(p.v, o)
			continue
		}
		rec, ok := p.l.record(p.v, o)
		if !ok {
			continue
		}
		row := diff.One(p.l.wanted[p.v].sim, rec)
		p.step.probes().count(row)
		p.step.probes().engine = diff.EngineName(p.l.wanted[p.v].header)
		flows, seen = append(flows, fl), append(seen, row.Seen)
	}
	if p.l.collecting {
		f(finding{holds: algebra.Yes, from: src, to: dst, flow: model.Flow{From: src, To: dst, Protocol: algebra.TCP, Port: 1}})
		return true
	}
	if len(seen) == 0 {
		return true
	}
	holds, i := holdsOf(q, seen)
	return f(finding{holds: holds, from: src, to: dst, flow: flows[i]})
}

// grantedAnyway tells whether the platform grants a pair whatever the policies
// say: a pod's own node.
func (p *prober) grantedAnyway(src, dst model.Party) bool {
	if src.Kind != model.PartyEndpoint || dst.Kind != model.PartyEndpoint || !p.v.isHost(src.Index) {
		return false
	}
	from, to := &p.v.m.Endpoints[src.Index], &p.v.m.Endpoints[dst.Index]
	node := from.Node
	if from.Kind == model.Node {
		node = from.Name
	}
	return to.Node == "" || to.Node == node
}

// flows are the connections that stand for what a question asks of a pair.
func (p *prober) flows(q question, src, dst model.Party) []model.Flow {
	var out []model.Flow
	add := func(proto algebra.Protocol, port uint16) {
		f := model.Flow{From: src, To: dst, Protocol: proto, Port: port}
		if port != 0 && (proto.HasPorts() || isEcho(proto, port)) && asks(q, proto, port) && !slices.ContainsFunc(out, func(x model.Flow) bool { return x.Protocol == proto && x.Port == port }) {
			out = append(out, f)
		}
	}
	family := algebra.IPv4
	if !p.v.m.V4 {
		family = algebra.IPv6
	}
	if ports := algebra.InFamily(q.want.set, family); !q.want.some && ports.Size() <= namedPorts {
		for key := range ports.Values() {
			_, proto, port := algebra.ConnParts(key)
			add(proto, port)
		}
		return out
	}
	p.step.probes().sampled = true
	for _, d := range p.declared(dst) {
		if len(out) < samplePorts {
			add(d.Protocol, d.Port)
		}
	}
	if src.Kind == model.PartyEndpoint && dst.Kind == model.PartyEndpoint {
		open := algebra.DropPortZero(p.a.p.Conns(p.a.p.Endpoints(src.Index, dst.Index).Allow)).Intersect(q.want.set)
		if !open.Empty() {
			f := p.v.flow(src, dst, open)
			add(f.Protocol, f.Port)
		}
	}
	if len(out) == 0 {
		key, _ := q.want.set.Intersect(algebra.ProtocolConns(algebra.TCP)).Min()
		_, proto, port := algebra.ConnParts(key)
		if q.want.set.Contains(algebra.ConnKey(algebra.IPv4, algebra.TCP, 80)) {
			proto, port = algebra.TCP, 80
		}
		add(proto, port)
	}
	return out
}

func asks(q question, proto algebra.Protocol, port uint16) bool {
	return q.want.set.Contains(algebra.ConnKey(algebra.IPv4, proto, port)) || q.want.set.Contains(algebra.ConnKey(algebra.IPv6, proto, port))
}

// declared are the ports of a pod's containers, or of a Service.
func (p *prober) declared(dst model.Party) []model.NamedPort {
	switch dst.Kind {
	case model.PartyEndpoint:
		return p.v.m.Endpoints[dst.Index].Ports
	case model.PartyService:
		var out []model.NamedPort
		for _, x := range p.v.m.Services[dst.Index].Ports {
			out = append(out, model.NamedPort{Name: x.Name, Protocol: x.Protocol, Port: x.Port})
		}
		return out
	}
	return nil
}
