package sim

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/netfate/netfate/sim/l7"
	"github.com/netfate/netfate/sim/model"
)

// toGateway is the stretch from the client to the gateway's pods, at layers 3 and 4.
func (s *Simulator) toGateway(f model.Flow, g int) model.Verdict {
	return s.toPods(f, g, s.beforeGateway(&f, &s.m.Gateways[g]))
}

// toPods is toGateway with what the client sends to a proxy before the pods.
func (s *Simulator) toPods(f model.Flow, g int, w *wire) model.Verdict {
	gw := &s.m.Gateways[g]
	to := f
	to.Request = nil
	switch {
	case gw.Service >= 0:
		to.To = model.Party{Kind: model.PartyService, Index: gw.Service}
		if !servesPort(&s.m.Services[gw.Service], f.Port) {
			return unchecked(fmt.Sprintf("Service %s does not list port %d of the gateway %s: the way to its pods is not checked", s.m.Services[gw.Service].ID(), f.Port, gw.ID()))
		}
		return s.connect(to, w)
	case len(gw.Pods) > 0:
		return s.eachPod(gw.Pods, func(p int) model.Verdict {
			to.To = model.Party{Kind: model.PartyEndpoint, Index: p}
			return s.connect(to, w)
		})
	}
	return unchecked("the pods of gateway " + gw.ID() + " are not known (" + gw.PodsWhy + "): policies on the way to it are not checked")
}

func servesPort(s *model.Service, port uint16) bool {
	return slices.ContainsFunc(s.Ports, func(p model.ServicePort) bool { return p.Port == port })
}

// beforeGateway is what a client sends to pods of a gateway that are not the mesh's
// own and have a sidecar, which looks at it first; nil where nobody does.
func (s *Simulator) beforeGateway(f *model.Flow, gw *model.Gateway) *wire {
	if !slices.ContainsFunc(gw.Pods, func(p int) bool { x := s.m.Endpoints[p].Proxy; return x != nil && !x.Gateway }) {
		return nil
	}
	if f.From.Kind != model.PartyEndpoint || gw.Service < 0 {
		return s.plain(f)
	}
	b := model.RouteBackend{Service: gw.Service, Port: f.Port}
	w := s.carry(f.From.Index, &b, f.Request, f.Request != nil && encrypted(f.Request))
	return w
}

func unchecked(note string) model.Verdict {
	return model.Verdict{Outcome: model.Allowed, Symptom: model.Connected, Notes: []string{note}}
}

// eachPod is the verdict of what any one of a gateway's pods does: of those that
// agree the first stands for all.
func (s *Simulator) eachPod(pods []int, ask func(pod int) model.Verdict) model.Verdict {
	shares := make([]share, 0, len(pods))
	for _, p := range pods {
		shares = append(shares, share{weight: 1, verdict: ask(p)})
	}
	if len(shares) == 1 || same(shares) {
		return shares[0].verdict
	}
	return oneOf(shares, model.Reason{Kind: model.LoadBalancing, Confidence: model.Source, Text: "the pods of the gateway differ"})
}

// same tells whether verdicts agree, so that one stands for all.
func same(shares []share) bool {
	return !slices.ContainsFunc(shares, func(x share) bool {
		return signature(&x.verdict) != signature(&shares[0].verdict)
	})
}

// fromGateway is the stretch from a gateway's pods to one backend of a route.
func (s *Simulator) fromGateway(f model.Flow, g int, b *model.RouteBackend, req *model.Request, t *travel) model.Verdict {
	gw := &s.m.Gateways[g]
	next := model.Flow{Protocol: f.Protocol, Port: b.Port, Families: f.Families, To: s.backendParty(b), Backends: true}
	req = s.forwarded(plaintext(req, b), &f, gw, t.stream)
	ask := func(p int) model.Verdict {
		next.From = model.Party{Kind: model.PartyEndpoint, Index: p}
		w := s.carry(p, b, req, t.opaque)
		w.stream = t.stream
		return s.connect(next, w)
	}
	if len(gw.Pods) == 0 {
		return s.fromAnyPod(gw, b, ask)
	}
	return s.eachPod(gw.Pods, ask)
}

// maxStandIns bounds the pods that stand for those of a gateway that are not known.
const maxStandIns = 256

