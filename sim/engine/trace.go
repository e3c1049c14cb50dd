package engine

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Trace returns the hop of a connection with everything that was considered at
// each enforcement point.
func (e *Engine) Trace(q Question) model.Hop {
	hop := model.Hop{From: q.From, To: q.To, Families: []algebra.Family{q.Family}, Protocol: q.Protocol, Port: q.Port,
		FromName: e.name(q.From), ToName: e.name(q.To), Outcome: model.Allowed}
	key := algebra.ConnKey(q.Family, q.Protocol, q.Port)
	from, to := q.From.Kind == model.PartyEndpoint, q.To.Kind == model.PartyEndpoint
	switch {
	case from && to && !q.Hairpin && e.isSelf(q.From.Index, q.To.Index):
		hop.Points = []model.PointTrace{implicit("inside "+hop.FromName, model.Allow, "a pod cannot block access to itself")}
		return hop
	case !e.takesPart(q.From, key):
		return noFamily(hop, hop.FromName, q.Family)
	case !e.takesPart(q.To, key):
		return noFamily(hop, hop.ToName, q.Family)
	}
	if from {
		hop.Points = append(hop.Points, e.tracePoint(model.Egress, q.From.Index, q.To, key))
	}
	if to {
		hop.Points = append(hop.Points, e.tracePoint(model.Ingress, q.To.Index, q.From, key))
	}
	for i := range hop.Points {
		hop.Outcome = combine(hop.Outcome, hop.Points[i].Outcome)
	}
	return hop
}

func (e *Engine) name(p model.Party) string {
	switch p.Kind {
	case model.PartyEndpoint:
		return e.m.Endpoints[p.Index].ID()
	case model.PartyHost:
		return p.Host
	case model.PartyService:
		return e.m.Services[p.Index].ID()
	}
	return p.Addr.String()
}

func implicit(point string, a model.Action, why string) model.PointTrace {
	out := model.Allowed
	if a == model.Deny {
		out = model.Denied
	}
	return model.PointTrace{Point: point, Outcome: out,
		Steps: []model.Step{{Kind: model.StepImplicit, Point: point, Action: a, Match: algebra.Yes, Decides: true, Why: why}}}
}

func noFamily(hop model.Hop, name string, f algebra.Family) model.Hop {
	hop.Outcome = model.Denied
	hop.Points = []model.PointTrace{implicit("addresses of "+name, model.Deny, name+" has no "+f.String()+" address")}
	return hop
}

func pointName(d model.Direction, e *Engine, subject int) string {
	return d.String() + " of " + e.m.Endpoints[subject].ID()
}

// tracePoint walks one enforcement point and records it.
func (e *Engine) tracePoint(d model.Direction, subject int, peer model.Party, key uint32) model.PointTrace {
	w := walker{e: e, d: d, subject: subject, peer: peer, key: key, rec: &recorder{}}
	w.rec.steps = make([]model.Step, 0, w.row().prog.rules+3)
	out := w.decideAt()
	pt := model.PointTrace{Point: pointName(d, e, subject), Outcome: out.outcome(),
		Steps: w.rec.steps, Deciding: -1}
	if pt.Outcome == model.Undetermined {
		if len(w.rec.reasons) == 0 {
			w.doubtReasons()
		}
		pt.Reasons = w.rec.reasons
	}
	for i := range pt.Steps {
		s := &pt.Steps[i]
		s.Point = pt.Point
		if s.Decides && pt.Deciding < 0 {
			pt.Deciding = i
		}
	}
	return pt
}

// doubtReasons gives the doubts about the policies that select the subject as the
// reasons, where the recorded walk, which takes doubts as they come, was sure and
// only their being in force or not makes a difference.
func (w *walker) doubtReasons() {
	for _, p := range w.row().policies {
		if p.src.Uncertain != nil {
			w.addReason(p.src.Uncertain)
		}
	}
	if len(w.rec.reasons) == 0 {
		w.addReason(&model.Reason{Kind: model.MissingFact, Text: whyUnknown})
	}
}
