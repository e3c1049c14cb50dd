package sim

import (
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/l7"
	"github.com/netfate/netfate/sim/model"
)

// passesSidecar is the outcome of throughSidecar for TCP.
func (s *Simulator) passesSidecar(f *model.Flow) (model.Outcome, bool) {
	opaque := f.Request == nil || encrypted(f.Request)
	way := s.l7.mesh.Outbound(s.asked(f, !opaque))
	switch {
	case way.Unsure != nil:
		return 0, false
	case way.Bypass:
		return s.connects(f, s.plain(f))
	case way.Blocked:
		return model.Denied, true
	case way.Through:
		w := s.plain(f)
		w.proxied, w.tls = true, model.TLSNone
		return s.connects(f, w)
	}
	direct := model.RouteBackend{Weight: 1, Service: way.Service, Port: f.Port, Host: way.Host}
	t := crossing{s: s, f: f, request: f.Request, opaque: opaque, stream: !way.HTTP, hidden: !way.HTTP && opaque}
	if way.Router == nil {
		return t.leavesSidecar(&direct, f.Request)
	}
	seen := model.Seen{Port: f.Port, SNI: sni(f)}
	if way.HTTP {
		t.request = withPath(f.Request, s.l7.mesh.NormalizePath(f.Request.Path))
		seen.Request = t.request
	}
	t.direct = &direct
	var few [4]l7.Choice
	choices := way.Router.Decide(hostOf(f), &seen, few[:0])
	if len(choices) != 1 {
		return 0, false
	}
	return t.act(choices[0].Action)
}

// withPath is a request with a path; the given one where that is its own.
func withPath(r *model.Request, path string) *model.Request {
	if r.Path == path {
		return r
	}
	out := *r
	out.Path = path
	return &out
}

// leavesSidecar is the outcome of fromSidecar.
func (t *crossing) leavesSidecar(b *model.RouteBackend, req *model.Request) (model.Outcome, bool) {
	next, _, w, ok := t.s.fromSidecarTo(t.f, b, req, t.opaque, t.stream)
	if !ok {
		return model.Denied, true
	}
	return t.s.connects(&next, w)
}

// passesGateway is the outcome of throughGateway, where one listener takes the flow.
func (s *Simulator) passesGateway(f *model.Flow, g int) (model.Outcome, bool) {
	if f.From.Kind == model.PartyEndpoint && s.l7.mesh.Client(f.From.Index).Sidecar != algebra.No {
		return 0, false // its proxy may keep it in
	}
	gw := &s.m.Gateways[g]
	if gw.Down != "" {
		return model.Denied, true
	}
	listeners := listening(gw, f)
	switch {
	case len(listeners) == 0:
		return model.Denied, true
	case len(listeners) > 1 || gw.Listeners[listeners[0]].Gate != nil || len(gw.Pods) == 0:
		return 0, false
	case slices.ContainsFunc(gw.Pods, func(p int) bool { return s.m.Endpoints[p].Proxy != nil }):
		return 0, false // its policies, or those of a sidecar before it, are asked
	}
	l := &gw.Listeners[listeners[0]]
	seen := seenAt(l, f)
	var few [4]l7.Choice
	choices := s.l7.listener(g, listeners[0]).Decide(hostOf(f), &seen, few[:0])
	if len(choices) != 1 {
		return 0, false
	}
	t := crossing{s: s, f: f, gw: gw, request: f.Request, hidden: l.Protocol == model.ListenTLS, stream: seen.Request == nil}
	on, ok := t.act(choices[0].Action)
	if !ok {
		return 0, false
	}
	to, ok := s.entersGateway(f, gw)
	return min(to, on), ok
}

