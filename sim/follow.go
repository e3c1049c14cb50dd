package sim

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/l7"
	"github.com/netfate/netfate/sim/model"
)

// travel is a flow at a router: what it was, the hop it arrived by, and how it
// goes on to a backend.
type travel struct {
	flow   model.Flow
	hop    model.Hop
	point  string // the router, in words
	opaque bool   // the request goes on inside the client's own TLS
	stream bool   // the router sees no request: its failures close the connection
	next   func(*model.RouteBackend, *model.Request) model.Verdict
	// pass is where a request goes that no route takes; nil: the router answers.
	pass func() model.Verdict
}

// follow is what becomes of a flow for the choices of a router.
func (s *Simulator) follow(choices []l7.Choice, t *travel) model.Verdict {
	if len(choices) == 1 {
		return s.act(choices[0].Action, t)
	}
	why := model.Reason{Kind: model.MissingFact, Confidence: model.Source, Text: "which route takes the request is open"}
	if p := t.hop.Points; len(p) > 0 && len(p[len(p)-1].Reasons) > 0 {
		why = p[len(p)-1].Reasons[0]
	}
	shares := make([]share, 0, len(choices))
	for i := range choices {
		shares = append(shares, share{weight: 1, verdict: s.act(choices[i].Action, t)})
	}
	v := oneOf(shares, why)
	if v.Outcome != model.Undetermined {
		v.Reasons = nil
	}
	return v
}

// act is what one action makes of a flow.
func (s *Simulator) act(a *model.RouteAction, t *travel) model.Verdict {
	v := s.does(a, t)
	if a.Abort > 0 && a.Kind != model.RouteRespond {
		v = s.aborted(a, t, v)
	}
	if a.Gate != nil && v.Outcome != model.Denied {
		v.Outcome, v.Symptom = model.Undetermined, model.UnknownSeen
		v.Reasons = appendReason(v.Reasons, *a.Gate)
	}
	for i := range a.Mirrors {
		v.Notes = union(v.Notes, []string{"a copy goes to " + a.Mirrors[i].Name})
		v.Mirrored = append(v.Mirrored, s.mirrored(&a.Mirrors[i], a.Rewrite, t))
	}
	return v
}

// mirrored is what becomes of a copy.
func (s *Simulator) mirrored(b *model.RouteBackend, w *model.Rewrite, t *travel) model.Routed {
	req := l7.Apply(l7.Apply(t.flow.Request, w), b.Rewrite)
	v := s.toBackend(b, req, t)
	return model.Routed{Name: b.Name, Origin: b.Origin, Share: cmp.Or(b.Copied, 1), Outcome: v.Outcome, Symptom: v.Symptom,
		Request: req, Reached: reached(v.Hops)}
}

// responses lists what rewrites change of the response, in order.
func responses(list ...*model.Rewrite) []*model.HeaderChange {
	var out []*model.HeaderChange
	for _, w := range list {
		if w != nil && w.Response != nil {
			out = append(out, w.Response)
		}
	}
	return out
}

func (s *Simulator) does(a *model.RouteAction, t *travel) model.Verdict {
	switch a.Kind {
	case model.RouteRespond:
		return s.respond(a.Status, a.Why, a.Origin, t)
	case model.RouteRedirect:
		to := a.Location
		if a.Redirect != nil && t.flow.Request != nil {
			to = l7.Location(t.flow.Request, t.flow.Port, a.Redirect)
		}
		v := s.respond(a.Status, "redirects to "+to, a.Origin, t)
		v.Notes = append(v.Notes, "the client is redirected to "+to)
		v.Location = to
		return v
	case model.RouteReset:
		return s.refuse(model.Reset, a.Why, a.Origin, t)
	case model.RoutePass:
		if t.pass != nil {
			return t.pass()
		}
	}
	return s.forward(a, t)
}

// respond is a router that answers itself: an error or a redirect denies, any
// other status is what the client gets.
func (s *Simulator) respond(status int, why string, at model.Origin, t *travel) model.Verdict {
	if status < 300 {
		h := t.hop
		h.Symptom = model.Status(status)
		return answered(model.Allowed, h.Symptom, h)
	}
	return s.refuse(model.Status(status), why, at, t)
}

