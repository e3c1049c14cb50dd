package sim

import (
	"net/netip"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/l7"
	"github.com/netfate/netfate/sim/mesh"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/routing"
)

// inbound adds to a hop what the proxy of its destination does.
func (s *Simulator) inbound(v *model.Verdict, h *model.Hop, t *routing.Target, w *view, carried *wire) {
	if carried == nil || s.l7 == nil || t.Protocol != algebra.TCP || t.To.Kind != model.PartyEndpoint {
		return
	}
	h.Request = requestText(carried.request)
	in := s.l7.mesh.Inbound(t.To.Index, t.Port)
	if in.Sidecar == algebra.No {
		s.withoutProxy(v, h, carried)
		return
	}
	x := &arrival{s: s, in: in, w: carried, hop: h, endpoint: t.To.Index}
	x.seen = model.Seen{Port: t.Port, Peer: s.peerAddr(w.ingress.From, w.ingress.Family), Local: s.peerAddr(t.To, w.ingress.Family)}
	before := h.Outcome
	x.run()
	if in.Sidecar == algebra.Maybe && h.Outcome != before {
		h.Outcome, h.Symptom = model.Undetermined, model.UnknownSeen
		v.Reasons = appendReason(v.Reasons, *in.Reason)
		return
	}
	v.Blockers = append(v.Blockers, x.blockers...)
	if h.Outcome == model.Undetermined {
		for _, r := range x.reasons {
			v.Reasons = appendReason(v.Reasons, r)
		}
	}
	v.Notes = union(v.Notes, x.notes)
}

// withoutProxy is a destination that has no proxy: a client's proxy that insists
// on the mesh's mutual TLS does not reach it.
func (s *Simulator) withoutProxy(v *model.Verdict, h *model.Hop, w *wire) {
	if !w.proxied || w.tls != model.TLSMutual || h.Outcome == model.Denied {
		return
	}
	p := model.PointTrace{Point: "TLS to " + h.ToName, Outcome: model.Denied, Steps: []model.Step{{Kind: model.StepImplicit,
		Point: "TLS to " + h.ToName, Action: model.Deny, Match: algebra.Yes, Peer: algebra.Yes, Traffic: algebra.Yes, Decides: true,
		Why: "the client's proxy speaks the mesh's mutual TLS, and the destination has no sidecar"}}}
	h.Points = append(h.Points, p)
	h.Outcome, h.Symptom = model.Denied, failure(w)
	v.Blockers = append(v.Blockers, p.Steps...)
}

// failure is what a client sees of a connection that its destination's proxy
// refuses: its own proxy answers 503 for a request, without one it is reset.
func failure(w *wire) model.Symptom {
	if w.proxied && w.request != nil && !w.opaque && !w.stream {
		return model.Status(503)
	}
	return model.Reset
}

// arrival is the work of one proxy on one connection.
type arrival struct {
	s        *Simulator
	in       mesh.Inbound
	w        *wire
	hop      *model.Hop
	endpoint int
	seen     model.Seen
	blockers []model.Step
	reasons  []model.Reason
	notes    []string
	// tokenStatus is what a refused token is answered with; forward: a verified one
	// stays in the request.
	tokenStatus int
	forward     bool
	place       string // where it is, in words; "" is the sidecar of the hop's end
}

func (x *arrival) run() {
	if x.in.Bypass {
		x.notes = append(x.notes, x.in.BypassWhy)
		return
	}
	if x.in.Unserved {
		x.add(model.PointTrace{Point: x.point("configuration of "), Outcome: model.Denied, Steps: []model.Step{{Kind: model.StepImplicit,
			Point: x.point("configuration of "), Action: model.Deny, Match: algebra.Yes, Peer: algebra.Yes, Traffic: algebra.Yes, Decides: true,
			Why: "no Service names the port: the mesh does not describe it to the workload, which closes its connections"}}})
		return
	}
	if x.in.Refused != nil {
		x.add(model.PointTrace{Point: x.point("configuration of "), Outcome: model.Undetermined, Reasons: []model.Reason{*x.in.Refused},
			Steps: []model.Step{{Kind: model.StepImplicit, Point: x.point("configuration of "), Match: algebra.Maybe, Peer: algebra.Maybe,
				Traffic: algebra.Maybe, Why: x.in.Refused.Text, Reason: x.in.Refused, Origin: x.in.Refused.Origin}}})
		return
	}
	mutual := x.speaksMutual()
	if mutual {
		x.seen.Principal = x.w.principal
	}
	if mutual && !x.in.Proxyless { // gRPC does not show policies the server name
		x.seen.SNI = x.w.server.String()
	}
	x.add(x.tls(mutual))
	x.seen.Remote = x.seen.Peer
	point := x.point("authorization at ")
	switch {
	case x.http():
		r := *x.w.request
		r.Path = x.in.Path(r.Path)
		x.seen.Request = &r
		x.remote()
		x.requests(point)
	case x.w.request == nil && x.in.Protocol == model.PortHTTP:
		x.seen.AnyRequest = true
		if x.s.l7.custom.Selects(x.endpoint) {
			x.add(x.s.l7.custom.Trace(x.endpoint, &x.seen, point))
		}
		x.add(x.s.l7.requests.Trace(x.endpoint, &x.seen, point))
	default:
		x.add(x.s.l7.streams.Trace(x.endpoint, &x.seen, point))
	}
}

