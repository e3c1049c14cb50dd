package sim

import (
	"github.com/netfate/netfate/sim/admit"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/algebra/request"
	"github.com/netfate/netfate/sim/model"
)

// beyondKey is what it depends on what is let in behind a gateway.
type beyondKey struct {
	wayKey
	backend  *model.RouteBackend
	protocol model.ListenerProtocol
}

// spot is a port of an endpoint.
type spot struct {
	endpoint int
	port     uint16
}

// beyond returns what is let in of what a gateway sends to a backend, at each port of
// an endpoint behind it.
func (g *GatewayWays) beyond(key wayKey, b *model.RouteBackend, l *model.Listener) []arrived {
	key.from = model.Party{}
	k := beyondKey{key, b, l.Protocol}
	out, known := g.beyonds[k]
	if known {
		return out
	}
	x := &crossway{g: g, key: key, b: b, opaque: l.Protocol == model.ListenTLS,
		stream: l.Protocol != model.ListenHTTP && l.Protocol != model.ListenHTTPS}
	if pods := g.s.m.Gateways[key.gateway].Pods; len(pods) > 0 {
		for _, p := range pods {
			x.from(p)
		}
	} else {
		x.fromUnknown()
	}
	out = x.merged()
	g.beyonds[k] = out
	return out
}

// crossway is the work on one backend of a gateway.
type crossway struct {
	g              *GatewayWays
	key            wayKey
	b              *model.RouteBackend
	opaque, stream bool
	// ways are what is let in, by each pod of the gateway and each family: any one of
	// them may be taken.
	ways    []map[spot]admit.Bounds
	reasons []model.Reason
}

// from adds the ways of a pod of the gateway.
func (x *crossway) from(pod int) {
	s := x.g.s
	next := x.flow(pod)
	w := s.carry(pod, x.b, nil, x.opaque)
	for _, fam := range s.families(&next) {
		list, shared := s.landings(next, w, fam)
		if !shared {
			continue
		}
		way := map[spot]admit.Bounds{}
		for _, to := range list {
			o := admit.Onward{Proxied: w.proxied, Principal: w.principal, TLS: w.tls, ServerName: w.server.String(), Stream: x.stream, Client: x.key.client, Peer: s.peerAddr(to.From, fam)}
			at := spot{to.To, to.Port}
			in := x.let(&o, &to)
			if old, twice := way[at]; twice { // whom the receiver takes for the sender is open
				in = x.either(old, in)
			}
			way[at] = in
		}
		x.ways = append(x.ways, way)
	}
}

// let is what is let in of a connection.
func (x *crossway) let(o *admit.Onward, to *Landing) admit.Bounds {
	g := x.g
	none := g.sp.None()
	if to.Outcome == model.Denied {
		return admit.Bounds{Sure: none, May: none}
	}
	in := admit.Bounds{Sure: g.kind, May: g.kind}
	if g.table != nil {
		p := g.table.From(*o, to.To, to.Port, to.Family)
		if g.asWritten {
			p.Requests = p.Shown
		}
		if x.opaque {
			in = within(p.Plain, in, none)
		} else {
			in = admit.Bounds{Sure: g.sp.Intersect(in.Sure, p.Requests.Sure), May: g.sp.Intersect(in.May, p.Requests.May)}
		}
		for _, r := range p.Reasons {
			x.reasons = appendReason(x.reasons, r)
		}
	}
	if to.Outcome == model.Undetermined {
		in.Sure = none
		x.open("the network's policies leave the way from the gateway to " + g.s.m.Endpoints[to.To].ID() + " open")
	}
	return in
}

// within is in where it holds, and nothing where it does not.
func within(holds algebra.Tri, in admit.Bounds, none request.Set) admit.Bounds {
	switch holds {
	case algebra.Yes:
		return in
	case algebra.Maybe:
		return admit.Bounds{Sure: none, May: in.May}
	}
	return admit.Bounds{Sure: none, May: none}
}

func (x *crossway) either(a, b admit.Bounds) admit.Bounds {
	return admit.Bounds{Sure: x.g.sp.Intersect(a.Sure, b.Sure), May: x.g.sp.Union(a.May, b.May)}
}

func (x *crossway) open(text string) {
	x.reasons = appendReason(x.reasons, model.Reason{Kind: model.MissingFact, Confidence: model.Source, Origin: x.g.s.m.Gateways[x.key.gateway].Origin, Text: text})
}

// merged is what is let in whichever of the ways is taken.
func (x *crossway) merged() []arrived {
	all := map[spot]admit.Bounds{}
	none := admit.Bounds{Sure: x.g.sp.None(), May: x.g.sp.None()}
	for _, way := range x.ways {
		for at := range way {
			all[at] = none
		}
	}
	var out []arrived
	for at := range all {
		in, first := none, true
		for _, way := range x.ways {
			b, ok := way[at]
			if !ok {
				b = none
			}
			if !first {
				b = x.either(in, b)
			}
			in, first = b, false
		}
		if !in.May.IsEmpty() {
			out = append(out, arrived{endpoint: at.endpoint, port: at.port, in: in})
		}
	}
	for i := range out {
		out[i].reasons = x.reasons
	}
	return inOrder(out)
}
