package sim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/l7"
	"github.com/netfate/netfate/sim/model"
)

// throughGateway answers a request, or a connection, that reaches a gateway: the
// way to its pods, the listener that takes it, the route, and each backend behind it.
func (s *Simulator) throughGateway(f model.Flow, g int) model.Verdict {
	gw := &s.m.Gateways[g]
	hop := model.Hop{From: f.From, FromName: s.Name(f.From), To: model.Party{Kind: model.PartyGateway, Index: g},
		ToName: "gateway " + gw.ID(), Protocol: f.Protocol, Port: f.Port, Outcome: model.Allowed, Request: requestText(f.Request)}
	if gw.Down != "" {
		return s.refusedAt(hop, "gateway "+gw.ID(), "the gateway is not served: "+gw.Down, gw.Origin, model.Refused)
	}
	listeners := listening(gw, &f)
	if len(listeners) == 0 {
		return s.nobodyListens(f, g, hop)
	}
	before := s.guarded(f, g, listeners[0])
	return inSequence(inSequence(s.toGateway(f, g), before.verdict), s.atListeners(before.flow, g, listeners, before.hop(hop)))
}

// nobodyListens is a flow that no listener takes. Policies are asked before the host
// where a listener of the port speaks HTTP.
func (s *Simulator) nobodyListens(f model.Flow, g int, hop model.Hop) model.Verdict {
	gw := &s.m.Gateways[g]
	why, at := whyNoListener(gw, &f)
	seen := noListener(gw, &f)
	i := slices.IndexFunc(gw.Listeners, func(l model.Listener) bool { return l.Down == "" && l.Port == f.Port && speaks(l.Protocol, &f) })
	if i < 0 || seen != model.Status(404) {
		return s.refusedAt(hop, "gateway "+gw.ID(), why, at, seen)
	}
	before := s.guarded(f, g, i)
	return inSequence(before.verdict, s.refusedAt(before.hop(hop), "gateway "+gw.ID(), why, at, seen))
}

// refusedAt is the verdict of traffic that a gateway does not take.
func (s *Simulator) refusedAt(hop model.Hop, point, why string, at model.Origin, sym model.Symptom) model.Verdict {
	if hop.Outcome != model.Denied || hop.Symptom == "" { // else something before said it
		hop.Symptom = sym
	}
	hop.Outcome = model.Denied
	hop.Points = append(slices.Clone(hop.Points), model.PointTrace{Point: point, Outcome: model.Denied, Steps: []model.Step{{Kind: model.StepRoute, Point: point,
		Action: model.Deny, Match: algebra.Yes, Peer: algebra.Yes, Traffic: algebra.Yes, Decides: true, Why: why, Origin: at}}})
	return answered(model.Denied, sym, hop)
}

