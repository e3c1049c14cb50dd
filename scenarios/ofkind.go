package scenarios

import (
	"context"
	"fmt"
	"slices"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// kindCheck checks statements about all requests of a kind to a destination.
type kindCheck struct {
	said
	dst      *ends
	to       []receiver
	a        *asker
	among    *sim.OfKind
	gateways *sim.GatewayWays
}

// kindOf understands what is said of requests.
func (v *view) kindOf(x said) (*kindCheck, error) {
	dst, err := v.resolveText(x.to)
	if err != nil {
		return nil, err
	}
	k := &kindCheck{said: x, a: v.asker(), dst: dst}
	if k.to, err = v.receivers(k.dst, x.ports); err != nil {
		return nil, err
	}
	if x.kind.Under != "" && x.kind.Under[0] != '/' {
		return nil, inputError{error: fmt.Errorf(`under %s: a path begins with a slash, as in under "/api"`, x.under)}
	}
	if k.among, err = v.sim.OfKind(x.kind, k.a.proxies); err != nil {
		return nil, inputError{error: err}
	}
	k.gateways = k.among.Gateways(v.sim)
	return k, nil
}

// noneOf checks that no request of a kind gets through from a subject. There being
// nobody is fine.
func (s *scenario) noneOf(ctx context.Context, v *view, x *kindCheck, from *ends, failed string, known []*ends) error {
	t := &tally{v: v}
	if err := x.find(ctx, from, false, t.add); err != nil {
		return err
	}
	failed += x.text(x.dst.text)
	more := ""
	if n := t.count[algebra.No]; n > 1 {
		more = fmt.Sprintf(" (%d kinds of it; the first is shown)", n)
	}
	t.count[algebra.Yes] = 0 // that others are refused is no surprise
	return s.judged(v, t, failed+more, "it is undetermined whether "+failed, names(others(x.dst, known...)...))
}

// someOf checks that some request of a kind gets through from a subject.
func (s *scenario) someOf(ctx context.Context, v *view, x *kindCheck, from *ends) error {
	t := &tally{v: v}
	err := x.find(ctx, from, true, func(f finding) bool {
		t.add(f)
		return f.holds != algebra.Yes
	})
	if err != nil || t.count[algebra.Yes] > 0 {
		return err
	}
	inside := members(x.dst.endpoints)
	if t.total() == 0 && !slices.ContainsFunc(from.endpoints, func(i int) bool { return !inside[i] }) {
		return nil // access to itself does not count
	}
	if t.total() == 0 {
		return fmt.Errorf("nothing to check: %s sends no such requests", from.text)
	}
	text := from.text + " cannot " + x.text(x.dst.text)
	return s.judged(v, t, text+" itself", "it is undetermined: "+text, names(others(from, x.dst)...))
}

// others is a list of ends with one more, unless it is there under its name.
func others(one *ends, list ...*ends) []*ends {
	if slices.ContainsFunc(list, func(d *ends) bool { return d.text == one.text }) {
		return list
	}
	return append(slices.Clone(list), one)
}

// way answers a question for some of the ways from one end to the other; false when f did.
type way func(ctx context.Context, q question, f func(finding) bool) (bool, error)

// find calls f for each sort of sender of a subject and each way to the destination,
// until it returns false. What is asked is whether nothing gets through, or with some
// whether something does.
func (x *kindCheck) find(ctx context.Context, from *ends, some bool, f func(finding) bool) error {
	for i := range x.to {
		q := question{from: from, to: &ends{text: x.dst.text, endpoints: x.to[i].endpoints}, deny: !some, granted: some, among: x.among,
			want: want{set: x.to[i].ports, some: some}}
		ways := []way{x.direct, x.exposed, x.throughGateways}
		if len(from.endpoints) == 0 { // what people have in mind first
			ways = []way{x.throughGateways, x.exposed, x.direct}
		}
		for _, answer := range ways {
			if more, err := answer(ctx, q, f); err != nil || !more {
				return err
			}
		}
	}
	return nil
}

// direct answers for connections to the destination's own ports, whatever address they
// are sent to in the cluster; false when f did.
func (x *kindCheck) direct(ctx context.Context, q question, f func(finding) bool) (bool, error) {
	return x.a.direct(ctx, q, func(g finding) bool { return x.itself(&g) || f(x.confirmed(q, g)) })
}

// itself tells whether a finding is of a pod's access to itself.
func (x *kindCheck) itself(f *finding) bool {
	return x.a.itself(&model.Hop{From: f.from, To: f.to})
}

// passing is what it means for a question that something gets through for certain.
func passing(q question) algebra.Tri { return algebra.TriOf(!q.deny) }

// confirmed shows a finding by a request, and asks for its verdict: what the client's
// own proxy makes of it on the way is not in what the destination's lets in.
func (x *kindCheck) confirmed(q question, f finding) finding {
	v := x.a.v
	if f.holds != passing(q) && f.holds != algebra.Maybe {
		f.requests = x.among.Any(f.conns)
		f.flow, _ = v.sim.Shown(f.from, f.to.Index, v.gains(&f)[0])
		f.conns = nil
		return f
	}
	for _, g := range v.gains(&f) {
		flow, shown := v.sim.Shown(f.from, f.to.Index, g)
		if shown == model.Allowed && f.holds == passing(q) {
			f.flow, f.conns = flow, nil
			return f
		}
		if f.flow.Request == nil || shown == model.Undetermined {
			f.flow = flow
		}
	}
	f.why = openBy(f.requests)
	if f.holds != algebra.Maybe {
		f.why = "the proxy of the destination lets such requests in, and the one shown does not come there: what the routes of the client's own proxy make of each request is not computed"
	}
	f.holds, f.conns = algebra.Maybe, nil
	return f
}

// gains are examples of a finding: at the ports to which Services lead, at the one
// that shows it best otherwise, and at one of each part of the others.
func (v *view) gains(f *finding) []*sim.Gain {
	var out []*sim.Gain
	add := func(conns algebra.Set) {
		if key, ok := conns.Intersect(f.conns).Min(); ok {
			out = append(out, sim.NewGain(key, f.requests))
		}
	}
	for _, p := range v.sim.PortsBefore(f.to.Index) {
		add(algebra.Ports(algebra.TCP, p, p))
	}
	port := v.flow(f.from, f.to, f.conns).Port
	add(algebra.Ports(algebra.TCP, port, port))
	for i := range f.requests {
		add(f.requests[i].Conns)
	}
	return out
}

// openBy words why requests are open that proxies let in.
func openBy(list []sim.Requests) string {
	for i := range list {
		for _, r := range list[i].Reasons {
			return "open because (" + r.Kind.String() + "): " + r.String()
		}
		if list[i].May.IsEmpty() {
			r := sim.InTLS()
			return "open because (" + r.Kind.String() + "): " + r.Text
		}
	}
	return ""
}
