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
func explain(w io.Writer, m *model.Model, v model.Verdict) {
	for _, line := range explained(m, v) {
		_, _ = fmt.Fprintln(w, line)
	}
}

func explained(m *model.Model, v model.Verdict) []string {
	var out []string
	out = append(out, v.Notes...)
	switch v.Outcome {
	case model.Allowed:
		for _, h := range v.Hops {
			out = append(out, allowedBy(h)...)
		}
	case model.Denied:
		out = append(out, blockedBy(m, v)...)
	default:
		out = append(out, openFor(v)...)
		out = append(out, blockedBy(m, v)...)
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

func blockedBy(m *model.Model, v model.Verdict) []string {
	var out []string
	for i := range v.Blockers {
		word := "blocked at "
		if i > 0 {
			word = "also blocked at "
		}
		out = append(out, word+v.Blockers[i].Point+": "+describe(&v.Blockers[i]))
	}
	if near, hop := nearestRule(v); near != nil {
		out = append(out, "nearest rule: "+near.Origin.String()+" "+misses(m, near, hop))
	}
	return out
}

// misses says by what a rule misses a connection: where it is the port, which
// ports it allows, and how the receiving pod names its own.
func misses(m *model.Model, s *model.Step, hop *model.Hop) string {
	if s.Rule == nil || s.Peer == algebra.No {
		return s.Why
	}
	text := "selects the peer, but allows " + s.Rule.Traffic.String() + " only"
	if m == nil || len(s.Rule.Traffic.Named) == 0 || hop.To.Kind != model.PartyEndpoint {
		return text
	}
	to := &m.Endpoints[hop.To.Index]
	if names := model.PortNames(to.Ports); names != "" {
		return text + "; on " + to.ID() + " " + names
	}
	return text + "; " + to.ID() + " names no port"
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
func nearestRule(v model.Verdict) (*model.Step, *model.Hop) {
	var list []*model.Step
	hops := map[*model.Step]*model.Hop{}
	for h := range v.Hops {
		for p := range v.Hops[h].Points {
			pt := &v.Hops[h].Points[p]
			if pt.Outcome == model.Allowed {
				continue
			}
			for i := range pt.Steps {
				if s := &pt.Steps[i]; s.Kind == model.StepRule && s.Action == model.Allow && s.Match == algebra.No && s.Peer.Or(s.Traffic) != algebra.No {
					list = append(list, s)
					hops[s] = &v.Hops[h]
				}
			}
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	near := slices.MaxFunc(list, func(a, b *model.Step) int { return int(a.Peer) - int(b.Peer) })
	return near, hops[near]
}
