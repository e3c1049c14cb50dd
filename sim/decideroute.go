package sim

import (
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
	direct := &model.RouteBackend{Weight: 1, Service: way.Service, Port: f.Port, Host: way.Host}
	next := func(b *model.RouteBackend, req *model.Request) (model.Outcome, bool) {
		return s.leavesSidecar(f, b, req, opaque, !way.HTTP)
	}
	if way.Router == nil {
		return next(direct, f.Request)
	}
	seen := model.Seen{Port: f.Port, SNI: sni(f)}
	t := crossing{request: f.Request, hidden: !way.HTTP && opaque, next: next}
	if way.HTTP {
		r := *f.Request
		r.Path = s.l7.mesh.NormalizePath(r.Path)
		seen.Request, t.request = &r, &r
	}
	t.pass = func() (model.Outcome, bool) { return next(direct, t.request) }
	var few [4]l7.Choice
	choices := way.Router.Decide(hostOf(f), &seen, few[:0])
	if len(choices) != 1 {
		return 0, false
	}
	return t.act(choices[0].Action)
}

// leavesSidecar is the outcome of fromSidecar.
func (s *Simulator) leavesSidecar(f *model.Flow, b *model.RouteBackend, req *model.Request, opaque, stream bool) (model.Outcome, bool) {
	next, _, w, ok := s.fromSidecarTo(f, b, req, opaque, stream)
	if !ok {
		return model.Denied, true
	}
	return s.connects(&next, w)
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
	}
	l := &gw.Listeners[listeners[0]]
	seen := seenAt(l, f)
	var few [4]l7.Choice
	choices := s.l7.listener(g, listeners[0]).Decide(hostOf(f), &seen, few[:0])
	if len(choices) != 1 {
		return 0, false
	}
	old := travel{flow: *f, stream: seen.Request == nil}
	t := crossing{request: f.Request, hidden: l.Protocol == model.ListenTLS, stream: seen.Request == nil}
	t.next = func(b *model.RouteBackend, req *model.Request) (model.Outcome, bool) {
		if req = plaintext(req, b); s.m.Mesh != nil { // only proxies look at headers
			req = s.forwarded(req, f, gw, &old)
		}
		return s.leavesGateway(f, gw, b, req, &t)
	}
	on, ok := t.act(choices[0].Action)
	if !ok {
		return 0, false
	}
	to, ok := s.entersGateway(f, gw)
	return min(to, on), ok
}

// entersGateway is the outcome of toGateway, where the pods are known.
func (s *Simulator) entersGateway(f *model.Flow, gw *model.Gateway) (model.Outcome, bool) {
	if gw.Service >= 0 {
		return 0, false
	}
	to := *f
	to.Request = nil
	return agreed(gw.Pods, func(p int) (model.Outcome, bool) {
		to.To = model.Party{Kind: model.PartyEndpoint, Index: p}
		return s.connects(&to, nil)
	})
}

// leavesGateway is the outcome of fromGateway, where the pods are known.
func (s *Simulator) leavesGateway(f *model.Flow, gw *model.Gateway, b *model.RouteBackend, req *model.Request, t *crossing) (model.Outcome, bool) {
	next := model.Flow{Protocol: f.Protocol, Port: b.Port, Families: f.Families, To: s.backendParty(b), Backends: true}
	return agreed(gw.Pods, func(p int) (model.Outcome, bool) {
		next.From = model.Party{Kind: model.PartyEndpoint, Index: p}
		w := s.carry(p, b, req, t.hidden)
		w.stream = t.stream
		return s.connects(&next, w)
	})
}

// agreed is the outcome of what any one of several pods does.
func agreed(pods []int, ask func(pod int) (model.Outcome, bool)) (model.Outcome, bool) {
	var out model.Outcome
	for i, p := range pods {
		o, ok := ask(p)
		if !ok {
			return 0, false
		}
		if i > 0 && o != out {
			o = model.Undetermined
		}
		out = o
	}
	return out, true
}

// crossing is a flow at a router, as travel is, of which the outcome alone is asked.
type crossing struct {
	request *model.Request
	hidden  bool // goes on inside the client's own TLS
	stream  bool
	next    func(*model.RouteBackend, *model.Request) (model.Outcome, bool)
	pass    func() (model.Outcome, bool) // nil: the router answers
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
	case a.Kind == model.RoutePass && t.pass != nil:
		return t.pass()
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
	out, any := model.Denied, false // 500 without a backend
	for i := range a.Backends {
		b := &a.Backends[i]
		if b.Weight == 0 {
			continue
		}
		o, ok := t.backend(b, l7.Apply(req, b.Rewrite))
		switch {
		case !ok:
			return 0, false
		case any && o != out:
			o = model.Undetermined
		}
		out, any = o, true
	}
	if any && rewriteReason(a) != nil {
		return model.Undetermined, true
	}
	return out, true
}

// backend is the outcome of toBackend.
func (t *crossing) backend(b *model.RouteBackend, req *model.Request) (model.Outcome, bool) {
	switch {
	case b.Fail == 0:
		return t.next(b, req)
	case t.hidden || t.stream:
		return model.Denied, true
	}
	return responds(b.Fail), true
}
