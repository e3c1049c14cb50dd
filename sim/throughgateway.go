package sim

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/l7"
	"github.com/netfate/netfate/sim/model"
)

// throughGateway answers a request, or a connection, that reaches a gateway: the
// listener that takes it, the route, and each backend behind it.
func (s *Simulator) throughGateway(f model.Flow, g int) model.Verdict {
	gw := &s.m.Gateways[g]
	hop := model.Hop{From: f.From, FromName: s.Name(f.From), To: model.Party{Kind: model.PartyGateway, Index: g},
		ToName: "gateway " + gw.ID(), Protocol: f.Protocol, Port: f.Port, Outcome: model.Allowed, Request: requestText(f.Request)}
	if gw.Down != "" {
		return s.refusedAt(hop, "gateway "+gw.ID(), gw.Down, gw.Origin, model.Refused)
	}
	listeners := s.listening(gw, &f)
	if len(listeners) == 0 {
		why, at := whyNoListener(gw, &f)
		return s.refusedAt(hop, "gateway "+gw.ID(), why, at, noListener(gw, &f))
	}
	arrive := s.toGateway(f, g)
	shares := make([]share, 0, len(listeners))
	for _, i := range listeners {
		shares = append(shares, share{weight: 1, verdict: s.atListener(f, g, i, hop)})
	}
	after := shares[0].verdict
	if len(shares) > 1 {
		after = oneOf(shares, *gw.Isolation.Undefined(gw.Origin))
	}
	return inSequence(arrive, after)
}

// refusedAt is the verdict of traffic that a gateway does not take.
func (s *Simulator) refusedAt(hop model.Hop, point, why string, at model.Origin, sym model.Symptom) model.Verdict {
	hop.Outcome, hop.Symptom = model.Denied, sym
	hop.Points = []model.PointTrace{{Point: point, Outcome: model.Denied, Steps: []model.Step{{Kind: model.StepRoute, Point: point,
		Action: model.Deny, Match: algebra.Yes, Peer: algebra.Yes, Traffic: algebra.Yes, Decides: true, Why: why, Origin: at}}}}
	return answered(model.Denied, sym, hop)
}

// listening returns the listeners that may take a flow: those of its port and
// protocol with the most specific host; where isolation is open, also less
// specific ones that have a route for it.
func (s *Simulator) listening(gw *model.Gateway, f *model.Flow) []int {
	var out []int
	best := -1
	for i := range gw.Listeners {
		l := &gw.Listeners[i]
		if l.Down != "" || l.Port != f.Port || !speaks(l.Protocol, f) {
			continue
		}
		n := hostRank(l.Host, hostOf(f))
		switch {
		case n < 0 || n < best:
		case n > best:
			best, out = n, []int{i}
		default:
			out = append(out, i)
		}
	}
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
		case speaks(l.Protocol, f):
			return model.TLSFailure
		default:
			return model.Reset
		}
	}
	return model.Refused
}

// toGateway is the stretch from the client to the gateway's pods, at layers 3 and 4.
func (s *Simulator) toGateway(f model.Flow, g int) model.Verdict {
	gw := &s.m.Gateways[g]
	to := f
	to.Request = nil
	switch {
	case gw.Service >= 0:
		to.To = model.Party{Kind: model.PartyService, Index: gw.Service}
		if !slices.ContainsFunc(s.m.Services[gw.Service].Ports, func(p model.ServicePort) bool { return p.Port == f.Port }) {
			return model.Verdict{Outcome: model.Allowed, Symptom: model.Connected,
				Notes: []string{fmt.Sprintf("Service %s does not list port %d of the gateway %s: the way to its pods is not checked", s.m.Services[gw.Service].ID(), f.Port, gw.ID())}}
		}
		return s.connect(to, nil)
	case len(gw.Pods) > 0:
		return s.toGatewayPods(to, gw)
	}
	return model.Verdict{Outcome: model.Allowed, Symptom: model.Connected,
		Notes: []string{"the pods of gateway " + gw.ID() + " are not known (" + gw.PodsWhy + "): policies on the way to it are not checked"}}
}