// fromAnyPod answers for a gateway whose pods are not known: where every pod of the
// cluster but those of the backend fares the same, and no rule of the network's
// policies makes it so that might take another pod for another, so does it.
func (s *Simulator) fromAnyPod(gw *model.Gateway, b *model.RouteBackend, ask func(pod int) model.Verdict) model.Verdict {
	why := model.Reason{Kind: model.MissingFact, Confidence: model.Source, Origin: gw.Origin,
		Text: "the pods that carry the traffic of gateway " + gw.ID() + " are not known (" + gw.PodsWhy + "), and it depends on them"}
	seen, asked := map[uint32]bool{}, []share(nil)
	var own []int32
	if b.Service >= 0 {
		own = s.routes.Backends(b.Service)
	}
	for i := range s.m.Endpoints {
		e, k := &s.m.Endpoints[i], s.engine.ClassOf(i)
		if e.Kind != model.Pod || e.Cluster != "" || seen[k] && e.Proxy == nil || slices.Contains(own, int32(i)) {
			continue
		}
		seen[k] = true
		if asked = append(asked, share{weight: 1, verdict: ask(i)}); len(asked) > maxStandIns || asked[len(asked)-1].verdict.Outcome != asked[0].verdict.Outcome {
			return model.Verdict{Outcome: model.Undetermined, Symptom: model.UnknownSeen, Reasons: []model.Reason{why}}
		}
	}
	if len(asked) == 0 || asked[0].verdict.Outcome == model.Undetermined {
		return model.Verdict{Outcome: model.Undetermined, Symptom: model.UnknownSeen, Reasons: []model.Reason{why}}
	}
	v := asked[0].verdict
	if gw.NoPods != nil && v.Outcome == model.Allowed && byRule(&v) {
		return model.Verdict{Outcome: model.Undetermined, Symptom: model.UnknownSeen, Reasons: []model.Reason{*gw.NoPods}}
	}
	if gw.NoPods == nil && slices.ContainsFunc(asked, func(x share) bool { return byRule(&x.verdict) }) {
		return model.Verdict{Outcome: model.Undetermined, Symptom: model.UnknownSeen, Reasons: []model.Reason{why}}
	}
	v.Notes = union(v.Notes, []string{"the pods of gateway " + gw.ID() + " are not known (" + gw.PodsWhy + "); every pod of the cluster fares the same, and one is shown in their place"})
	return v
}

// byRule tells whether rules of the network's policies may take another pod than
// the one asked for otherwise: one of them lets it in or out, or, where it is
// denied, would let others.
func byRule(v *model.Verdict) bool {
	selects := func(p model.PointTrace) bool {
		if v.Outcome == model.Allowed {
			return p.Deciding >= 0 && p.Steps[p.Deciding].Rule != nil
		}
		return slices.ContainsFunc(p.Steps, func(x model.Step) bool { return x.Rule != nil && x.Action != model.Deny })
	}
	return slices.ContainsFunc(v.Hops, func(h model.Hop) bool {
		return slices.ContainsFunc(pointsOf(h, model.Ingress), selects) || slices.ContainsFunc(pointsOf(h, model.Egress), selects)
	})
}

// plaintext is a request whose TLS ended at a gateway.
func plaintext(req *model.Request, b *model.RouteBackend) *model.Request {
	if req == nil || !encrypted(req) || b.TLS == model.TLSOwn {
		return req
	}
	out := *req
	out.Scheme = out.Scheme[:len(out.Scheme)-1]
	return &out
}

// forwardedUnknown stands in the forwarding header for an address that is not known.
const forwardedUnknown = "unknown"

// forwarded adds the client's address, as a gateway sees it, to the forwarding
// header; what is not known is written as such. From outside a Service may put
// the node's address in its place. A gateway that sees a stream adds nothing.
func (s *Simulator) forwarded(req *model.Request, f *model.Flow, gw *model.Gateway, stream bool) *model.Request {
	if req == nil || stream {
		return req
	}
	seen := forwardedUnknown
	if ip := s.clientTold(f, gw); ip.IsValid() {
		seen = ip.String()
	}
	if old := req.Headers["x-forwarded-for"]; old != "" {
		seen = old + "," + seen
	}
	return l7.Apply(req, &model.Rewrite{Set: map[string]string{"x-forwarded-for": seen}})
}

// clientTold is the client's address as a gateway sees it and tells it, invalid where
// it is not known.
func (s *Simulator) clientTold(f *model.Flow, gw *model.Gateway) netip.Addr {
	outside := f.From.Kind != model.PartyEndpoint
	if fam := s.families(f); len(fam) > 0 && (!outside || gw.Service < 0 || s.m.Services[gw.Service].ExternalLocal) {
		return s.peerAddr(f.From, fam[0])
	}
	return netip.Addr{}
}

// seenByClient is what a gateway's client sees of a backend that the gateway does
// not reach: an error of the gateway in place of the request, a closed connection
// in place of a stream.
func (s *Simulator) seenByClient(v model.Verdict, t *travel) model.Verdict {
	if v.Outcome != model.Denied {
		return v
	}
	switch v.Symptom {
	case model.Timeout, model.Refused, model.Reset, model.TLSFailure, model.NoSuchHost:
	default:
		return v
	}
	switch {
	case t.stream && t.flow.Protocol.String() == "UDP":
		v.Symptom = model.Timeout
	case t.stream:
		v.Symptom = model.Reset
	case v.Symptom == model.Refused && len(v.Hops) == 0: // no ready endpoints
		v.Symptom = model.Status(503)
	default:
		v.Symptom = s.m.Gateways[t.hop.To.Index].Profile.Unreachable.Value
	}
	return v
}

func (s *Simulator) backendParty(b *model.RouteBackend) model.Party {
	if b.Service >= 0 {
		return model.Party{Kind: model.PartyService, Index: b.Service}
	}
	return model.Party{Kind: model.PartyHost, Host: b.Host}
}