// listening returns the listeners of a flow's port and protocol that take its
// host, the most specific host first.
func listening(gw *model.Gateway, f *model.Flow) []int {
	var out []int
	for i := range gw.Listeners {
		l := &gw.Listeners[i]
		if l.Down == "" && l.Port == f.Port && speaks(l.Protocol, f) && hostRank(l.Host, hostOf(f)) >= 0 {
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int {
		return cmp.Compare(hostRank(gw.Listeners[b].Host, hostOf(f)), hostRank(gw.Listeners[a].Host, hostOf(f)))
	})
	return out
}

// hostOf returns the host of a flow's request, or the server name of its TLS.
func hostOf(f *model.Flow) string {
	if f.Request == nil {
		return ""
	}
	return strings.ToLower(f.Request.Host)
}

// speaks tells whether a listener's protocol is that of a flow.
func speaks(p model.ListenerProtocol, f *model.Flow) bool {
	switch p {
	case model.ListenUDP:
		return f.Protocol == algebra.UDP
	case model.ListenTCP:
		return f.Protocol == algebra.TCP
	case model.ListenHTTP:
		return f.Protocol == algebra.TCP && f.Request != nil && !encrypted(f.Request)
	}
	return f.Protocol == algebra.TCP && f.Request != nil && encrypted(f.Request)
}

func encrypted(r *model.Request) bool { return r.Scheme == "https" || r.Scheme == "grpcs" }

// hostRank says how specific a listener's host is for a request's: -1 where it
// does not match, then any host, wildcards by their length, the exact host.
func hostRank(p model.Pattern, host string) int {
	value := strings.ToLower(p.Value)
	switch p.Kind {
	case model.PatternExact:
		if value == host {
			return 1 << 20
		}
	case model.PatternHostSuffix:
		if len(host) > len(value) && strings.HasSuffix(host, value) {
			return len(value)
		}
	default:
		return 0
	}
	return -1
}

// whyNoListener says why no listener takes a flow, and where the nearest is.
func whyNoListener(gw *model.Gateway, f *model.Flow) (string, model.Origin) {
	for i := range gw.Listeners {
		l := &gw.Listeners[i]
		if l.Port == f.Port && l.Down != "" {
			return fmt.Sprintf("listener %s is not served: %s", l.Name, l.Down), l.Origin
		}
	}
	for i := range gw.Listeners {
		l := &gw.Listeners[i]
		if l.Port != f.Port {
			continue
		}
		if !speaks(l.Protocol, f) {
			return fmt.Sprintf("listener %s on port %d speaks %s", l.Name, l.Port, l.Protocol), l.Origin
		}
		return fmt.Sprintf("no listener on port %d takes the host %q", f.Port, hostOf(f)), l.Origin
	}
	return fmt.Sprintf("no listener has port %d", f.Port), gw.Origin
}

// noListener is what a client sees: a port that speaks HTTP answers 404 for an
// unknown host, one that speaks TLS ends the handshake, others are closed.
func noListener(gw *model.Gateway, f *model.Flow) model.Symptom {
	for i := range gw.Listeners {
		l := &gw.Listeners[i]
		switch {
		case l.Down != "" || l.Port != f.Port:
		case speaks(l.Protocol, f) && l.Protocol == model.ListenHTTP:
			return model.Status(404)
		case speaks(l.Protocol, f), f.Request != nil && encrypted(f.Request):
			return model.TLSFailure
		default:
			return model.Reset
		}
	}
	return model.Refused
}

// atListeners is what one of several listeners that may take a flow does with it,
// the most specific one first.
func (s *Simulator) atListeners(f model.Flow, g int, listeners []int, hop model.Hop) model.Verdict {
	gw := &s.m.Gateways[g]
	choice := choiceOf(gw, listeners[0])
	if choice.Value == model.ListenerOfRoute {
		listeners = mostSpecific(gw, &f, listeners)
		shares := make([]share, 0, len(listeners))
		for _, i := range listeners {
			shares = append(shares, share{weight: 1, verdict: s.atListener(f, g, i, hop)})
		}
		if len(shares) == 1 {
			return shares[0].verdict
		}
		return oneOf(shares, *choice.Undefined(gw.Listeners[listeners[1]].Origin))
	}
	own := s.atListener(f, g, listeners[0], hop)
	if choice.Value == model.ListenerOwn || s.takes(f, g, listeners[0]) {
		return own
	}
	for _, i := range listeners[1:] {
		if s.takes(f, g, i) {
			shares := []share{{weight: 1, verdict: own}, {weight: 1, verdict: s.atListener(f, g, i, hop)}}
			return oneOf(shares, *choice.Undefined(gw.Listeners[i].Origin))
		}
	}
	return own
}

// choiceOf is how a gateway chooses among the listeners like one of them.
func choiceOf(gw *model.Gateway, listener int) *model.Choice[model.ListenerChoice] {
	switch gw.Listeners[listener].Protocol {
	case model.ListenHTTPS, model.ListenTLSTerminate:
		return &gw.Profile.SecureListeners
	}
	return &gw.Profile.Listeners
}

// mostSpecific are the listeners with the most specific host of any route for a
// flow; the first one where no route is for its host.
func mostSpecific(gw *model.Gateway, f *model.Flow, listeners []int) []int {
	best, out := -1, listeners[:1]
	for _, i := range listeners {
		rank := -1
		for j := range gw.Listeners[i].Table.Hosts {
			rank = max(rank, hostRank(gw.Listeners[i].Table.Hosts[j].Host, hostOf(f)))
		}
		switch {
		case rank > best:
			best, out = rank, []int{i}
		case rank == best && rank >= 0:
			out = append(out, i)
		}
	}
	return out
}

// seenAt is what a listener sees of a flow: those that pass TLS on, or end it for a
// stream, look at its server name alone.
func seenAt(l *model.Listener, f *model.Flow) model.Seen {
	seen := model.Seen{Port: l.Port, Request: f.Request, SNI: sni(f)}
	if l.Protocol != model.ListenHTTP && l.Protocol != model.ListenHTTPS {
		seen.Request = nil
	}
	return seen
}

// takes tells whether a route of a listener may take a flow.
func (s *Simulator) takes(f model.Flow, g, i int) bool {
	seen := seenAt(&s.m.Gateways[g].Listeners[i], &f)
	return s.l7.listener(g, i).Decide(hostOf(&f), &seen, nil)[0].Rule != nil
}

// atListener is what a listener's routes do with a flow.
func (s *Simulator) atListener(f model.Flow, g, i int, hop model.Hop) model.Verdict {
	gw, l := &s.m.Gateways[g], &s.m.Gateways[g].Listeners[i]
	point := "gateway " + gw.ID() + " listener " + l.Name
	seen := seenAt(l, &f)
	r := s.l7.listener(g, i)
	trace := r.Trace(hostOf(&f), &seen, point)
	choices := r.Decide(hostOf(&f), &seen, nil)
	if choices[0].Rule == nil {
		trace.Steps = append(notAttached(l, point, hostOf(&f)), trace.Steps...)
		if trace.Deciding >= 0 {
			trace.Deciding = len(trace.Steps) - 1
		}
	}
	hop.Points = append(slices.Clone(hop.Points), trace)
	t := &travel{flow: f, hop: hop, point: point, stream: seen.Request == nil, opaque: l.Protocol == model.ListenTLS}
	t.next = func(b *model.RouteBackend, req *model.Request) model.Verdict {
		return s.seenByClient(s.fromGateway(f, g, b, req, t), t)
	}
	v := s.follow(choices, t)
	if l.Gate != nil && v.Outcome != model.Denied {
		v.Outcome, v.Symptom, v.Reasons = model.Undetermined, model.UnknownSeen, appendReason(v.Reasons, *l.Gate)
	}
	return v
}

// notAttached are the routes for a host that name a gateway and that its listener
// does not take.
func notAttached(l *model.Listener, point, host string) []model.Step {
	var out []model.Step
	for _, a := range l.Attached {
		named := len(a.Hosts) == 0 || slices.ContainsFunc(a.Hosts, func(p model.Pattern) bool { return hostRank(p, host) >= 0 })
		if !a.Accepted && named {
			out = append(out, model.Step{Kind: model.StepRoute, Point: point, Action: model.Pass, Match: algebra.No, Peer: algebra.Yes,
				Traffic: algebra.No, Why: a.Route.Object.Ref.String() + " is not attached: " + a.Why, Origin: a.Route})
		}
	}
	return out
}

func sni(f *model.Flow) string {
	if f.Request != nil && encrypted(f.Request) {
		return f.Request.Host
	}
	return ""
}

// listenerRouters are compiled once per listener.
func listenerRouters(m *model.Model) [][]*l7.Router {
	out := make([][]*l7.Router, len(m.Gateways))
	for g := range m.Gateways {
		for i := range m.Gateways[g].Listeners {
			out[g] = append(out[g], l7.NewRouter(&m.Gateways[g].Listeners[i].Table))
		}
	}
	return out
}
