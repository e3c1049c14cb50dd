package scenarios

import (
	"context"
	"errors"
	"fmt"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/sim/model"
)

// runStep runs a step by what judges the run.
func (s *scenario) runStep(ctx context.Context, e *entry, c call) error {
	switch {
	case s.live == nil || !e.check:
		return e.run(ctx, s, c)
	case s.live.collecting:
		return s.collect(ctx, e, c)
	case !e.wire && s.w.o.Mode == Live:
		return &Failure{Status: Inconclusive, Message: "traffic cannot show this: it is about rules, changes, networks or requests",
			Hint: "netfate test without --live, or --both, predicts it"}
	case !e.wire:
		s.current().note = "predicted; traffic cannot show it"
		return e.run(ctx, s, c)
	}
	var predicted error
	if s.w.o.Mode == Both {
		predicted = e.run(ctx, s, c)
	}
	last := s.last
	s.by, s.seen = s.live, &probed{}
	observed := e.run(ctx, s, c)
	s.by = nil
	if s.w.o.Mode == Both {
		s.last = last
	}
	s.current().note = s.seen.note()
	var in inputError
	if errors.As(observed, &in) {
		return observed
	}
	if s.w.o.Mode == Both {
		return s.both(predicted, observed)
	}
	return s.onlyObserved(observed)
}

// collect notes the flows that a step needs. What is wrong with the step comes up
// when it is judged.
func (s *scenario) collect(ctx context.Context, e *entry, c call) error {
	if e.wire {
		s.by, s.seen = s.live, &probed{}
		_ = e.run(ctx, s, c)
		s.by = nil
	}
	return ctx.Err()
}

// onlyObserved is the outcome of a step that traffic alone judges.
func (s *scenario) onlyObserved(err error) error {
	var f *Failure
	if s.seen.flows == 0 && !errors.As(err, &f) {
		return &Failure{Status: Inconclusive, Message: "nothing of it could be tried: its ends are outside the cluster, or have no agent",
			Hint: "netfate test without --live, or --both, predicts it"}
	}
	return err
}

// both is the outcome of a step that the simulator and traffic judge: a
// specification that either refutes fails, and so does one on whose connections
// they contradict each other. What the cluster does not show is told in the note.
func (s *scenario) both(predicted, observed error) error {
	var f *Failure
	switch {
	case predicted != nil && errors.As(predicted, &f) && len(s.seen.wrong) > 0:
		f.Lines = append(f.Lines, "the cluster does something else on "+s.contradictions())
		return f
	case predicted != nil:
		return predicted
	case len(s.seen.wrong) > 0:
		return s.contradiction()
	case s.seen.flows == 0:
		s.current().note = "predicted; none of it could be tried on the cluster"
		return nil
	case errors.As(observed, &f) && f.Status == Inconclusive:
		return nil
	}
	return observed
}

func (s *scenario) contradictions() string {
	return fmt.Sprintf("%d of the %s that were tried", len(s.seen.wrong), count(s.seen.flows, "connection", "connections"))
}

// contradiction shows where the prediction and the cluster disagree.
func (s *scenario) contradiction() *Failure {
	f := &Failure{Status: Failed, Message: "the prediction and the cluster contradict each other on " + s.contradictions()}
	for i := range s.seen.wrong {
		row := &s.seen.wrong[i]
		f.Lines = append(f.Lines, fmt.Sprintf("%s: predicted %s by %s, observed %s (%s)", diff.Text(row.Record.Flow), row.Predicted, row.Rule, row.Seen, row.Record.Result))
		if i == maxShown && len(s.seen.wrong) > maxShown+1 {
			f.Lines = append(f.Lines, fmt.Sprintf("and %d more", len(s.seen.wrong)-i-1))
			break
		}
	}
	f.Hint = "netfate live diff lists them all, and netfate live fuzz makes such cases small"
	return f
}

// probes is what the step that runs tries.
func (s *scenario) probes() *probed {
	if s.seen == nil {
		s.seen = &probed{}
	}
	return s.seen
}

// observed words what the cluster did with a flow, "" where it was not asked.
func (s *scenario) observed(v *view, f model.Flow) string {
	if s.live == nil || s.live.collecting {
		return ""
	}
	o, ok := v.observedFlow(f)
	if !ok {
		return ""
	}
	rec, ok := s.live.record(v, o)
	if !ok {
		return ""
	}
	seen := diff.SeenOf(rec.Outcome())
	detail := string(rec.Result)
	if seen == diff.Inconclusive && rec.Detail != "" {
		detail = rec.Detail
	}
	return fmt.Sprintf("%s (%s)", seen, detail)
}
