package sim

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/admit"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/routing"
)

// guard is what the mesh's policies at a gateway make of a flow, before its routes
// are asked: the points in their order, their verdict without a hop, and the flow as
// the routes see it.
type guard struct {
	points  []model.PointTrace
	verdict model.Verdict
	flow    model.Flow
}

// guarded asks the policies of the mesh at a gateway about a flow that one of its
// listeners takes. Nothing is asked where its proxies are not the mesh's.
func (s *Simulator) guarded(f model.Flow, g, listener int) guard {
	gw, l := &s.m.Gateways[g], &s.m.Gateways[g].Listeners[listener]
	out := guard{flow: f, verdict: model.Verdict{Outcome: model.Allowed, Symptom: model.Connected}}
	if s.m.Mesh == nil || f.Protocol != algebra.TCP {
		return out
	}
	if len(gw.Pods) == 0 {
		s.unknownGuard(&out, gw, &f)
		return out
	}
	for i, k := range s.knocks(&f, gw) {
		x := s.guardAt(&k, &f, gw, l)
		if x == nil {
			return out // pods of another implementation
		}
		if i == 0 {
			out.take(x, &f)
			continue
		}
		if x.hop.Outcome != out.verdict.Outcome {
			out.verdict.Outcome, out.verdict.Symptom = model.Undetermined, model.UnknownSeen
			out.verdict.Reasons = appendReason(append(out.verdict.Reasons, x.reasons...), k.why)
		}
	}
	s.certificate(&out, gw, l)
	return out
}

// take makes an arrival at one pod that of the gateway.
func (g *guard) take(x *arrival, f *model.Flow) {
	g.points = x.hop.Points
	g.verdict = model.Verdict{Outcome: x.hop.Outcome, Symptom: x.hop.Symptom, Blockers: x.blockers, Notes: x.notes}
	switch x.hop.Outcome {
	case model.Undetermined:
		g.verdict.Symptom, g.verdict.Reasons = model.UnknownSeen, x.reasons
	case model.Allowed:
		g.verdict.Symptom = model.Connected
	}
	if x.seen.Request == nil {
		return
	}
	r := *x.seen.Request
	if r.Token = f.Request.Token; x.seen.Verified && !x.forward {
		r.Token = nil // the proxy takes it out
	}
	g.flow.Request = &r
}

// hop marks the hop to a gateway with what its policies say.
func (g *guard) hop(h model.Hop) model.Hop {
	h.Points = append(slices.Clone(h.Points), g.points...)
	if h.Outcome = min(h.Outcome, g.verdict.Outcome); g.verdict.Outcome == model.Denied {
		h.Symptom = g.verdict.Symptom
	}
	return h
}

// guardAt is what the proxy of one pod makes of a flow; nil where it is no gateway's.
func (s *Simulator) guardAt(k *knock, f *model.Flow, gw *model.Gateway, l *model.Listener) *arrival {
	p := s.m.Endpoints[k.pod].Proxy
	if p == nil || !p.Gateway {
		return nil
	}
	x := &arrival{s: s, in: s.l7.mesh.AtGateway(k.pod), w: s.plain(f), hop: &model.Hop{Outcome: model.Allowed}, endpoint: k.pod, place: "gateway " + gw.ID()}
	x.seen = model.Seen{Port: k.port, Peer: k.peer, Remote: k.peer, Local: k.local, SNI: sni(f)}
	requests := f.Request != nil && (l.Protocol == model.ListenHTTP || l.Protocol == model.ListenHTTPS)
	s.front(x, p, f, requests)
	point := x.point("authorization at ")
	if !requests {
		x.add(s.l7.streams.Trace(k.pod, &x.seen, point))
		return x
	}
	r := *f.Request
	r.Path = x.in.Path(r.Path)
	x.seen.Request = &r
	x.requests(point)
	return x
}

// front is who a gateway takes for its peer and for the client, by what stands before
// it. Proxies that it trusts stand between it and clients outside the cluster: they
// are its peers, whose addresses are not known, and tell it the client's. A client
// in the cluster reaches it directly and writes the forwarding header itself
// (Envoy's use_remote_address and xff_num_trusted_hops).
func (s *Simulator) front(x *arrival, p *model.Proxy, f *model.Flow, requests bool) {
	outside := s.isOutside(f.From)
	switch {
	case p.ProxyProtocol && outside:
		x.seen.Peer, x.seen.Remote = netip.Addr{}, f.From.Addr
	case p.TrustedProxies > 0 && outside:
		if x.seen.Peer = (netip.Addr{}); requests {
			x.seen.Remote = f.From.Addr
		} else {
			x.seen.Remote = netip.Addr{}
		}
	case p.TrustedProxies > 0 && requests:
		list := strings.Split(f.Request.Headers["x-forwarded-for"], ",")
		if i := len(list) - int(p.TrustedProxies); i >= 0 {
			if a, err := netip.ParseAddr(strings.TrimSpace(list[i])); err == nil {
				x.seen.Remote = a
			}
		}
	}
}

