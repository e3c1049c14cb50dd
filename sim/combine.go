package sim

import (
	"cmp"
	"slices"

	"github.com/netfate/netfate/sim/model"
)

// inSequence is the verdict of two stretches that traffic takes one after the
// other: it gets through where both let it, and every blocker of either counts.
func inSequence(a, b model.Verdict) model.Verdict {
	out := a
	out.Hops = append(slices.Clone(a.Hops), b.Hops...)
	out.Blockers = append(slices.Clone(a.Blockers), b.Blockers...)
	out.Routed = append(slices.Clone(a.Routed), b.Routed...)
	out.Mirrored = append(slices.Clone(a.Mirrored), b.Mirrored...)
	out.Location = cmp.Or(b.Location, a.Location)
	out.Notes = union(a.Notes, b.Notes)
	out.Reasons = slices.Clone(a.Reasons)
	for _, r := range b.Reasons {
		out.Reasons = appendReason(out.Reasons, r)
	}
	switch {
	case a.Outcome == model.Denied:
	case b.Outcome == model.Denied:
		out.Outcome, out.Symptom = model.Denied, b.Symptom
		if a.Outcome == model.Undetermined {
			out.Symptom = model.UnknownSeen
		}
	case a.Outcome == model.Allowed:
		out.Outcome, out.Symptom = b.Outcome, b.Symptom
	}
	if out.Outcome != model.Undetermined {
		out.Reasons = nil
	}
	return out
}

func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// share is what becomes of one part of the requests that a route splits.
type share struct {
	weight  float64
	routed  *model.Routed // nil: not a backend of a route
	verdict model.Verdict
}

// oneOf is the verdict of traffic that takes exactly one of several ways, for a
// reason that is said where they differ.
func oneOf(shares []share, why model.Reason) model.Verdict {
	if len(shares) == 0 {
		return model.Verdict{Outcome: model.Undetermined, Symptom: model.UnknownSeen, Reasons: []model.Reason{why}}
	}
	out := model.Verdict{Outcome: shares[0].verdict.Outcome, Symptom: shares[0].verdict.Symptom, Location: shares[0].verdict.Location}
	total := 0.0
	for i := range shares {
		total += shares[i].weight
	}
	differ := false
	for i := range shares {
		s := &shares[i]
		v := s.verdict
		differ = differ || v.Outcome != out.Outcome
		if v.Location != out.Location {
			out.Location = "" // the ways differ: each one's trace says its own
		}
		if v.Symptom != out.Symptom && v.Outcome == out.Outcome && out.Outcome != model.Undetermined {
			out.Symptom = out.Symptom + " or " + v.Symptom
		}
		for _, h := range v.Hops {
			h.Alternative = h.Alternative || len(shares) > 1
			out.Hops = append(out.Hops, h)
		}
		out.Blockers = append(out.Blockers, v.Blockers...)
		out.Notes = union(out.Notes, v.Notes)
		for _, r := range v.Reasons {
			out.Reasons = appendReason(out.Reasons, r)
		}
		out.Routed = append(out.Routed, routedOf(s, total)...)
		out.Mirrored = append(out.Mirrored, v.Mirrored...)
	}
	if differ {
		out.Outcome, out.Symptom = model.Undetermined, model.UnknownSeen
		out.Reasons = appendReason(out.Reasons, why)
	}
	return out
}

// routedOf lists a share's backend, or those behind it, with their part of the whole.
func routedOf(s *share, total float64) []model.Routed {
	part := 1.0
	if total > 0 {
		part = s.weight / total
	}
	if s.routed != nil {
		r := *s.routed
		r.Share, r.Outcome, r.Symptom = part, s.verdict.Outcome, s.verdict.Symptom
		return []model.Routed{r}
	}
	out := slices.Clone(s.verdict.Routed)
	for i := range out {
		out[i].Share *= part
	}
	return out
}

// answered is the verdict of a request that something on the way, the last point of
// a hop, answers itself.
func answered(o model.Outcome, s model.Symptom, h model.Hop) model.Verdict {
	v := model.Verdict{Outcome: o, Symptom: s, Hops: []model.Hop{h}}
	if n := len(h.Points); n > 0 {
		v.Blockers = denials(&h.Points[n-1])
	}
	return v
}

// denials are the steps of a point that deny and decide.
func denials(p *model.PointTrace) []model.Step {
	var out []model.Step
	for i := range p.Steps {
		if st := &p.Steps[i]; st.Action == model.Deny && st.Decides {
			out = append(out, *st)
		}
	}
	return out
}
