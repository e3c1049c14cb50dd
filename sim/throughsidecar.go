package sim

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/mesh"
	"github.com/netfate/netfate/sim/model"
)

// throughSidecar answers a flow that leaves a pod through its sidecar.
func (s *Simulator) throughSidecar(f model.Flow) model.Verdict {
	if f.Protocol != algebra.TCP {
		return s.connect(f, s.plain(&f))
	}
	opaque := f.Request == nil || encrypted(f.Request)
	asked := s.asked(&f, !opaque)
	way := s.l7.mesh.Outbound(asked)
	if way.Unsure != nil {
		return oneOf([]share{{weight: 1, verdict: s.connect(f, s.plain(&f))}, {weight: 1, verdict: s.sidecarSends(f, way, opaque)}}, *way.Unsure)
	}
	return s.sidecarSends(f, way, opaque)
}

// sidecarSends answers a flow for the way that its client's proxy chose.
func (s *Simulator) sidecarSends(f model.Flow, way mesh.Way, opaque bool) model.Verdict {
	switch {
	case way.Bypass:
		v := s.connect(f, s.plain(&f))
		v.Notes = append(v.Notes, way.Why)
		return v
	case way.Blocked:
		return s.blackhole(&f, way, opaque)
	case way.Through:
		w := s.plain(&f)
		w.proxied, w.tls = true, model.TLSNone
		v := s.connect(f, w)
		v.Notes = append(v.Notes, way.Why)
		return v
	}
	direct := &model.RouteBackend{Weight: 1, Service: way.Service, Port: f.Port, Host: way.Host, Name: s.Name(f.To)}
	next := func(b *model.RouteBackend, req *model.Request) model.Verdict {
		return s.fromSidecar(&f, b, req, opaque, !way.HTTP)
	}
	if way.Router == nil {
		return s.direct(&f, next(direct, f.Request))
	}
	point := "route of the sidecar of " + s.Name(f.From)
	hop := model.Hop{From: f.From, FromName: s.Name(f.From), To: f.To, ToName: s.Name(f.To), Protocol: f.Protocol, Port: f.Port,
		Outcome: model.Allowed, Request: requestText(f.Request)}
	seen := model.Seen{Port: f.Port, SNI: sni(&f)}
	if way.HTTP {
		r := *f.Request
		r.Path = s.l7.mesh.NormalizePath(r.Path)
		f.Request, seen.Request = &r, &r
	}
	hop.Points = []model.PointTrace{way.Router.Trace(hostOf(&f), &seen, point)}
	return s.follow(way.Router.Decide(hostOf(&f), &seen, nil), &travel{flow: f, hop: hop, point: point, opaque: !way.HTTP && opaque,
		next: next, pass: func() model.Verdict { return next(direct, f.Request) }})
}

// asked is what a flow asks its client's proxy for.
func (s *Simulator) asked(f *model.Flow, request bool) mesh.Asked {
	a := mesh.Asked{Client: f.From.Index, Service: -1, Port: f.Port, Request: request}
	switch f.To.Kind {
	case model.PartyService:
		a.Service = f.To.Index
	case model.PartyHost:
		a.Host = f.To.Host
		a.Service = s.serviceOfHost(f.To.Host)
	default:
		a.Addr = s.Name(f.To)
		a.IP = f.To.Addr
		if f.To.Kind == model.PartyEndpoint && len(s.m.Endpoints[f.To.Index].IPs) > 0 {
			a.IP = s.m.Endpoints[f.To.Index].IPs[0]
		}
	}
	if a.Service >= 0 {
		a.Host = s.l7.mesh.Host(a.Service)
	}
	return a
}

// serviceOfHost returns the Service that a full host name means, or -1.
func (s *Simulator) serviceOfHost(host string) int {
	id, ok := clusterHost(host)
	if !ok {
		return -1
	}
	s.names.once.Do(s.names.fill)
	if i, found := s.names.services[id]; found {
		return i
	}
	return -1
}