// certificate leaves a denial open where the listener asks for a certificate of the
// client, and policies for an identity, which it may have by that.
func (s *Simulator) certificate(g *guard, gw *model.Gateway, l *model.Listener) {
	if l.Gate == nil || g.verdict.Outcome != model.Denied || !s.asksIdentity(gw.Pods[0]) {
		return
	}
	g.verdict.Outcome, g.verdict.Symptom, g.verdict.Blockers = model.Undetermined, model.UnknownSeen, nil
	g.verdict.Reasons = appendReason(g.verdict.Reasons, *l.Gate)
}

// asksIdentity tells whether any policy at a pod looks at the client's identity.
func (s *Simulator) asksIdentity(pod int) bool {
	asks := false
	for _, tier := range slices.Concat(s.l7.custom.Policies(pod), s.l7.requests.Policies(pod), s.l7.streams.Policies(pod)) {
		for _, p := range tier {
			admit.LeavesOf(p, func(c *model.Cond) { asks = asks || c.Attr == model.AttrPrincipal })
		}
	}
	return asks
}

// unknownGuard is a gateway whose pods are not known: what policies of the mesh that
// may select them say is open, unless its proxies are of no mesh.
func (s *Simulator) unknownGuard(g *guard, gw *model.Gateway, f *model.Flow) {
	may := &gw.Profile.MeshPolicies
	if may.Value == algebra.No {
		return
	}
	why := model.Reason{Kind: model.MissingFact, Row: may.Row, Confidence: may.Confidence, Text: may.Text + "; give its GatewayClass, or its pods, among the sources"}
	if may.Value == algebra.Yes {
		why = model.Reason{Kind: model.MissingFact, Confidence: model.Source,
			Text: "the pods of gateway " + gw.ID() + " are not known (" + gw.PodsWhy + "), and so which policies of the mesh select them"}
	}
	tiers := s.m.Mesh.Stream
	if f.Request != nil {
		tiers = s.m.Mesh.Request
	}
	p := model.PointTrace{Point: "authorization at gateway " + gw.ID(), Outcome: model.Undetermined, Deciding: -1}
	for _, t := range tiers {
		for _, x := range t.Policies {
			if x.Subject.Namespace != "" && x.Subject.Namespace != gw.Namespace {
				continue
			}
			r := why
			r.Origin = x.Origin
			p.Steps = append(p.Steps, model.Step{Kind: model.StepRule, Point: p.Point, Tier: t.Name, Match: algebra.Maybe, Peer: algebra.Maybe,
				Traffic: algebra.Maybe, Why: "whether it counts at the gateway is not known", Reason: &r, Origin: x.Origin})
			p.Reasons = appendReason(p.Reasons, r)
		}
	}
	if len(p.Steps) > 0 {
		g.points = []model.PointTrace{p}
		g.verdict = model.Verdict{Outcome: model.Undetermined, Symptom: model.UnknownSeen, Reasons: p.Reasons}
	}
}

// knock is one way in which a flow may arrive at a pod of a gateway.
type knock struct {
	pod         int
	port        uint16
	peer, local netip.Addr
	why         model.Reason // why there are others
}

// knocks lists the ways in which a flow arrives at a gateway's pods: each pod, and
// each address that it may see in place of the client's.
func (s *Simulator) knocks(f *model.Flow, gw *model.Gateway) []knock {
	differ := model.Reason{Kind: model.LoadBalancing, Confidence: model.Source, Text: "the pods of the gateway differ"}
	to := *f
	to.Request = nil
	var out []knock
	for _, fam := range s.families(f) {
		for _, p := range s.doors(gw) {
			to.To = p
			route := s.routes.Quiet(to, fam, nil)
			for i := range route.Targets {
				t := &route.Targets[i]
				if t.To.Kind != model.PartyEndpoint || !slices.Contains(gw.Pods, t.To.Index) {
					continue
				}
				out = append(out, s.knocksOf(t, fam, differ)...)
			}
		}
	}
	if len(out) == 0 { // it does not get there: the policies are shown all the same
		out = append(out, knock{pod: gw.Pods[0], port: f.Port, why: differ})
	}
	return out
}

func (s *Simulator) knocksOf(t *routing.Target, fam algebra.Family, differ model.Reason) []knock {
	var out []knock
	for i, from := range sources(t) {
		k := knock{pod: t.To.Index, port: t.Port, peer: s.peerAddr(from, fam), local: s.peerAddr(t.To, fam), why: differ}
		if i > 0 {
			k.why = viewReason(t)
		}
		out = append(out, k)
	}
	return out
}

// doors are where a gateway is reached: its Service, or each of its pods.
func (s *Simulator) doors(gw *model.Gateway) []model.Party {
	if gw.Service >= 0 {
		return []model.Party{{Kind: model.PartyService, Index: gw.Service}}
	}
	var out []model.Party
	for _, p := range gw.Pods {
		out = append(out, model.Party{Kind: model.PartyEndpoint, Index: p})
	}
	return out
}
