package scenarios

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

func reasonSteps() []entry {
	return []entry{
		then(`because of NAME`,
			"What the step before was decided by: a policy, as Kind namespace/name, is among what blocks or allows each of its connections, or among the causes of each line of a change; or, for an undetermined one, a row of the table of differences.",
			because, "Then \"dev/shell\" cannot reach \"shop/db\"\nAnd because of \"NetworkPolicy shop/default-deny\""),
		then(`it is undetermined whether SUBJECT can reach SUBJECT[ on PORTS][ because NAME]`,
			"For each of the first and each of the second the answer is open; the row of the table of differences says why.",
			undetermined, `Then it is undetermined whether "shop/a" can reach "shop/b" on TCP 80`,
			`Then it is undetermined whether "shop/a" can reach "shop/b" on TCP 80 because "N2"`),
	}
}

func because(_ context.Context, s *scenario, c call) error {
	name := unquote(c.args[0])
	sets := s.last.causes()
	if len(sets) == 0 {
		return errors.New("there is nothing to give a reason for: the step stands after one that says what can or cannot be reached")
	}
	for i, set := range sets {
		if slices.Contains(set, name) {
			continue
		}
		f := &Failure{Status: Failed, Message: fmt.Sprintf("the step before is not because of %q", name)}
		if i < len(s.last.flows) {
			f.Cases = []Case{s.newCase(s.last.view, s.last.flows[i])}
		}
		if len(set) > 0 {
			f.Lines = append(f.Lines, "it is because of "+strings.Join(set, ", "))
		} else {
			f.Lines = append(f.Lines, "no policy decides it")
		}
		return f
	}
	return nil
}

// causes returns, for each connection or line of the evidence, what decides it.
func (e *evidence) causes() [][]string {
	var out [][]string
	for _, f := range e.flows {
		out = append(out, causesOf(e.view.sim.Verdict(f)))
	}
	for _, line := range e.lines {
		var set []string
		for _, o := range line {
			set = addCause(set, o)
		}
		out = append(out, set)
	}
	return out
}

// causesOf lists the objects, and for an undetermined verdict the rows, that decide.
func causesOf(v model.Verdict) []string {
	var out []string
	for i := range v.Blockers {
		out = addStep(out, &v.Blockers[i])
	}
	for h := range v.Hops {
		for p := range v.Hops[h].Points {
			pt := &v.Hops[h].Points[p]
			if pt.Deciding >= 0 && pt.Outcome == v.Outcome {
				out = addStep(out, &pt.Steps[pt.Deciding])
			}
			for i := range pt.Steps {
				if v.Outcome == model.Undetermined && pt.Steps[i].Match == algebra.Maybe {
					out = addStep(out, &pt.Steps[i])
				}
			}
		}
	}
	for _, r := range v.Reasons {
		out = addCause(out, r.Origin)
		if r.Row != "" && !slices.Contains(out, r.Row) {
			out = append(out, r.Row)
		}
	}
	return out
}

func addStep(out []string, s *model.Step) []string {
	out = addCause(out, s.Origin)
	for _, o := range s.Others {
		out = addCause(out, o)
	}
	return out
}

func addCause(out []string, o model.Origin) []string {
	if o.Object == nil || slices.Contains(out, o.Object.String()) {
		return out
	}
	return append(out, o.Object.String())
}

func undetermined(ctx context.Context, s *scenario, c call) error {
	v, ends, err := s.resolve(ctx, c.args[0], c.args[1])
	if err != nil {
		return err
	}
	w, err := parseWant(c.args[2])
	if err != nil {
		return err
	}
	q := question{from: ends[0], to: ends[1], want: w, granted: !ends[0].wide && !ends[1].wide}
	t, err := v.tally(ctx, q)
	if err != nil {
		return err
	}
	s.last = evidence{view: v, flows: t.sample}
	for _, h := range [...]algebra.Tri{algebra.Yes, algebra.No} {
		if t.count[h] > 0 {
			word := map[algebra.Tri]string{algebra.Yes: " can ", algebra.No: " cannot "}[h]
			return &Failure{Status: Failed, Message: "it is not undetermined: " + q.from.text + word + doing(w, q.to.text),
				Names: names(ends...), Cases: []Case{s.newCase(v, t.first[h])}}
		}
	}
	if c.args[3] == "" {
		return nil
	}
	return because(ctx, s, call{args: c.args[3:]})
}