// entersGateway is the outcome of toGateway, where the pods are known.
func (s *Simulator) entersGateway(f *model.Flow, gw *model.Gateway) (model.Outcome, bool) {
	to := *f
	to.Request = nil
	if gw.Service >= 0 {
		to.To = model.Party{Kind: model.PartyService, Index: gw.Service}
		if !servesPort(&s.m.Services[gw.Service], f.Port) {
			return model.Allowed, true
		}
		return s.connects(&to, nil)
	}
	return agreed(gw.Pods, func(p int) (model.Outcome, bool) {
		to.To = model.Party{Kind: model.PartyEndpoint, Index: p}
		return s.connects(&to, nil)
	})
}

// leavesGateway is the outcome of fromGateway, where the pods are known.
func (t *crossing) leavesGateway(b *model.RouteBackend, req *model.Request) (model.Outcome, bool) {
	s, f := t.s, t.f
	if req = plaintext(req, b); s.m.Mesh != nil { // only proxies look at headers
		req = s.forwarded(req, f, t.gw, t.stream)
	}
	next := model.Flow{Protocol: f.Protocol, Port: b.Port, Families: f.Families, To: s.backendParty(b), Backends: true}
	return agreed(t.gw.Pods, func(p int) (model.Outcome, bool) {
		next.From = model.Party{Kind: model.PartyEndpoint, Index: p}
		w := s.carry(p, b, req, t.hidden)
		w.stream = t.stream
		return s.connects(&next, w)
	})
}

// agreed is the outcome of what any one of several does.
func agreed[T any](several []T, ask func(T) (model.Outcome, bool)) (model.Outcome, bool) {
	var out anyOne
	for _, p := range several {
		o, ok := ask(p)
		if !ok {
			return 0, false
		}
		out.add(o)
	}
	return out.outcome, true
}

// crossing is a flow at a router, as travel is, of which the outcome alone is asked.
type crossing struct {
	s       *Simulator
	f       *model.Flow
	gw      *model.Gateway // nil: the router is the sidecar of the client
	request *model.Request
	opaque  bool                // of a sidecar: the request is inside the client's own TLS
	hidden  bool                // goes on inside the client's own TLS
	stream  bool                // the router takes it for a stream
	direct  *model.RouteBackend // where a sidecar sends what no route takes; nil: the router answers
}

// next is the outcome of the stretch to one backend.
func (t *crossing) next(b *model.RouteBackend, req *model.Request) (model.Outcome, bool) {
	if t.gw != nil {
		return t.leavesGateway(b, req)
	}
	return t.leavesSidecar(b, req)
}

// act is the outcome of Simulator.act.
func (t *crossing) act(a *model.RouteAction) (model.Outcome, bool) {
	switch {
	case a.Gate != nil || a.Abort > 0 && a.Kind != model.RouteRespond:
		return 0, false
	case a.Kind == model.RouteRespond, a.Kind == model.RouteRedirect:
		return responds(a.Status), true
	case a.Kind == model.RouteReset:
		return model.Denied, true
	case a.Kind == model.RoutePass && t.direct != nil:
		return t.next(t.direct, t.request)
	}
	return t.forward(a)
}

// responds is the outcome of respond.
func responds(status int) model.Outcome {
	if status < 300 {
		return model.Allowed
	}
	return model.Denied
}

// forward is the outcome of Simulator.forward: any one of the backends may be taken.
func (t *crossing) forward(a *model.RouteAction) (model.Outcome, bool) {
	req := l7.Apply(t.request, a.Rewrite)
	if t.hidden {
		req = nil
	}
	var out anyOne // denied without a backend: 500
	for i := range a.Backends {
		b := &a.Backends[i]
		if b.Weight == 0 {
			continue
		}
		o, ok := t.backend(b, l7.Apply(req, b.Rewrite))
		if !ok {
			return 0, false
		}
		out.add(o)
	}
	if out.any && rewriteReason(a) != nil {
		return model.Undetermined, true
	}
	return out.outcome, true
}

// backend is the outcome of toBackend.
func (t *crossing) backend(b *model.RouteBackend, req *model.Request) (model.Outcome, bool) {
	switch {
	case b.Fail == 0:
		return t.next(b, req)
	case t.hidden || t.gw != nil && t.stream:
		return model.Denied, true
	}
	return responds(b.Fail), true
}
