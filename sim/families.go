package sim

import (
	"fmt"
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// mergeFamilies is the verdict over the families that both ends have.
func mergeFamilies(parts []model.Verdict, fams []algebra.Family) model.Verdict {
	out := parts[0]
	for i := 1; i < len(parts); i++ {
		p := parts[i]
		if p.Outcome != out.Outcome {
			out.Reasons = appendReason(out.Reasons, model.Reason{Kind: model.MissingFact, Confidence: model.Source,
				Text: fmt.Sprintf("the address families differ: %s %s, %s %s (ask for one of them)", fams[0], out.Outcome, fams[i], p.Outcome)})
			out.Outcome, out.Symptom = model.Undetermined, model.UnknownSeen
		}
		out.Hops = mergeHops(out.Hops, p.Hops)
		for _, r := range p.Reasons {
			out.Reasons = appendReason(out.Reasons, r)
		}
		for _, b := range p.Blockers {
			out.Blockers = appendStep(out.Blockers, b)
		}
		for _, n := range p.Notes {
			if !slices.Contains(out.Notes, n) {
				out.Notes = append(out.Notes, n)
			}
		}
	}
	out.Blockers = distinct(out.Blockers)
	return out
}

// mergeHops joins hops that differ in their family alone.
func mergeHops(a, b []model.Hop) []model.Hop {
	for _, h := range b {
		i := slices.IndexFunc(a, func(x model.Hop) bool { return sameHop(&x, &h) })
		if i < 0 {
			a = append(a, h)
			continue
		}
		a[i].Families = append(a[i].Families, h.Families...)
	}
	return a
}

func sameHop(a, b *model.Hop) bool {
	return a.From == b.From && a.To == b.To && a.Protocol == b.Protocol && a.Port == b.Port && a.Outcome == b.Outcome &&
		slices.EqualFunc(a.Points, b.Points, func(x, y model.PointTrace) bool {
			return x.Outcome == y.Outcome && slices.EqualFunc(x.Steps, y.Steps, sameStep)
		})
}

func sameStep(x, y model.Step) bool {
	return x.Origin == y.Origin && x.Match == y.Match && x.Why == y.Why && x.Point == y.Point
}

func appendStep(list []model.Step, s model.Step) []model.Step {
	if slices.ContainsFunc(list, func(x model.Step) bool { return sameStep(x, s) }) {
		return list
	}
	return append(list, s)
}

func distinct(steps []model.Step) []model.Step {
	var out []model.Step
	for _, s := range steps {
		out = appendStep(out, s)
	}
	return out
}

func (s *Simulator) noCommonFamily(f *model.Flow) model.Verdict {
	why := "the two ends have no address family in common"
	return model.Verdict{Outcome: model.Denied, Symptom: model.Timeout,
		Blockers: []model.Step{{Kind: model.StepRoute, Point: "addresses", Action: model.Deny, Match: algebra.Yes, Decides: true, Why: why}}}
}
