package sim

import (
	"fmt"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// Witnessed is a verdict that several pairs of parties share, with one of them.
type Witnessed struct {
	From, To string // the witness, as shown
	Pairs    int    // how many pairs it stands for
	Verdict  model.Verdict
}

// Explain answers a flow between all parties of two subjects: each different
// verdict once, in the order of its first witness. A pod and itself are not
// asked about where a subject has several.
func (s *Simulator) Explain(from, to Subject, f model.Flow) []Witnessed {
	var out []Witnessed
	index := map[string]int{}
	sources, targets := s.alike(from, to, from.Parties), s.alike(from, to, to.Parties)
	for _, a := range sources {
		for _, b := range targets {
			if s.itself(a.Party, b.Party, from, to) {
				continue
			}
			f.From, f.To = a.Party, b.Party
			v := s.Verdict(f)
			key := signature(&v)
			i, ok := index[key]
			if !ok {
				i = len(out)
				index[key] = i
				out = append(out, Witnessed{From: s.Name(a.Party), To: s.Name(b.Party), Verdict: v})
			}
			out[i].Pairs += a.n * b.n
		}
	}
	return out
}

// itself tells whether a pair is one pod of subjects that have others.
func (s *Simulator) itself(a, b model.Party, from, to Subject) bool {
	return a == b && a.Kind == model.PartyEndpoint && len(from.Parties) > 1 && len(to.Parties) > 1 && !s.m.Endpoints[a.Index].Template
}

// Name returns how a party is shown.
func (s *Simulator) Name(p model.Party) string {
	switch p.Kind {
	case model.PartyEndpoint:
		return s.m.Endpoints[p.Index].ID()
	case model.PartyService:
		return "service:" + s.m.Services[p.Index].ID()
	case model.PartyAddress:
		return p.Addr.String()
	case model.PartyGateway:
		return "gateway:" + s.m.Gateways[p.Index].ID()
	}
	return p.Host
}

// alikeParties are parties that no rule tells apart, by the first of them.
type alikeParties struct {
	model.Party
	n int
}

// maxPairs is how many pairs are asked about one by one.
const maxPairs = 4096

// alike returns the parties of one of two subjects, where they make too many
// pairs those that no rule tells apart on one node as one.
func (s *Simulator) alike(from, to Subject, parties []model.Party) []alikeParties {
	group := len(from.Parties)*len(to.Parties) > maxPairs
	var out []alikeParties
	index := map[string]int{}
	for _, p := range parties {
		if group && p.Kind == model.PartyEndpoint {
			key := fmt.Sprint(s.engine.ClassOf(p.Index), s.m.Endpoints[p.Index].Node)
			if i, ok := index[key]; ok {
				out[i].n++
				continue
			}
			index[key] = len(out)
		}
		out = append(out, alikeParties{p, 1})
	}
	return out
}

// signature is equal for verdicts that say the same of different parties.
func signature(v *model.Verdict) string {
	var b strings.Builder
	fmt.Fprint(&b, v.Outcome, v.Symptom, len(v.Hops))
	step := func(s *model.Step) { fmt.Fprint(&b, "|", s.Origin, s.Why, s.Match, s.Action) }
	for i := range v.Hops {
		for _, p := range v.Hops[i].Points {
			fmt.Fprint(&b, ";", p.Outcome)
			if p.Deciding >= 0 {
				step(&p.Steps[p.Deciding])
			}
		}
	}
	for i := range v.Blockers {
		step(&v.Blockers[i])
	}
	for i := range v.Reasons {
		fmt.Fprint(&b, "?", v.Reasons[i].Text)
	}
	return b.String()
}

// ExplainCall answers a request of each party of a subject: each different
// verdict once, in the order of its first witness.
func (s *Simulator) ExplainCall(from Subject, c Call) []Witnessed {
	var out []Witnessed
	index := map[string]int{}
	for _, p := range from.Parties {
		v := s.Verdict(s.Flow(p, c))
		key := signature(&v)
		i, ok := index[key]
		if !ok {
			i = len(out)
			index[key] = i
			out = append(out, Witnessed{From: s.Name(p), To: c.Text, Verdict: v})
		}
		out[i].Pairs++
	}
	return out
}