// toGatewayPods is the way to the pods of a gateway without a known Service.
func (s *Simulator) toGatewayPods(f model.Flow, gw *model.Gateway) model.Verdict {
	shares := make([]share, 0, len(gw.Pods))
	for _, p := range gw.Pods {
		f.To = model.Party{Kind: model.PartyEndpoint, Index: p}
		shares = append(shares, share{weight: 1, verdict: s.connect(f, nil)})
	}
	return oneOf(shares, model.Reason{Kind: model.LoadBalancing, Confidence: model.Source, Text: "the pods of the gateway differ"})
}

// atListener is what a listener's routes do with a flow.
func (s *Simulator) atListener(f model.Flow, g, i int, hop model.Hop) model.Verdict {
	gw, l := &s.m.Gateways[g], &s.m.Gateways[g].Listeners[i]
	point := "gateway " + gw.ID() + " listener " + l.Name
	seen := model.Seen{Port: l.Port, Request: f.Request, SNI: sni(&f)}
	if l.Protocol == model.ListenTLS || l.Protocol == model.ListenTCP || l.Protocol == model.ListenUDP {
		seen.Request = nil
	}
	r := s.l7.listener(g, i)
	hop.Points = []model.PointTrace{r.Trace(hostOf(&f), &seen, point)}
	return s.follow(r.Decide(hostOf(&f), &seen, nil), &travel{flow: f, hop: hop, point: point, opaque: seen.Request == nil && f.Request != nil,
		next: func(b *model.RouteBackend, req *model.Request) model.Verdict { return s.fromGateway(f, g, b, req) }})
}

func sni(f *model.Flow) string {
	if f.Request != nil && encrypted(f.Request) {
		return f.Request.Host
	}
	return ""
}

// fromGateway is the stretch from a gateway's pods to one backend of a route.
func (s *Simulator) fromGateway(f model.Flow, g int, b *model.RouteBackend, req *model.Request) model.Verdict {
	gw := &s.m.Gateways[g]
	next := model.Flow{Protocol: f.Protocol, Port: b.Port, Families: f.Families, To: s.backendParty(b)}
	if len(gw.Pods) == 0 {
		return model.Verdict{Outcome: model.Undetermined, Symptom: model.UnknownSeen, Reasons: []model.Reason{{Kind: model.MissingFact,
			Confidence: model.Source, Origin: gw.Origin, Text: "the pods that carry the traffic of gateway " + gw.ID() + " are not known: " + gw.PodsWhy}}}
	}
	req = s.forwarded(req, &f, gw)
	var shares []share
	for _, p := range gw.Pods {
		next.From = model.Party{Kind: model.PartyEndpoint, Index: p}
		w := s.carry(p, b, req, f.Request != nil && req == nil)
		shares = append(shares, share{weight: 1, verdict: s.connect(next, w)})
	}
	if same(shares) {
		return shares[0].verdict
	}
	return oneOf(shares, model.Reason{Kind: model.LoadBalancing, Confidence: model.Source, Text: "the pods of the gateway differ"})
}

// forwarded adds the client's address, as a gateway sees it, to the forwarding
// header; what is not known is written as such. From outside a Service may put
// the node's address in its place.
func (s *Simulator) forwarded(req *model.Request, f *model.Flow, gw *model.Gateway) *model.Request {
	if req == nil {
		return nil
	}
	seen := "unknown"
	outside := f.From.Kind != model.PartyEndpoint
	if fam := s.families(f); len(fam) > 0 && (!outside || gw.Service < 0 || s.m.Services[gw.Service].ExternalLocal) {
		if ip := s.peerAddr(f.From, fam[0]); ip.IsValid() {
			seen = ip.String()
		}
	}
	if old := req.Headers["x-forwarded-for"]; old != "" {
		seen = old + "," + seen
	}
	return l7.Apply(req, &model.Rewrite{Set: map[string]string{"x-forwarded-for": seen}})
}

// same tells whether verdicts agree, so that one stands for all.
func same(shares []share) bool {
	return !slices.ContainsFunc(shares, func(x share) bool {
		return signature(&x.verdict) != signature(&shares[0].verdict)
	})
}

func (s *Simulator) backendParty(b *model.RouteBackend) model.Party {
	if b.Service >= 0 {
		return model.Party{Kind: model.PartyService, Index: b.Service}
	}
	return model.Party{Kind: model.PartyHost, Host: b.Host}
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
