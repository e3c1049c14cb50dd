package sim

import (
	"github.com/netfate/netfate/sim/admit"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// sender is what it depends on of a pod of a gateway what is let in of it, but for its address.
type sender struct {
	proxied   bool
	principal string
	tls       model.ClientTLS
}

// fromUnknown adds the ways of a gateway whose pods are not known: as fromAnyPod has
// it, those of every pod of the cluster.
func (x *crossway) fromUnknown() {
	s, gw := x.g.s, &x.g.s.m.Gateways[x.key.gateway]
	net := s.fromAnyPod(gw, x.b, func(p int) model.Verdict { return s.connect(x.flow(p), nil) })
	switch net.Outcome {
	case model.Denied:
		return
	case model.Undetermined:
		for _, r := range net.Reasons {
			x.reasons = appendReason(x.reasons, r)
		}
		x.ways = append(x.ways, map[spot]admit.Bounds{}) // perhaps nothing arrives
	}
	asked := map[sender]bool{}
	for i := range s.m.Endpoints {
		if e := &s.m.Endpoints[i]; e.Kind != model.Pod || e.Cluster != "" {
			continue
		}
		w := s.carry(i, x.b, nil, x.opaque)
		k := sender{w.proxied, w.principal, w.tls}
		if asked[k] {
			continue
		}
		if asked[k] = true; len(asked) > maxStandIns {
			x.ways = append(x.ways, x.perhaps())
			break
		}
		x.ways = append(x.ways, x.asIf(w)...)
	}
	x.doubt("the pods that carry the traffic of gateway " + gw.ID() + " are not known (" + gw.PodsWhy + "), and it depends on them")
}

// flow is what a pod of the gateway opens to the backend.
func (x *crossway) flow(pod int) model.Flow {
	return model.Flow{From: model.Party{Kind: model.PartyEndpoint, Index: pod}, To: x.g.s.backendParty(x.b), Protocol: algebra.TCP, Port: x.b.Port, Backends: true}
}

// asIf are the ways of a pod of which the network's policies are not asked.
func (x *crossway) asIf(w *wire) []map[spot]admit.Bounds {
	s := x.g.s
	o := admit.Onward{Proxied: w.proxied, Principal: w.principal, TLS: w.tls, ServerName: w.server.String(), Stream: x.stream, Client: x.key.client}
	var out []map[spot]admit.Bounds
	for _, fam := range s.families(&model.Flow{}) {
		way := map[spot]admit.Bounds{}
		for _, p := range s.routes.Behind(x.b.Service) {
			if p.To.Kind == model.PartyEndpoint && p.Of == x.b.Port && p.Protocol == algebra.TCP {
				way[spot{p.To.Index, p.Port}] = x.let(&o, &Landing{To: p.To.Index, Port: p.Port, Family: fam, Outcome: model.Allowed})
			}
		}
		out = append(out, way)
	}
	return out
}

// perhaps is the way of a pod of which nothing is asked.
func (x *crossway) perhaps() map[spot]admit.Bounds {
	way := map[spot]admit.Bounds{}
	for _, p := range x.g.s.routes.Behind(x.b.Service) {
		if p.To.Kind == model.PartyEndpoint && p.Of == x.b.Port && p.Protocol == algebra.TCP {
			way[spot{p.To.Index, p.Port}] = admit.Bounds{Sure: x.g.sp.None(), May: x.g.kind}
		}
	}
	return way
}

// doubt says why ways differ, where they do.
func (x *crossway) doubt(text string) {
	for _, to := range x.merged() {
		if !to.in.Settled() {
			x.open(text)
			return
		}
	}
}