// requests are the points of a request in their order: external authorizers are
// asked before the token is looked at, the other policies after.
func (x *arrival) requests(point string) {
	before := x.s.l7.custom.Trace(x.endpoint, &x.seen, point)
	token := x.token()
	after := x.s.l7.requests.Trace(x.endpoint, &x.seen, point)
	x.eitherProtocol(&before, &after)
	if x.s.l7.custom.Selects(x.endpoint) {
		x.add(before)
	}
	if token != nil {
		x.add(*token)
	}
	x.add(after)
}

// eitherProtocol leaves points open where it is not known whether the proxy takes
// the port for HTTP, and a plain connection would fare otherwise.
func (x *arrival) eitherProtocol(points ...*model.PointTrace) {
	if x.in.ProtocolReason == nil {
		return
	}
	plain := x.seen
	plain.Request, plain.Verified, plain.Remote = nil, false, plain.Peer
	outcome := model.Allowed
	for _, p := range points {
		outcome = min(outcome, p.Outcome)
	}
	if x.s.l7.streams.Decide(x.endpoint, &plain) == outcome {
		return
	}
	for _, p := range points {
		p.Outcome, p.Reasons = model.Undetermined, append(p.Reasons, *x.in.ProtocolReason)
	}
}

func (x *arrival) point(what string) string {
	if x.place != "" {
		return what + x.place
	}
	if x.in.Proxyless {
		return what + x.hop.ToName
	}
	return what + "the sidecar of " + x.hop.ToName
}

// speaksMutual tells whether the connection arrives with the mesh's mutual TLS.
func (x *arrival) speaksMutual() bool {
	switch {
	case !x.w.proxied || x.w.tls == model.TLSNone || x.w.tls == model.TLSOwn:
		return false
	case x.w.tls == model.TLSMutual:
		return true
	}
	return x.in.Mode != model.MTLSDisable && !x.in.Unannounced
}

// tls is what the proxy accepts of mutual TLS and plaintext.
func (x *arrival) tls(mutual bool) model.PointTrace {
	p := model.PointTrace{Point: x.point("mutual TLS at "), Outcome: model.Allowed}
	step := model.Step{Kind: model.StepRule, Point: p.Point, Tier: "mtls", Action: model.Allow, Match: algebra.Yes,
		Peer: algebra.Yes, Traffic: algebra.Yes, Decides: true, Origin: x.in.ModeOrigin, Why: x.in.ModeWhy}
	if x.in.ModeOrigin.Object == nil {
		step.Kind = model.StepDefault
	}
	switch {
	case x.w.proxied && x.w.tls == model.TLSOwn:
		x.ownTLS(&p, &step)
	case mutual && x.in.Mode == model.MTLSDisable:
		step.Action, step.Why = model.Deny, "the client speaks mutual TLS, "+x.in.ModeWhy
	case !mutual && x.in.Mode == model.MTLSStrict:
		step.Action, step.Why = model.Deny, "the client speaks plaintext, "+x.in.ModeWhy
	}
	if step.Action == model.Deny {
		p.Outcome = model.Denied
	}
	p.Steps = []model.Step{step}
	return p
}

