package scenarios

import (
	"context"
	"net/netip"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// exposed answers for the ways from outside the cluster through Services that are open
// to it; false when f did.
func (x *kindCheck) exposed(ctx context.Context, q question, f func(finding) bool) (bool, error) {
	if len(q.from.addrs) == 0 {
		return true, nil
	}
	inside := members(q.to.endpoints)
	for i := range x.a.v.m.Services {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if s := &x.a.v.m.Services[i]; !s.Exposed() || !x.a.v.leads(i, inside) {
			continue
		}
		for _, addr := range x.a.v.pieces(model.Ingress, q.from.addrs) {
			for _, p := range x.a.v.m.Services[i].Ports {
				if p.Protocol != algebra.TCP {
					continue
				}
				if g, some := x.atService(q, addr, i, p.Port, inside); some && !f(g) {
					return false, nil
				}
			}
		}
	}
	return true, nil
}

func members(endpoints []int) map[int]bool {
	out := make(map[int]bool, len(endpoints))
	for _, i := range endpoints {
		out[i] = true
	}
	return out
}

// atService answers for one address and one port of a Service: false where nothing
// may get through by it.
func (x *kindCheck) atService(q question, addr netip.Addr, service int, port uint16, inside map[int]bool) (finding, bool) {
	v := x.a.v
	flow := model.Flow{From: model.Party{Kind: model.PartyAddress, Addr: addr}, To: model.Party{Kind: model.PartyService, Index: service}, Protocol: algebra.TCP, Port: port}
	out := finding{holds: passing(q), from: flow.From, flow: flow}
	some := false
	var open []sim.Requests
	for _, to := range v.sim.Landings(flow) {
		key := algebra.ConnKey(to.Family, algebra.TCP, to.Port)
		if !inside[to.To] || !q.want.set.Contains(key) {
			continue
		}
		conns := algebra.PortsIn(to.Family, algebra.TCP, to.Port, to.Port)
		var allow, may algebra.Set
		if to.Outcome != model.Denied {
			may = conns
		}
		if to.Outcome == model.Allowed {
			allow = conns
		}
		sure, perhaps, list := x.among.Narrow(allow, may, x.a.proxies.Between(to.From, endpoint(to.To)))
		if some = some || !perhaps.Empty(); sure.Empty() {
			out.holds = algebra.Maybe
		}
		if len(list) > 0 {
			open = list
			out.flow.Request = v.sim.ForService(sim.NewGain(key, list), model.ServicePortID{Service: service, Port: port})
		}
	}
	if !some {
		return out, false
	}
	if verdict := v.sim.Verdict(out.flow); verdict.Outcome != model.Allowed || out.holds == algebra.Maybe {
		if out.holds, out.why = algebra.Maybe, ""; verdict.Outcome != model.Undetermined {
			out.why = openBy(open)
		}
	}
	return out, true
}

// throughGateways answers for the ways through gateways, of senders in the cluster and
// outside it; false when f did.
func (x *kindCheck) throughGateways(ctx context.Context, q question, f func(finding) bool) (bool, error) {
	v := x.a.v
	inside := members(q.to.endpoints)
	for g := range v.m.Gateways {
		for _, from := range x.senders(q.from) {
			if err := ctx.Err(); err != nil {
				return false, err
			}
			entered := map[uint16]model.Outcome{}
			for _, w := range x.gateways.From(from, g) {
				port := v.m.Gateways[g].Listeners[w.Listener].Port
				if !inside[w.Endpoint] || !v.takes(q, w.Port) {
					continue
				}
				if _, asked := entered[port]; !asked {
					entered[port] = v.sim.Enters(from, g, port)
				}
				if entered[port] != model.Denied && !f(x.byGateway(q, from, &w, entered[port])) {
					return false, nil
				}
			}
		}
	}
	return true, nil
}

// takes tells whether a port is one that counts, in a family of the cluster.
func (v *view) takes(q question, port uint16) bool {
	return !inMask(q.want.set, v.mask).Intersect(algebra.Ports(algebra.TCP, port, port)).Empty()
}

// senders are a party of each class of a subject.
func (x *kindCheck) senders(from *ends) []model.Party {
	var out []model.Party
	for _, g := range x.a.groups(from.endpoints) {
		out = append(out, endpoint(g.members[0]))
	}
	for _, addr := range x.a.v.pieces(model.Ingress, from.addrs) {
		out = append(out, model.Party{Kind: model.PartyAddress, Addr: addr})
	}
	return out
}

// byGateway is what a way through a gateway shows of one sender.
func (x *kindCheck) byGateway(q question, from model.Party, w *sim.GatewayWay, entered model.Outcome) finding {
	flow, through := x.gateways.Example(from, w)
	out := finding{holds: passing(q), from: from, to: endpoint(w.Endpoint), flow: flow}
	if through && entered == model.Allowed && !w.Sure.IsEmpty() {
		return out
	}
	out.holds = algebra.Maybe
	if verdict := x.a.v.sim.Verdict(flow); verdict.Outcome == model.Undetermined {
		return out
	}
	out.why = "the gateway may be asked for a host by which this client does not come to it here"
	for _, r := range w.Reasons {
		out.why = "open because (" + r.Kind.String() + "): " + r.String()
		break
	}
	return out
}