// blackhole is a sidecar that lets nothing out to what it does not know: it
// answers 502 to a request and closes other connections.
func (s *Simulator) blackhole(f *model.Flow, way mesh.Way, opaque bool) model.Verdict {
	sym := model.Status(502)
	if opaque {
		sym = model.Reset
	}
	hop := model.Hop{From: f.From, FromName: s.Name(f.From), To: f.To, ToName: s.Name(f.To), Protocol: f.Protocol, Port: f.Port, Request: requestText(f.Request)}
	return s.refusedAt(hop, "sidecar of "+s.Name(f.From), way.Why, way.Origin, sym)
}

// fromSidecar is the stretch from a client's sidecar to one backend.
func (s *Simulator) fromSidecar(f *model.Flow, b *model.RouteBackend, req *model.Request, opaque, stream bool) model.Verdict {
	next, b, w, ok := s.fromSidecarTo(f, b, req, opaque, stream)
	if !ok {
		return s.noSubset(f, b, w)
	}
	v := s.connect(next, w)
	if f.Principal != "" && w.proxied {
		own := s.l7.mesh.Client(f.From.Index).Principal
		v.Notes = union(v.Notes, []string{s.Name(f.From) + " is asked for with the identity " + f.Principal + " in place of its own, " + own})
	}
	return v
}

// fromSidecarTo is the connection that a client's sidecar opens to one backend, with
// its port, and what it carries; false for a subset that no destination defines.
func (s *Simulator) fromSidecarTo(f *model.Flow, b *model.RouteBackend, req *model.Request, opaque, stream bool) (model.Flow, *model.RouteBackend, *wire, bool) {
	next := *f
	if b.Port == 0 { // a route that names no port keeps the client's
		named := *b
		named.Port, b = f.Port, &named
	}
	next.Request, next.To, next.Port = nil, s.backendParty(b), b.Port
	if b.Service < 0 && b.Host == "" {
		next.To = f.To
	}
	w := s.carry(f.From.Index, b, req, opaque)
	if w.stream = stream; w.proxied && f.Principal != "" {
		w.principal = f.Principal
	}
	if b.SubsetName != "" {
		labels, ok := s.l7.mesh.Subset(f.From.Index, s.hostOfBackend(b), b.SubsetName)
		if !ok {
			return next, b, w, false
		}
		w.subset = labels
	}
	return next, b, w, true
}

// noSubset is a route to a subset that no destination defines.
func (s *Simulator) noSubset(f *model.Flow, b *model.RouteBackend, w *wire) model.Verdict {
	hop := model.Hop{From: f.From, FromName: s.Name(f.From), ToName: b.Name, Protocol: f.Protocol, Port: b.Port, Request: requestText(w.request)}
	return s.refusedAt(hop, "route of the sidecar of "+s.Name(f.From), "no destination rule names the subset "+b.SubsetName, b.Origin, failure(w))
}

// hostOfBackend is the full name of a backend's host.
func (s *Simulator) hostOfBackend(b *model.RouteBackend) string {
	if b.Service < 0 {
		return b.Host
	}
	return s.l7.mesh.Host(b.Service)
}

// carry is what a proxy at an endpoint sends to a backend of a route.
func (s *Simulator) carry(endpoint int, b *model.RouteBackend, req *model.Request, opaque bool) *wire {
	w := &wire{request: req, opaque: opaque, peer: model.Party{Kind: model.PartyEndpoint, Index: endpoint}, subset: b.Subset, tls: b.TLS}
	c := s.l7.mesh.Client(endpoint)
	if c.Sidecar == algebra.No {
		return w
	}
	w.proxied, w.principal = true, c.Principal
	w.server = serverName{host: s.hostOfBackend(b), port: b.Port, subset: b.SubsetName}
	if b.TLS == model.TLSAuto {
		w.tls, _ = s.l7.mesh.TLS(endpoint, w.server.host, b.Port, b.SubsetName)
	}
	return w
}
