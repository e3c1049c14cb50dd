package sim

import (
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/admit"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/algebra/request"
	"github.com/netfate/netfate/sim/l7"
	"github.com/netfate/netfate/sim/mesh"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/routing"
)

// layer7 is what is compiled of the model for requests; nil where the model has
// neither a mesh nor gateways.
type layer7 struct {
	mesh      *mesh.View
	custom    *l7.Chain // of requests: external authorizers
	requests  *l7.Chain // and the tiers after them
	streams   *l7.Chain
	listeners [][]*l7.Router
	sni       bool           // some policy looks at the server name
	space     *request.Space // without sets: what a walk builds its own on
	// peerBlocks are the blocks of addresses that policies of proxies name of clients.
	peerBlocks []algebra.AddrSet
}

func newLayer7(m *model.Model, routes *routing.Index) (*layer7, error) {
	if m.Mesh == nil && len(m.Gateways) == 0 && len(m.ServiceRoutes) == 0 {
		return nil, nil
	}
	x := &layer7{mesh: mesh.New(m, routes.Backends), listeners: listenerRouters(m)}
	if m.Mesh != nil {
		before, after := customFirst(m.Mesh.Request)
		first, then := customFirst(m.Mesh.Proxyless.Tiers)
		x.custom, x.requests = l7.NewChain(m, before, first), l7.NewChain(m, after, then)
		x.streams = l7.NewChain(m, m.Mesh.Stream, m.Mesh.Proxyless.Tiers)
		admit.Leaves(m.Mesh, func(c *model.Cond) { x.sni = x.sni || c.Attr == model.AttrSNI })
		x.peerBlocks = peerBlocks(m.Mesh)
	}
	if m.Mesh == nil && len(m.Gateways) == 0 {
		return x, nil
	}
	var err error
	x.space, err = admit.NewSpace()
	return x, err
}

// customFirst parts the tier of external authorizers, which comes first, from the others.
func customFirst(tiers []model.Tier) (before, after []model.Tier) {
	after = slices.DeleteFunc(slices.Clone(tiers), func(t model.Tier) bool { return t.Name == model.TierCustom })
	return tiers[:len(tiers)-len(after)], after
}

func (x *layer7) listener(g, i int) *l7.Router { return x.listeners[g][i] }

// direct names the Service that a request goes to without a route.
func (s *Simulator) direct(f *model.Flow, v model.Verdict) model.Verdict {
	i := -1
	switch f.To.Kind {
	case model.PartyService:
		i = f.To.Index
	case model.PartyHost:
		i = s.serviceOfHost(f.To.Host)
	}
	if f.Request != nil && i >= 0 {
		v.Routed = []model.Routed{{Name: s.m.Services[i].ID(), Share: 1, Outcome: v.Outcome, Symptom: v.Symptom,
			Request: f.Request, Reached: reached(v.Hops)}}
	}
	return v
}

// request answers a flow that a gateway or a proxy may take part in.
func (s *Simulator) request(f model.Flow) model.Verdict {
	if g, ok := s.gatewayOf(&f); ok {
		return s.atGateways(f, g)
	}
	if s.l7 == nil || f.From.Kind != model.PartyEndpoint {
		return s.direct(&f, s.connect(f, s.plain(&f)))
	}
	return s.fromPod(f)
}

// plain is what a client without a proxy sends.
func (s *Simulator) plain(f *model.Flow) *wire {
	return &wire{request: f.Request, opaque: f.Request != nil && encrypted(f.Request), peer: f.From}
}

// gatewayOf tells which gateways a flow is for: the one it names, or those that
// serve the host it asks for. From outside a host that no gateway names is for
// those with a listener for every host, and without one for all.
func (s *Simulator) gatewayOf(f *model.Flow) ([]int, bool) {
	if f.To.Kind == model.PartyGateway {
		return []int{f.To.Index}, true
	}
	var named, open, all []int
	for g := range s.m.Gateways {
		gw := &s.m.Gateways[g]
		if s.addressed(gw, f) {
			return []int{g}, s.understands(gw, f)
		}
		switch rank := s.hostServed(g, f); {
		case rank > 0:
			named = append(named, g)
		case rank == 0:
			open = append(open, g)
		}
		all = append(all, g)
	}
	outside := f.To.Kind == model.PartyHost && f.Request != nil && s.isOutside(f.From)
	switch {
	case len(named) > 0:
		return named, true
	case !outside:
		return nil, false
	case len(open) > 0:
		return open, true
	}
	return all, len(all) > 0
}

// isOutside tells whether a party is not of the cluster.
func (s *Simulator) isOutside(p model.Party) bool {
	return p.Kind == model.PartyAddress && s.routes.ResolveAddress(p.Addr).Kind == model.PartyAddress
}