// refuse is a router at which traffic ends.
func (s *Simulator) refuse(seen model.Symptom, why string, at model.Origin, t *travel) model.Verdict {
	h := t.hop
	if h.Outcome != model.Denied || h.Symptom == "" { // else something before the router said it
		h.Symptom = seen
	}
	h.Outcome = model.Denied
	if len(h.Points) == 0 {
		h.Points = []model.PointTrace{{Point: t.point, Deciding: -1}}
	}
	p := h.Points[len(h.Points)-1]
	step := model.Step{Kind: model.StepRoute, Point: t.point, Action: model.Deny, Match: algebra.Yes, Peer: algebra.Yes,
		Traffic: algebra.Yes, Decides: true, Why: why, Origin: at}
	p.Outcome = model.Denied
	if n := len(p.Steps); n > 0 && p.Steps[n-1].Why == why && p.Steps[n-1].Origin == at { // it already says so
		p.Steps = p.Steps[:n-1]
	}
	p.Steps = append(p.Steps[:len(p.Steps):len(p.Steps)], step)
	p.Deciding = len(p.Steps) - 1
	h.Points = append(h.Points[:len(h.Points)-1:len(h.Points)-1], p)
	return model.Verdict{Outcome: model.Denied, Symptom: seen, Hops: []model.Hop{h}, Blockers: []model.Step{step}}
}

// forward sends a flow on to the backends of a route.
func (s *Simulator) forward(a *model.RouteAction, t *travel) model.Verdict {
	var shares []share
	req := l7.Apply(t.flow.Request, a.Rewrite)
	if t.opaque {
		req = nil
	}
	for i := range a.Backends {
		b := &a.Backends[i]
		if b.Weight == 0 {
			continue
		}
		on := l7.Apply(req, b.Rewrite)
		v := s.toBackend(b, on, t)
		routed := &model.Routed{Name: b.Name, Origin: b.Origin, Request: on, Reached: reached(v.Hops), Response: responses(b.Rewrite, a.Rewrite)}
		shares = append(shares, share{weight: float64(b.Weight), routed: routed, verdict: v})
	}
	if len(shares) == 0 {
		return s.respond(500, "the route has no backend with a weight", a.Origin, t)
	}
	on := oneOf(shares, model.Reason{Kind: model.LoadBalancing, Confidence: model.Source, Origin: a.Origin,
		Text: fmt.Sprintf("the route splits requests over %d backends, of which some answer and others do not", len(shares))})
	before := model.Verdict{Outcome: model.Allowed, Symptom: model.Connected}
	if t.hop.ToName != "" {
		before.Hops = []model.Hop{t.hop}
	}
	if r := rewriteReason(a); r != nil && on.Outcome != model.Undetermined {
		on.Outcome, on.Symptom, on.Reasons = model.Undetermined, model.UnknownSeen, appendReason(on.Reasons, *r)
	}
	return inSequence(before, on)
}

// reached lists the endpoints at which hops end.
func reached(hops []model.Hop) []model.Reached {
	var out []model.Reached
	for i := range hops {
		r := model.Reached{Endpoint: hops[i].To.Index, Port: hops[i].Port}
		if hops[i].To.Kind == model.PartyEndpoint && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

func rewriteReason(a *model.RouteAction) *model.Reason {
	if a.Rewrite == nil {
		return nil
	}
	return a.Rewrite.Unsettled
}

// toBackend is one backend's share: its failure, or the stretch to it.
func (s *Simulator) toBackend(b *model.RouteBackend, req *model.Request, t *travel) model.Verdict {
	if b.Fail == 0 {
		return t.next(b, req)
	}
	x := *t
	x.hop = model.Hop{From: t.hop.To, FromName: t.hop.ToName, ToName: b.Name, Protocol: t.flow.Protocol, Port: b.Port}
	if t.opaque || t.stream {
		return s.refuse(model.Reset, b.Why, b.Origin, &x)
	}
	return s.respond(b.Fail, b.Why, b.Origin, &x)
}

// aborted is a fault that answers a share of the requests in the route's place.
func (s *Simulator) aborted(a *model.RouteAction, t *travel, v model.Verdict) model.Verdict {
	fault := s.respond(a.Status, fmt.Sprintf("a fault is injected into %g%% of the requests", a.Abort), a.Origin, t)
	if a.Abort >= 100 {
		return fault
	}
	return oneOf([]share{{weight: a.Abort, verdict: fault}, {weight: 100 - a.Abort, verdict: v}}, model.Reason{
		Kind: model.LoadBalancing, Confidence: model.Source, Origin: a.Origin, Text: fmt.Sprintf("a fault is injected into %g%% of the requests", a.Abort)})
}
