package scenarios

import (
	"context"
	"fmt"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
)

// agreeOnRequest compares what becomes of a request under two networks.
func agreeOnRequest(ctx context.Context, s *scenario, c call) error {
	req, err := parseAsked(c.args[2:])
	if err != nil {
		return err
	}
	v, err := s.under(ctx, c.args[0], c.args[1])
	if err != nil {
		return err
	}
	var answers [2]map[string]model.Verdict
	var order []string
	for i := range v {
		var names []string
		if answers[i], names, err = answersOf(ctx, v[i], c.args[7], req); err != nil {
			return err
		}
		if i == 0 {
			order = names
		}
	}
	if len(order) == 0 {
		return fmt.Errorf("nothing to check: %s sends no such requests", c.args[7])
	}
	s.last = evidence{}
	f := &Failure{Status: Undetermined, Message: fmt.Sprintf("%s and %s may differ on %s: one of them leaves the answer open", c.args[0], c.args[1], req.Text)}
	for _, from := range order {
		a, b := answers[0][from], answers[1][from]
		if a.Outcome == b.Outcome {
			continue
		}
		if a.Outcome != model.Undetermined && b.Outcome != model.Undetermined {
			f.Status, f.Message = Failed, fmt.Sprintf("%s and %s differ on %s", c.args[0], c.args[1], req.Text)
		}
		f.Lines = append(f.Lines, fmt.Sprintf("from %s: %s %s (%s), %s %s (%s)", from, unquote(c.args[0]), a.Outcome, a.Symptom, unquote(c.args[1]), b.Outcome, b.Symptom))
	}
	if len(f.Lines) == 0 {
		return nil
	}
	return f
}

// answersOf are the verdicts on a request of each of a subject, by who sends it, and
// the order in which they were asked for.
func answersOf(ctx context.Context, v *view, from string, req sim.Call) (map[string]model.Verdict, []string, error) {
	ends, err := v.resolveText(from)
	if err != nil {
		return nil, nil, err
	}
	out := map[string]model.Verdict{}
	var order []string
	for _, f := range v.asker().sent(ends, req) {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		if f.Principal != "" {
			if err := v.sim.ShowsIdentity(f.From); err != nil {
				return nil, nil, inputError{error: err}
			}
		}
		name := v.sim.Name(f.From)
		if f.To.Kind != model.PartyHost && f.From.Kind == model.PartyAddress {
			name += " to " + v.sim.Name(f.To)
		}
		if _, twice := out[name]; !twice {
			order = append(order, name)
		}
		out[name] = v.sim.Verdict(f)
	}
	return out, order, nil
}
