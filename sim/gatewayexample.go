package sim

import (
	"slices"

	"github.com/netfate/netfate/sim/admit"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/algebra/request"
	"github.com/netfate/netfate/sim/model"
)

// Example returns a flow of a client that shows a way: with a smallest request that
// gets through for certain, else one that may, to a host by which the client comes to
// the gateway. It is true for one that gets through to the endpoint; otherwise the
// flow shows best what keeps it.
func (g *GatewayWays) Example(from model.Party, w *GatewayWay) (model.Flow, bool) {
	set := w.Sure
	if set.IsEmpty() {
		set = w.May
	}
	var shown model.Flow
	for i, f := range g.tries(from, w, set) {
		v := g.s.Verdict(f)
		if v.Outcome == model.Allowed && slices.Contains(reached(v.Hops), model.Reached{Endpoint: w.Endpoint, Port: w.Port}) {
			return f, true
		}
		if i == 0 || v.Outcome == model.Undetermined {
			shown = f
		}
	}
	return shown, false
}

// tries are the flows by which a request of a set may come to a gateway.
func (g *GatewayWays) tries(from model.Party, w *GatewayWay, set request.Set) []model.Flow {
	x, ok := g.sp.Witness(set)
	if !ok {
		x = request.Request{}
	}
	gw := &g.s.m.Gateways[w.Gateway]
	return g.s.toListener(from, gw, &gw.Listeners[w.Listener], admit.Request(x))
}

// toListener are the flows by which a request may come to a listener of a gateway.
func (s *Simulator) toListener(from model.Party, gw *model.Gateway, l *model.Listener, req *model.Request) []model.Flow {
	asked := *req
	if l.Protocol != model.ListenHTTP && l.Protocol != model.ListenTCP {
		asked.Scheme = orText(req.Scheme, "http") + "s"
	}
	hosts := []string{req.Host}
	if req.Host == "" {
		hosts = s.hostsOf(gw)
	}
	var out []model.Flow
	for _, h := range hosts {
		r := asked
		if r.Host = h; req.Host == "" && l.Port != 80 && l.Port != 443 {
			r.HostPort = l.Port
		}
		out = append(out, s.Flow(from, Call{Host: h, Port: l.Port, Request: &r}))
	}
	return out
}

// gatewayFlows are the flows of an example of a line through a gateway, at the gateway
// that one of the values names.
func (s *Simulator) gatewayFlows(from model.Party, a, b *Requests, g *Gain) []model.Flow {
	if a == nil {
		a = b
	}
	req := &model.Request{}
	if g != nil && g.Request != nil {
		req = g.Request
	} else if w, ok := a.space.Witness(a.May); ok {
		req = admit.Request(w)
	}
	for i := range s.m.Gateways {
		gw := &s.m.Gateways[i]
		for j := range gw.Listeners {
			if l := &gw.Listeners[j]; gw.ID() == a.Gateway && l.Name == a.Listener {
				return s.toListener(from, gw, l, req)
			}
		}
	}
	return nil
}

// hostsOf are names by which a gateway may be asked for where its routes ask for none.
func (s *Simulator) hostsOf(gw *model.Gateway) []string {
	out := slices.Clone(gw.Hosts)
	if gw.Service >= 0 {
		svc := &s.m.Services[gw.Service]
		out = append(out, svc.Name+"."+svc.Namespace)
	}
	for _, a := range gw.Addrs {
		out = append(out, a.String())
	}
	return append(out, "www.example.com")
}

// Holds tells whether a request gets through by a way: with a path that proxies leave
// as it is, and a token, if any, that is valid.
func (g *GatewayWays) Holds(w *GatewayWay, x *model.Request) algebra.Tri {
	return w.Bounds.Holds(g.sp, x)
}
