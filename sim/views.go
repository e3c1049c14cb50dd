package sim

import (
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/routing"
)

// view is one way in which the ends of a connection may see each other, where
// addresses are translated between them.
type view struct {
	egress  engine.Question // as the source's egress sees it
	ingress engine.Question // as the destination's ingress sees it
}

// views lists the ways for a target: who the destination may take the source
// for, and what the source's egress may take the destination for.
func (s *Simulator) views(t *routing.Target, fam algebra.Family) []view {
	plain := engine.Question{From: t.From, To: t.To, Family: fam, Protocol: t.Protocol, Port: t.Port}
	outs := []engine.Question{plain}
	if t.Via != nil {
		via := plain
		via.To, via.Port = t.Via.To, t.Via.Port
		outs = append(outs, via)
	}
	var views []view
	for _, from := range sources(t) {
		in := plain
		in.From = from
		for _, out := range outs {
			views = append(views, view{out, in})
		}
	}
	return views
}

// sources are the parties that the receiver may see as the source.
func sources(t *routing.Target) []model.Party {
	if t.SNAT == algebra.No {
		return []model.Party{t.From}
	}
	var out []model.Party
	if t.SNAT == algebra.Maybe {
		out = append(out, t.From)
	}
	for _, n := range t.Nodes {
		out = append(out, model.Party{Kind: model.PartyEndpoint, Index: n})
	}
	if len(t.Nodes) == 0 {
		out = append(out, model.Party{Kind: model.PartyHost, Host: "the address of a node"})
	}
	return out
}

// viewReason says why the views of a target may differ.
func viewReason(t *routing.Target) model.Reason {
	if t.SNATReason != nil {
		return *t.SNATReason
	}
	return model.Reason{Kind: model.UndefinedByAPI, Confidence: model.Documented,
		Text: "where a node port is translated, before or after the pod's egress policy, is the implementation's"}
}

// hop traces one connection and adds it to the verdict.
func (s *Simulator) hop(v *model.Verdict, w *view, t *routing.Target, alternative bool, carried *wire) model.Outcome {
	h := s.traceView(w)
	if t.Hairpin {
		h = s.hairpin(v, w.egress, t)
		w.egress.Hairpin, w.ingress.Hairpin = true, true
	}
	h.Alternative = alternative
	if h.Outcome == model.Denied && s.mayMatchServiceAddress(v, w.egress, t) {
		h.Outcome = model.Undetermined
	}
	if h.Outcome == model.Denied {
		v.Blockers = append(v.Blockers, s.blockers(w)...)
	}
	s.inbound(v, &h, t, w, carried)
	for _, p := range h.Points {
		for _, r := range p.Reasons {
			if h.Outcome == model.Undetermined {
				v.Reasons = appendReason(v.Reasons, r)
			}
		}
	}
	v.Hops = append(v.Hops, h)
	return h.Outcome
}

// traceView traces the two enforcement points, each as it sees the connection.
func (s *Simulator) traceView(w *view) model.Hop {
	out := s.engine.Trace(w.egress)
	if w.egress == w.ingress {
		return out
	}
	in := s.engine.Trace(w.ingress)
	hop := in
	hop.Points, hop.Outcome = nil, model.Allowed
	if w.egress.From != w.ingress.From {
		hop.FromName += " (translated from " + out.FromName + ")"
	}
	for _, p := range append(pointsOf(out, model.Egress), pointsOf(in, model.Ingress)...) {
		hop.Points = append(hop.Points, p)
		hop.Outcome = min(hop.Outcome, p.Outcome)
	}
	return hop
}

// pointsOf returns the points of a hop that are not of the other direction.
func pointsOf(h model.Hop, d model.Direction) []model.PointTrace {
	var out []model.PointTrace
	for _, p := range h.Points {
		if strings.HasPrefix(p.Point, d.String()+" of ") {
			out = append(out, p)
		}
	}
	return out
}

// blockers returns what denies a connection at either end.
func (s *Simulator) blockers(w *view) []model.Step {
	if w.egress == w.ingress {
		return s.engine.Blockers(w.egress)
	}
	var out []model.Step
	for _, b := range s.engine.Blockers(w.egress) {
		if strings.HasPrefix(b.Point, model.Egress.String()) {
			out = append(out, b)
		}
	}
	for _, b := range s.engine.Blockers(w.ingress) {
		if strings.HasPrefix(b.Point, model.Ingress.String()) {
			out = append(out, b)
		}
	}
	return out
}
