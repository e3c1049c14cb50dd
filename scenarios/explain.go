package scenarios

import (
	"fmt"
	"io"
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// explain writes what decides a verdict, what else blocks, and the nearest rule
// that would allow it.
func explain(w io.Writer, v model.Verdict) {
	for _, line := range explained(v) {
		_, _ = fmt.Fprintln(w, line)
	}
}

func explained(v model.Verdict) []string {
	var out []string
	out = append(out, v.Notes...)
	switch v.Outcome {
	case model.Allowed:
		for _, h := range v.Hops {
			out = append(out, allowedBy(h)...)
		}
	case model.Denied:
		out = append(out, blockedBy(v)...)
	default:
		out = append(out, openFor(v)...)
		out = append(out, blockedBy(v)...)
	}
	return out
}

func allowedBy(h model.Hop) []string {
	var out []string
	for _, p := range h.Points {
		if p.Deciding >= 0 {
			out = append(out, "allowed at "+p.Point+": "+describe(&p.Steps[p.Deciding]))
		}
	}
	return out
}

func blockedBy(v model.Verdict) []string {
	var out []string
	for i := range v.Blockers {
		word := "blocked at "
		if i > 0 {
			word = "also blocked at "
		}
		out = append(out, word+v.Blockers[i].Point+": "+describe(&v.Blockers[i]))
	}
	if near := nearestRule(v); near != nil {
		out = append(out, "nearest rule: "+near.Origin.String()+" "+near.Why)
	}
	return out
}

func openFor(v model.Verdict) []string {
	var out []string
	for i := range v.Reasons {
		r := &v.Reasons[i]
		line := "open because (" + r.Kind.String() + "): " + r.String()
		if o := r.Origin.String(); o != "" {
			line += ", at " + o
		}
		out = append(out, line)
	}
	return out
}

// describe words a step with its place.
func describe(s *model.Step) string {
	text := s.Origin.String()
	switch {
	case s.Kind == model.StepRule && s.Action == model.Allow:
		text += " allows it"
	case s.Kind == model.StepRule && s.Action == model.Deny:
		text += " denies it"
	case s.Kind == model.StepRule:
		text += " passes it on"
	case text == "":
		text = s.Why
	default:
		text += ": " + s.Why
	}
	for _, o := range s.Others {
		text += "; so does " + o.String()
	}
	return text
}

// nearestRule returns the Allow rule at a denying point that misses by least:
// one that selects the peer but not the port before one that is the other way
// round.
func nearestRule(v model.Verdict) *model.Step {
	var list []*model.Step
	for h := range v.Hops {
		for p := range v.Hops[h].Points {
			pt := &v.Hops[h].Points[p]
			if pt.Outcome == model.Allowed {
				continue
			}
			for i := range pt.Steps {
				if s := &pt.Steps[i]; s.Kind == model.StepRule && s.Action == model.Allow && s.Match == algebra.No && s.Peer.Or(s.Traffic) != algebra.No {
					list = append(list, s)
				}
			}
		}
	}
	if len(list) == 0 {
		return nil
	}
	return slices.MaxFunc(list, func(a, b *model.Step) int { return int(a.Peer) - int(b.Peer) })
}
