package sim

import (
	"net/netip"
	"slices"

	"github.com/netfate/netfate/sim/admit"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// gate is which requests of a client the mesh's policies at a gateway let on to the
// routes of a listener, as Simulator.guarded has it for one request.
type gate struct {
	admit.Bounds
	reasons []model.Reason
	tokens  []model.TokenRule // that are validated there
}

// gate computes it.
func (g *GatewayWays) gate(from model.Party, gateway int, l *model.Listener) gate {
	gw := &g.s.m.Gateways[gateway]
	open := gate{Bounds: admit.Bounds{Sure: g.sp.All(), May: g.sp.All()}}
	if g.table == nil {
		return open
	}
	f := model.Flow{From: from, To: model.Party{Kind: model.PartyGateway, Index: gateway}, Protocol: algebra.TCP, Port: l.Port, Request: &model.Request{}}
	if len(gw.Pods) == 0 {
		var x guard
		g.s.unknownGuard(&x, gw, &f)
		if len(x.points) > 0 {
			open.Sure, open.reasons = g.sp.None(), x.verdict.Reasons
		}
		return open
	}
	out, first := open, true
	for _, k := range g.s.knocks(&f, gw) {
		b, tokens, why := g.at(&f, &k, gw, l)
		if !first {
			b = admit.Bounds{Sure: g.sp.Intersect(out.Sure, b.Sure), May: g.sp.Union(out.May, b.May)}
			why = append(why, k.why)
		}
		out.Bounds, out.tokens, first = b, tokens, false
		out.reasons = append(out.reasons, why...)
	}
	return out
}

// at is what the proxy of a gateway's pod lets on to the routes, or a sidecar before it
// to the gateway.
func (g *GatewayWays) at(f *model.Flow, k *knock, gw *model.Gateway, l *model.Listener) (admit.Bounds, []model.TokenRule, []model.Reason) {
	p := g.s.m.Endpoints[k.pod].Proxy
	switch {
	case p == nil:
		return admit.Bounds{Sure: g.sp.All(), May: g.sp.All()}, nil, nil
	case p.Gateway:
		in := g.s.l7.mesh.AtGateway(k.pod)
		b, why := g.table.AtGateway(k.pod, in, g.knock(f, k, l, p))
		return b, in.Tokens(), why
	}
	w := g.s.beforeGateway(f, gw)
	in := g.table.From(admit.Onward{Direct: true, Proxied: w.proxied, Principal: w.principal, TLS: w.tls, ServerName: w.server.String(), Peer: k.peer}, k.pod, k.port, g.family(f, k))
	if l.Protocol == model.ListenHTTP || l.Protocol == model.ListenTCP {
		return in.Requests, nil, in.Reasons
	}
	return within(in.Plain, admit.Bounds{Sure: g.sp.All(), May: g.sp.All()}, g.sp.None()), nil, in.Reasons
}

// knock is how a client arrives at a pod.
func (g *GatewayWays) knock(f *model.Flow, k *knock, l *model.Listener, p *model.Proxy) admit.Knock {
	out := admit.Knock{Port: k.port, Local: k.local, Stream: l.Protocol != model.ListenHTTP && l.Protocol != model.ListenHTTPS,
		CertifiedOpen: l.Gate != nil && g.s.asksIdentity(k.pod)}
	x := &arrival{s: g.s}
	x.seen.Peer, x.seen.Remote = k.peer, k.peer
	g.s.front(x, p, f, !out.Stream)
	out.Peer, out.Client = x.seen.Peer, x.seen.Remote
	if p.TrustedProxies > 0 && !out.Stream && !g.s.isOutside(f.From) {
		out.Client = netip.Addr{} // a client in the cluster writes what it likes
	}
	out.Family = g.family(f, k)
	return out
}

// family is the one in which a client arrives.
func (g *GatewayWays) family(f *model.Flow, k *knock) algebra.Family {
	if slices.Contains(g.s.families(f), algebra.IPv4) && (!k.local.IsValid() || k.local.Is4()) {
		return algebra.IPv4
	}
	return algebra.IPv6
}