// ownTLS is TLS that is not the mesh's: refused where mutual TLS is wanted, else
// passed on to the application as it is, which answers where it speaks TLS itself.
func (x *arrival) ownTLS(p *model.PointTrace, step *model.Step) {
	if x.in.Mode == model.MTLSStrict || x.in.Protocol == model.PortHTTP {
		step.Action, step.Why = model.Deny, "the client's proxy speaks TLS that is not the mesh's, which the sidecar does not end"
		return
	}
	why := model.Reason{Kind: model.MissingFact, Confidence: model.Inferred, Origin: x.in.ModeOrigin,
		Text: "the client's proxy speaks TLS of its own, which the sidecar passes on: whether the application speaks TLS is not known"}
	p.Outcome, p.Reasons = model.Undetermined, []model.Reason{why}
	step.Match, step.Why, step.Reason = algebra.Maybe, why.Text, &why
}

// http tells whether the proxy takes the connection's content for HTTP.
func (x *arrival) http() bool {
	if x.w.request == nil || x.w.opaque {
		return false
	}
	if x.in.Protocol == model.PortDetect && x.w.stream && x.speaksMutual() {
		return false // the client's proxy says so in the handshake
	}
	return x.in.Protocol != model.PortStream
}

// remote is the client's address as forwarding headers tell it: sidecars trust the
// last address in them, whoever wrote it. Where there is none it stays the peer's
// (Envoy's getLastAddressFromXFF).
func (x *arrival) remote() {
	if x.in.PeerOnly {
		return
	}
	list := x.w.request.Headers["x-forwarded-for"]
	if list == "" {
		return
	}
	if i := strings.LastIndexByte(list, ','); i+1 < len(list) {
		list = list[i+1:]
	}
	switch a, err := netip.ParseAddr(strings.TrimSpace(list)); {
	case err == nil:
		x.seen.Remote = a
	case list == forwardedUnknown:
		x.seen.Remote = netip.Addr{}
	}
}

// token validates the request's token where the workload asks for one; nil where
// it does not.
func (x *arrival) token() *model.PointTrace {
	check := x.in.CheckToken(x.seen.Request)
	if x.seen.Verified = check.Verified; check.Verified {
		x.seen.Request.Token = check.Token
	}
	if check.Step == nil {
		return nil
	}
	x.tokenStatus, x.forward = check.Status, check.Forward
	step := *check.Step
	step.Point = x.point("token at ")
	p := model.PointTrace{Point: step.Point, Outcome: model.Allowed, Steps: []model.Step{step}}
	if step.Action == model.Deny {
		p.Outcome = model.Denied
	}
	return &p
}

// add appends a point to the hop: the first that denies gives the symptom.
func (x *arrival) add(p model.PointTrace) {
	x.hop.Points = append(x.hop.Points, p)
	x.blockers = append(x.blockers, l7.Blockers(&p)...)
	x.reasons = append(x.reasons, p.Reasons...)
	if p.Outcome == model.Denied && x.hop.Outcome != model.Denied {
		x.hop.Symptom = x.symptom(&p)
		if x.hop.Outcome == model.Undetermined {
			x.hop.Symptom = model.UnknownSeen
		}
	}
	x.hop.Outcome = min(x.hop.Outcome, p.Outcome)
}

func (x *arrival) symptom(p *model.PointTrace) model.Symptom {
	switch {
	case x.seen.AnyRequest && p.Outcome == model.Denied && strings.HasPrefix(p.Point, "authorization"):
		return model.Status(403)
	case x.seen.Request == nil:
		return failure(x.w)
	case len(p.Steps) > 0 && p.Steps[0].Tier == "token":
		return model.Status(x.tokenStatus)
	}
	return model.Status(403)
}

// peerAddr returns the address by which a proxy sees a party, invalid when it is not known.
func (s *Simulator) peerAddr(p model.Party, fam algebra.Family) netip.Addr {
	switch p.Kind {
	case model.PartyAddress:
		return p.Addr
	case model.PartyEndpoint:
		for _, ip := range s.m.Endpoints[p.Index].IPs {
			if ip.Is4() == (fam == algebra.IPv4) {
				return ip
			}
		}
	}
	return netip.Addr{}
}

// requestText is "GET http://host/path", or "" for no request.
func requestText(r *model.Request) string {
	if r == nil {
		return ""
	}
	scheme, method, path := r.Scheme, r.Method, r.Path
	if scheme == "" {
		scheme = "http"
	}
	if method == "" {
		method = "GET"
	}
	if path == "" {
		path = "/"
	}
	return method + " " + scheme + "://" + r.Host + path
}
