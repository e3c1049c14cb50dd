package sim

import (
	"sync"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/routing"
)

// Decide returns the outcome of Verdict(f) without its evidence. It builds no trace
// where the way of the flow is settled: through sidecars and one gateway,
// their routes and policies. On other ways (several gateways or listeners, sources
// that are translated, a pod that reaches itself, what is open about proxies) it
// asks Verdict.
func (s *Simulator) Decide(f model.Flow) model.Outcome {
	if o, ok := s.decide(&f); ok {
		return o
	}
	return s.Verdict(f).Outcome
}

// decide is Decide for the ways that are settled; false for others.
func (s *Simulator) decide(f *model.Flow) (model.Outcome, bool) {
	if s.l7 == nil {
		return s.connects(f, nil)
	}
	if g, ok := s.gatewayOf(f); ok {
		if len(g) != 1 {
			return 0, false
		}
		return s.passesGateway(f, g[0])
	}
	if f.From.Kind != model.PartyEndpoint {
		return s.connects(f, s.plain(f))
	}
	switch out := s.l7.mesh.Client(f.From.Index); {
	case out.Proxyless || out.Sidecar == algebra.Maybe:
		return 0, false
	case out.Sidecar == algebra.No || f.Protocol != algebra.TCP:
		return s.connects(f, s.plain(f))
	}
	return s.passesSidecar(f)
}

// connects is the outcome of connect.
func (s *Simulator) connects(f *model.Flow, w *wire) (model.Outcome, bool) {
	var out anyOne // without a common family: denied
	room := s.targets.get()
	defer s.targets.put(room)
	for _, fam := range s.families(f) {
		route := s.routes.Quiet(*f, fam, *room)
		*room = route.Targets[:0]
		if route.NotInFamily {
			continue
		}
		s.inSubset(&route, w)
		o, ok := s.anyTarget(&route, fam, w)
		if !ok {
			return 0, false
		}
		out.add(o)
	}
	return out.outcome, true
}

// anyOne is the outcome of what may go one of several ways: undetermined where they
// differ, denied where there is none.
type anyOne struct {
	outcome model.Outcome
	any     bool
}

func (a *anyOne) add(o model.Outcome) {
	if a.any && o != a.outcome {
		o = model.Undetermined
	}
	a.outcome, a.any = o, true
}

// rooms lends room for the targets of a route, so that a decision makes none.
type rooms struct{ pool sync.Pool }

func (r *rooms) get() *[]routing.Target {
	if room, ok := r.pool.Get().(*[]routing.Target); ok {
		return room
	}
	return new(make([]routing.Target, 0, 4))
}

func (r *rooms) put(room *[]routing.Target) { r.pool.Put(room) }

// anyTarget is the outcome of a route, of whose targets any one may be taken.
func (s *Simulator) anyTarget(route *routing.Route, fam algebra.Family, w *wire) (model.Outcome, bool) {
	if len(route.Targets) == 0 {
		if len(route.Steps) == 0 {
			return model.Undetermined, true
		}
		return model.Denied, true
	}
	var out anyOne
	for i := range route.Targets {
		o, ok := s.reaches(&route.Targets[i], fam, w)
		if !ok {
			return 0, false
		}
		out.add(o)
	}
	if out.outcome == model.Allowed && len(route.Reasons) > 0 && mayHaveNone(route) {
		return model.Undetermined, true
	}
	return out.outcome, true
}

// reaches is the outcome of one target whose ends see each other as they are.
func (s *Simulator) reaches(t *routing.Target, fam algebra.Family, w *wire) (model.Outcome, bool) {
	if t.Hairpin || t.Via != nil {
		return 0, false
	}
	if t.SNAT != algebra.No {
		return s.translated(t, fam, w)
	}
	q := engine.Question{From: t.From, To: t.To, Family: fam, Protocol: t.Protocol, Port: t.Port}
	o := s.engine.Decide(q)
	if o == model.Denied && s.m.Profile.PreDNAT.Value == algebra.Maybe && t.Service >= 0 && t.From.Kind == model.PartyEndpoint {
		return 0, false // blocks of addresses may mean the Service's
	}
	return s.arrives(o, t, t.From, fam, w), true
}