// addressed tells whether a flow is sent to a gateway itself: to its Service, or
// to an address or name that it asks for.
func (s *Simulator) addressed(gw *model.Gateway, f *model.Flow) bool {
	switch f.To.Kind {
	case model.PartyService:
		return f.To.Index == gw.Service
	case model.PartyAddress:
		return slices.Contains(gw.Addrs, f.To.Addr)
	case model.PartyHost:
		if gw.Service >= 0 && s.serviceOfHost(f.To.Host) == gw.Service {
			return true
		}
		return slices.Contains(gw.Hosts, strings.ToLower(f.To.Host))
	}
	return false
}

// understands tells whether a gateway looks into a flow: a request, or a stream
// that a listener takes as such. Others are connections to its pods.
func (s *Simulator) understands(gw *model.Gateway, f *model.Flow) bool {
	return f.Request != nil || slices.ContainsFunc(gw.Listeners, func(l model.Listener) bool {
		return l.Port == f.Port && (l.Protocol == model.ListenTCP || l.Protocol == model.ListenUDP) && speaks(l.Protocol, f)
	})
}

// hostServed says how exactly a gateway names a request's host, as hostRank does:
// in a listener, or in a route of one; -1 where it does not take it. Hosts of the
// cluster's Services are not asked of gateways by their name.
func (s *Simulator) hostServed(g int, f *model.Flow) int {
	best := -1
	if f.To.Kind != model.PartyHost || f.Request == nil || strings.HasSuffix(f.To.Host, ".cluster.local") || strings.HasSuffix(f.To.Host, ".svc") {
		return best
	}
	host := hostOf(f)
	var few [8]*model.HostRoutes
	for i := range s.m.Gateways[g].Listeners {
		own := hostRank(s.m.Gateways[g].Listeners[i].Host, host)
		if best = max(best, own); own < 0 {
			continue
		}
		for _, h := range s.l7.listener(g, i).Hosts(host, few[:0]) {
			best = max(best, hostRank(h.Host, host))
		}
	}
	return best
}

// atGateways answers a flow for each gateway that may take it.
func (s *Simulator) atGateways(f model.Flow, gateways []int) model.Verdict {
	if v, stopped := s.keptIn(&f); stopped {
		return v
	}
	shares := make([]share, 0, len(gateways))
	for _, g := range gateways {
		shares = append(shares, share{weight: 1, verdict: s.throughGateway(f, g)})
	}
	if len(shares) == 1 {
		return shares[0].verdict
	}
	return oneOf(shares, model.Reason{Kind: model.MissingFact, Confidence: model.Source,
		Text: "several gateways serve the host, and they differ: say which, as gateway:namespace/name"})
}

// keptIn tells whether the proxy of a pod lets nothing out to a host that it does
// not know, though a gateway serves it.
func (s *Simulator) keptIn(f *model.Flow) (model.Verdict, bool) {
	if f.From.Kind != model.PartyEndpoint || f.To.Kind == model.PartyService {
		return model.Verdict{}, false
	}
	if c := s.l7.mesh.Client(f.From.Index); c.Sidecar != algebra.Yes || c.Proxyless {
		return model.Verdict{}, false
	}
	opaque := f.Request == nil || encrypted(f.Request)
	way := s.l7.mesh.Outbound(s.asked(f, !opaque))
	if !way.Blocked || way.Unsure != nil {
		return model.Verdict{}, false
	}
	return s.blackhole(f, way, opaque), true
}

// fromPod answers a flow of a pod: by way of its proxy where it has one.
func (s *Simulator) fromPod(f model.Flow) model.Verdict {
	out := s.l7.mesh.Client(f.From.Index)
	if out.Proxyless && !s.ofMesh(&f) {
		return s.direct(&f, s.connect(f, s.plain(&f)))
	}
	switch out.Sidecar {
	case algebra.No:
		return s.direct(&f, s.connect(f, s.plain(&f)))
	case algebra.Yes:
		return s.throughSidecar(f)
	}
	shares := []share{{weight: 1, verdict: s.direct(&f, s.connect(f, s.plain(&f)))}, {weight: 1, verdict: s.throughSidecar(f)}}
	return oneOf(shares, *out.Reason)
}

// ofMesh tells whether a client without a proxy asks the mesh's control plane for
// a flow's destination: its gRPC to Services and hosts by name. All else it sends
// as it would without a mesh.
func (s *Simulator) ofMesh(f *model.Flow) bool {
	named := f.To.Kind == model.PartyService || f.To.Kind == model.PartyHost && s.serviceOfHost(f.To.Host) >= 0
	return named && f.Request != nil && f.Request.Scheme == "grpc"
}
