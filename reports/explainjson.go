package reports

import (
	"encoding/json"
	"io"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// ExplainJSON writes an explanation as JSON: one object a line for each
// different verdict.
func ExplainJSON(w io.Writer, e *Explanation) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for i := range e.Verdicts {
		if err := enc.Encode(verdictOf(e, &e.Verdicts[i])); err != nil {
			return err
		}
	}
	return nil
}

type verdictJSON struct {
	Verdict   string       `json:"verdict"`
	Symptom   string       `json:"symptom"`
	From      string       `json:"from"`
	To        string       `json:"to"`
	On        string       `json:"on"`
	Network   string       `json:"network"`
	Pairs     int          `json:"pairs"`
	Hops      []hopJSON    `json:"hops"`
	Blockers  []stepJSON   `json:"blockers"`
	Reasons   []reasonJSON `json:"reasons"`
	Nearest   []nearJSON   `json:"nearest"`
	Notes     []string     `json:"notes"`
	Reproduce string       `json:"reproduce"`
}

type hopJSON struct {
	From        string      `json:"from"`
	To          string      `json:"to"`
	Families    []string    `json:"families"`
	Protocol    string      `json:"protocol"`
	Port        *uint16     `json:"port,omitempty"`
	Outcome     string      `json:"outcome"`
	Alternative bool        `json:"alternative,omitempty"`
	Points      []pointJSON `json:"points"`
}

type pointJSON struct {
	Point   string       `json:"point"`
	Outcome string       `json:"outcome"`
	Steps   []stepJSON   `json:"steps"`
	Reasons []reasonJSON `json:"reasons,omitempty"`
}

type stepJSON struct {
	Kind    string       `json:"kind"`
	Point   string       `json:"point"`
	Tier    string       `json:"tier,omitempty"`
	Action  string       `json:"action"`
	Matches string       `json:"matches"`
	Decides bool         `json:"decides"`
	Why     string       `json:"why"`
	Origin  *originJSON  `json:"origin,omitempty"`
	Others  []originJSON `json:"others,omitempty"`
	Reason  *reasonJSON  `json:"reason,omitempty"`
}

type reasonJSON struct {
	Kind       string      `json:"kind"`
	Row        string      `json:"row,omitempty"`
	Text       string      `json:"text"`
	Confidence string      `json:"confidence,omitempty"`
	Origin     *originJSON `json:"origin,omitempty"`
}

type nearJSON struct {
	Origin  originJSON `json:"origin"`
	Matches string     `json:"matches"` // peer or traffic
	Allows  string     `json:"allows"`
	Peers   string     `json:"peers"`
}

func verdictOf(e *Explanation, w *sim.Witnessed) verdictJSON {
	v := &w.Verdict
	out := verdictJSON{Verdict: v.Outcome.String(), Symptom: string(v.Symptom), From: w.From, To: w.To, On: e.On,
		Network: e.Network, Pairs: w.Pairs, Reproduce: e.Reproduce, Notes: append([]string{}, v.Notes...),
		Hops: []hopJSON{}, Blockers: []stepJSON{}, Reasons: []reasonJSON{}, Nearest: []nearJSON{}}
	for i := range v.Hops {
		out.Hops = append(out.Hops, hopOf(&v.Hops[i]))
	}
	for i := range v.Blockers {
		out.Blockers = append(out.Blockers, stepOf(&v.Blockers[i]))
	}
	for i := range v.Reasons {
		out.Reasons = append(out.Reasons, reasonOf(&v.Reasons[i]))
	}
	for _, n := range Nearest(v) {
		matches := "traffic"
		if n.Peer {
			matches = "peer"
		}
		out.Nearest = append(out.Nearest, nearJSON{Origin: *originOf(n.Step.Origin), Matches: matches,
			Allows: n.Step.Rule.Traffic.String(), Peers: peerWords(n.Step.Rule)})
	}
	return out
}

func hopOf(h *model.Hop) hopJSON {
	out := hopJSON{From: h.FromName, To: h.ToName, Protocol: h.Protocol.String(), Outcome: h.Outcome.String(),
		Alternative: h.Alternative, Families: []string{}, Points: []pointJSON{}}
	if h.Protocol.HasPorts() {
		out.Port = &h.Port
	}
	for _, f := range h.Families {
		out.Families = append(out.Families, f.String())
	}
	for i := range h.Points {
		pt := &h.Points[i]
		p := pointJSON{Point: pt.Point, Outcome: pt.Outcome.String(), Steps: []stepJSON{}}
		for j := range pt.Steps {
			p.Steps = append(p.Steps, stepOf(&pt.Steps[j]))
		}
		for j := range pt.Reasons {
			p.Reasons = append(p.Reasons, reasonOf(&pt.Reasons[j]))
		}
		out.Points = append(out.Points, p)
	}
	return out
}

func stepOf(s *model.Step) stepJSON {
	out := stepJSON{Kind: stepKind(s.Kind), Point: s.Point, Tier: s.Tier, Action: s.Action.String(),
		Matches: s.Match.String(), Decides: s.Decides, Why: s.Why, Origin: originOf(s.Origin)}
	for _, o := range s.Others {
		out.Others = append(out.Others, *originOf(o))
	}
	if s.Reason != nil && s.Match == algebra.Maybe {
		r := reasonOf(s.Reason)
		out.Reason = &r
	}
	return out
}

func stepKind(k model.StepKind) string {
	switch k {
	case model.StepRule:
		return "rule"
	case model.StepDefault:
		return "default"
	case model.StepRoute:
		return "route"
	}
	return "implicit"
}

func reasonOf(r *model.Reason) reasonJSON {
	return reasonJSON{Kind: r.Kind.String(), Row: r.Row, Text: r.Text, Confidence: string(r.Confidence), Origin: originOf(r.Origin)}
}