// translated is the outcome of one target that may see a client from outside with
// the address of a node.
func (s *Simulator) translated(t *routing.Target, fam algebra.Family, w *wire) (model.Outcome, bool) {
	if t.From.Kind == model.PartyEndpoint || t.To.Kind != model.PartyEndpoint {
		return 0, false
	}
	q := engine.Question{To: t.To, Family: fam, Protocol: t.Protocol, Port: t.Port}
	return agreed(sources(t), func(from model.Party) (model.Outcome, bool) {
		q.From = from
		return s.arrives(s.engine.Ingress(q), t, from, fam, w), s.mayHave(from, fam)
	})
}

// mayHave tells whether a party may have addresses of a family.
func (s *Simulator) mayHave(p model.Party, fam algebra.Family) bool {
	if p.Kind != model.PartyEndpoint {
		return true
	}
	v4, v6 := s.m.Endpoints[p.Index].Families()
	return fam == algebra.IPv4 && v4 || fam == algebra.IPv6 && v6
}

// arrives is the outcome of inbound for a connection that the network decides so,
// from who its destination sees.
func (s *Simulator) arrives(o model.Outcome, t *routing.Target, from model.Party, fam algebra.Family, w *wire) model.Outcome {
	if w == nil || s.l7 == nil || t.Protocol != algebra.TCP || t.To.Kind != model.PartyEndpoint {
		return o
	}
	in := s.l7.mesh.Inbound(t.To.Index, t.Port)
	if in.Sidecar == algebra.No {
		if w.proxied && w.tls == model.TLSMutual {
			return model.Denied
		}
		return o
	}
	x := &arrival{s: s, in: in, w: w, endpoint: t.To.Index}
	x.seen = model.Seen{Port: t.Port, Peer: s.peerAddr(from, fam), Local: s.peerAddr(t.To, fam)}
	after := min(o, x.decide())
	if in.Sidecar == algebra.Maybe && after != o {
		return model.Undetermined
	}
	return after
}

// decide is the outcome of run.
func (x *arrival) decide() model.Outcome {
	switch {
	case x.in.Bypass:
		return model.Allowed
	case x.in.Unserved:
		return model.Denied
	case x.in.Refused != nil:
		return model.Undetermined
	}
	mutual := x.speaksMutual()
	if mutual {
		x.seen.Principal = x.w.principal
	}
	if mutual && !x.in.Proxyless && x.s.l7.sni {
		x.seen.SNI = x.w.server.String()
	}
	x.seen.Remote = x.seen.Peer
	out := x.decideTLS(mutual)
	switch {
	case out == model.Denied:
		return out
	case x.http():
		return min(out, x.decideRequest())
	case x.w.request == nil && x.in.Protocol == model.PortHTTP:
		x.seen.AnyRequest = true
		return min(out, x.s.l7.custom.Decide(x.endpoint, &x.seen), x.s.l7.requests.Decide(x.endpoint, &x.seen))
	}
	return min(out, x.s.l7.streams.Decide(x.endpoint, &x.seen))
}

// decideTLS is the outcome of tls.
func (x *arrival) decideTLS(mutual bool) model.Outcome {
	switch {
	case x.w.proxied && x.w.tls == model.TLSOwn:
		if x.in.Mode == model.MTLSStrict || x.in.Protocol == model.PortHTTP {
			return model.Denied
		}
		return model.Undetermined
	case mutual && x.in.Mode == model.MTLSDisable, !mutual && x.in.Mode == model.MTLSStrict:
		return model.Denied
	}
	return model.Allowed
}

// decideRequest is the outcome of requests.
func (x *arrival) decideRequest() model.Outcome {
	r := withPath(x.w.request, x.in.Path(x.w.request.Path))
	x.seen.Request = r
	x.remote()
	out := x.s.l7.custom.Decide(x.endpoint, &x.seen)
	check := x.in.CheckToken(r)
	if x.seen.Verified = check.Verified; check.Verified {
		verified := *r
		verified.Token, x.seen.Request = check.Token, &verified
	}
	out = min(out, x.s.l7.requests.Decide(x.endpoint, &x.seen))
	if x.in.ProtocolReason != nil {
		plain := x.seen
		plain.Request, plain.Verified, plain.Remote = nil, false, plain.Peer
		if x.s.l7.streams.Decide(x.endpoint, &plain) != out {
			out = model.Undetermined
		}
	}
	if check.Step != nil && check.Step.Action == model.Deny {
		return model.Denied
	}
	return out
}
