package sim

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/netfate/netfate/sim/admit"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/algebra/request"
	"github.com/netfate/netfate/sim/model"
)

// GatewayWay is requests that a gateway takes at a listener and sends on, by which a
// client gets to a port of an endpoint. What the way to the gateway's pods lets in is
// not part of it.
type GatewayWay struct {
	Gateway, Listener int // indices into Model.Gateways and its listeners
	Endpoint          int
	Port              uint16 // of the endpoint
	// Sure are the requests, as the client sends them, that get through to the endpoint
	// for certain, at least the share of them that the route sends there; May those that
	// may. A listener's TLS has ended where they are looked at.
	admit.Bounds
	Reasons []model.Reason // why something is open
}

// GatewayWays computes ways through gateways as sets of requests of a kind. One
// goroutine uses it.
type GatewayWays struct {
	s       *Simulator
	kind    request.Set // as they arrive at the endpoint
	sp      *request.Space
	table   *admit.Table // nil: no mesh
	routes  *admit.Routes
	memo    map[wayKey][]GatewayWay
	beyonds map[beyondKey][]arrived
	// asWritten: requests have paths as policies write them, also such as none has once
	// it is normalised.
	asWritten bool
}

type wayKey struct {
	gateway int
	from    model.Party // where policies look at addresses
	client  netip.Addr
}

// Gateways returns the ways through gateways for requests of the kind.
func (o *OfKind) Gateways(s *Simulator) *GatewayWays {
	g := &GatewayWays{s: s, kind: o.all, sp: o.space, routes: admit.NewRoutes(o.space), memo: map[wayKey][]GatewayWay{}, beyonds: map[beyondKey][]arrived{}}
	if o.proxies != nil {
		g.table = o.proxies.table
	}
	return g
}

// From returns the ways of a client through a gateway.
func (g *GatewayWays) From(from model.Party, gateway int) []GatewayWay {
	gw := &g.s.m.Gateways[gateway]
	key := wayKey{gateway: gateway}
	if g.table != nil && !g.table.FamiliesAlike() { // policies look at addresses
		key.client, key.from = g.s.clientTold(&model.Flow{From: from}, gw), from
	}
	out, known := g.memo[key]
	if !known {
		out = g.through(key, from)
		g.memo[key] = out
	}
	return out
}

// through computes the ways through a gateway.
func (g *GatewayWays) through(key wayKey, from model.Party) []GatewayWay {
	gw := &g.s.m.Gateways[key.gateway]
	if gw.Down != "" {
		return nil
	}
	var out []GatewayWay
	type port struct {
		number   uint16
		protocol model.ListenerProtocol
	}
	seen := map[port]bool{}
	for i := range gw.Listeners {
		l := &gw.Listeners[i]
		if p := (port{l.Port, l.Protocol}); l.Down != "" || l.Protocol == model.ListenUDP || seen[p] {
			continue
		} else {
			seen[p] = true
		}
		at := g.gate(from, key.gateway, l)
		for _, b := range g.routes.AtGateway(gw, l) {
			out = g.along(out, key, &b, &at)
		}
	}
	return out
}

// along adds the ways of a branch: those to each of its backends.
func (g *GatewayWays) along(out []GatewayWay, key wayKey, b *admit.Branch, at *gate) []GatewayWay {
	a := b.Action
	if a.Kind != model.RouteForward && a.Kind != model.RoutePass || a.Abort >= 100 {
		return out
	}
	l := &g.s.m.Gateways[key.gateway].Listeners[b.Listener]
	for i := range a.Backends {
		backend := &a.Backends[i]
		if backend.Weight == 0 || backend.Fail != 0 || backend.Service < 0 {
			continue
		}
		for _, to := range g.beyond(key, backend, l) {
			w := GatewayWay{Gateway: key.gateway, Listener: b.Listener, Endpoint: to.endpoint, Port: to.port}
			w.Bounds, w.Reasons = g.sent(b, backend, l, &to, at)
			if !w.May.IsEmpty() {
				out = joinedWay(g.sp, out, w)
			}
		}
	}
	return out
}

// joinedWay adds a way to those through the same listener to the same port.
func joinedWay(sp *request.Space, list []GatewayWay, w GatewayWay) []GatewayWay {
	for i := range list {
		x := &list[i]
		if x.Listener != w.Listener || x.Endpoint != w.Endpoint || x.Port != w.Port {
			continue
		}
		x.Sure, x.May = sp.Union(x.Sure, w.Sure), sp.Union(x.May, w.May)
		for _, r := range w.Reasons {
			x.Reasons = appendReason(x.Reasons, r)
		}
		return list
	}
	return append(list, w)
}

// sent returns the requests of a branch that get through to where a backend leads, as
// the client sends them.
func (g *GatewayWays) sent(b *admit.Branch, backend *model.RouteBackend, l *model.Listener, to *arrived, at *gate) (admit.Bounds, []model.Reason) {
	in, why := to.in, slices.Concat(at.reasons, b.Reasons, to.reasons)
	if l.Protocol == model.ListenHTTP || l.Protocol == model.ListenHTTPS {
		for _, w := range []*model.Rewrite{backend.Rewrite, b.Action.Rewrite} {
			var open []model.Reason
			in, open = g.routes.Before(in, w)
			why = append(why, open...)
		}
	}
	if g.table != nil {
		in = g.table.Forwarded(in, at.tokens)
	}
	out := admit.Bounds{Sure: g.sp.IntersectAll(b.Requests.Sure, in.Sure, at.Sure), May: g.sp.IntersectAll(b.Requests.May, in.May, at.May)}
	for _, gate := range []*model.Reason{b.Action.Gate, l.Gate} {
		if gate != nil {
			out.Sure, why = g.sp.None(), append(why, *gate)
		}
	}
	if b.Action.Abort > 0 {
		out.Sure = g.sp.None()
		why = append(why, model.Reason{Kind: model.LoadBalancing, Confidence: model.Source, Origin: b.Action.Origin, Text: "a fault is injected into a part of the requests"})
	}
	if g.sp.Err(out.Sure) != nil {
		out.Sure = g.sp.None()
	}
	if err := g.sp.Err(out.May); err != nil {
		out.May = g.sp.All()
		why = append(why, model.Reason{Kind: model.UnreadInput, Confidence: model.Source, Origin: b.Action.Origin, Text: "the requests of a route could not be computed: " + err.Error()})
	}
	if out.Settled() {
		why = nil
	}
	return out, why
}

// arrived is what is let in at a port of an endpoint of what a gateway sends there.
type arrived struct {
	endpoint int
	port     uint16
	in       admit.Bounds // of the kind, as they arrive
	reasons  []model.Reason
}

// inOrder sorts by endpoint and port.
func inOrder(list []arrived) []arrived {
	slices.SortFunc(list, func(a, b arrived) int { return cmp.Or(a.endpoint-b.endpoint, int(a.port)-int(b.port)) })
	return list
}

// Enters returns what the network makes of a client's connections to a port of a
// gateway, on the way to its pods.
func (s *Simulator) Enters(from model.Party, gateway int, port uint16) model.Outcome {
	return s.toPods(model.Flow{From: from, Protocol: algebra.TCP, Port: port}, gateway, nil).Outcome
}
