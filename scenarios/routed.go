package scenarios

import (
	"context"
	"fmt"
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// maxFlows bounds how many ports of a Service or host name are asked for one by one.
const maxFlows = 256

// routed answers for destinations behind a Service or a host name, one by one.
func (a *asker) routed(ctx context.Context, q question, f func(finding) bool) error {
	if len(q.to.routed) == 0 {
		return nil
	}
	sources := a.sources(q)
	for _, dst := range q.to.routed {
		flows, err := a.v.flowsTo(dst, q.want)
		if err != nil {
			return err
		}
		for _, src := range sources {
			if err := ctx.Err(); err != nil {
				return err
			}
			for _, x := range a.ask(q, src, flows) {
				if !f(x) {
					return nil
				}
			}
		}
	}
	return nil
}

// ask answers for one source; where no port was said one connection is enough.
func (a *asker) ask(q question, src model.Party, flows []model.Flow) []finding {
	var out []finding
	for _, fl := range flows {
		fl.From = src
		holds := algebra.Maybe
		switch a.v.sim.Verdict(fl).Outcome {
		case model.Allowed:
			holds = algebra.TriOf(!q.deny)
		case model.Denied:
			holds = algebra.TriOf(q.deny)
		}
		out = append(out, finding{holds: holds, flow: fl})
	}
	if q.want.some && !q.deny && len(out) > 1 {
		best := slices.MaxFunc(out, func(x, y finding) int { return int(x.holds) - int(y.holds) })
		return []finding{best}
	}
	return out
}

// flowsTo returns the connections to a Service or a host name that a statement
// is about: the ports it names, or those that the Service has.
func (v *view) flowsTo(dst model.Party, w want) ([]model.Flow, error) {
	if dst.Kind == model.PartyService && (w.some || w.set.Size() > maxFlows) {
		return v.servicePorts(dst, w)
	}
	if w.some || w.set.Size() > 2*maxFlows {
		return nil, fmt.Errorf("%s is asked for by single ports: say on TCP 443, or on ports \"TCP 80,443\"", v.name(dst))
	}
	var out []model.Flow
	seen := map[[2]uint16]bool{}
	for key := range w.set.Values() {
		_, proto, port := algebra.ConnParts(key)
		if k := [2]uint16{uint16(proto), port}; !seen[k] {
			seen[k] = true
			out = append(out, model.Flow{To: dst, Protocol: proto, Port: port})
		}
	}
	return out, nil
}

func (v *view) servicePorts(dst model.Party, w want) ([]model.Flow, error) {
	s := &v.m.Services[dst.Index]
	var out []model.Flow
	for _, p := range s.Ports {
		if w.set.Contains(algebra.ConnKey(algebra.IPv4, p.Protocol, p.Port)) {
			out = append(out, model.Flow{To: dst, Protocol: p.Protocol, Port: p.Port})
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("there is no port on which Service %s could be reached: say on which", s.ID())
	}
	return out, nil
}

// behind returns the endpoints and addresses that a Service sends traffic to.
func (v *view) behind(i int) *ends {
	s := &v.m.Services[i]
	d := &ends{text: "service " + s.ID()}
	for _, e := range v.order() {
		ep := &v.m.Endpoints[e]
		if s.HasSelector && ep.Kind == model.Pod && ep.Namespace == s.Namespace && matches(s.Selector, ep.Labels) {
			d.endpoints = append(d.endpoints, e)
		}
	}
	for _, b := range s.Backends {
		owner := slices.IndexFunc(v.m.Endpoints, func(e model.Endpoint) bool { return slices.Contains(e.IPs, b.Addr) })
		if owner >= 0 {
			d.endpoints = append(d.endpoints, owner)
			continue
		}
		d.addrs = d.addrs.Union(algebra.AddrSet{{From: b.Addr, To: b.Addr}})
	}
	v.sort(d)
	return d
}

func matches(selector, labels model.Labels) bool {
	return !slices.ContainsFunc(selector, func(l model.Label) bool {
		v, ok := labels.Get(l.Key)
		return !ok || v != l.Value
	})
}

// name is how a party is shown.
func (v *view) name(p model.Party) string {
	switch p.Kind {
	case model.PartyEndpoint:
		if e := &v.m.Endpoints[p.Index]; e.Kind == model.Node {
			return "node " + e.Name
		}
		return v.m.Endpoints[p.Index].ID()
	case model.PartyService:
		return "service " + v.m.Services[p.Index].ID()
	case model.PartyHost:
		return p.Host
	}
	return p.Addr.String()
}

// argument is the party as netfate explain takes it.
func (v *view) argument(p model.Party) string {
	switch p.Kind {
	case model.PartyEndpoint:
		if e := &v.m.Endpoints[p.Index]; e.Kind == model.Node {
			return "node:" + e.Name
		}
		return v.m.Endpoints[p.Index].ID()
	case model.PartyService:
		return "service:" + v.m.Services[p.Index].ID()
	case model.PartyHost:
		return "host:" + p.Host
	}
	return p.Addr.String()
}
