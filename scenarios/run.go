package scenarios

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/cucumber/godog"
)

// Run reads the features, runs their scenarios and writes the results. The
// error is for what keeps it from running at all: no feature, a feature that
// cannot be parsed, a context that is done. What became of the scenarios is in
// the result.
func Run(ctx context.Context, o Options) (Result, error) {
	p, err := o.read()
	if err != nil {
		return Result{Invalid: 1}, err
	}
	steps, err := compiled()
	if err != nil {
		return Result{Invalid: 1}, err
	}
	r := &runner{o: &o, w: &world{o: &o}, plan: p, steps: steps, out: newReporter(&o)}
	if o.Mode == Predict {
		r.suite(ctx)
		err = ctx.Err()
	} else {
		err = r.runLive(ctx)
	}
	if err != nil {
		return Result{Invalid: 1}, err
	}
	return r.finish()
}

// runner runs the plan on godog.
type runner struct {
	mu    sync.Mutex // of next and out
	next  int        // the first scenario that is not written
	o     *Options
	w     *world
	plan  *plan
	steps []entry
	out   reporter
	live  *live // nil where the simulator judges
}

// initialize prepares one scenario; godog calls it before each.
func (r *runner) initialize(sc *godog.ScenarioContext) {
	s := &scenario{w: r.w, live: r.live}
	sc.Before(func(ctx context.Context, p *godog.Scenario) (context.Context, error) {
		i := r.plan.byID[p.Id]
		s.result, s.dir = r.plan.list[i], r.plan.dirs[i]
		return ctx, nil
	})
	sc.StepContext().Before(func(ctx context.Context, st *godog.Step) (context.Context, error) {
		s.at = slices.IndexFunc(s.result.steps, func(x stepResult) bool { return x.id == st.Id })
		s.failure = nil
		return ctx, nil
	})
	for i := range r.steps {
		e := &r.steps[i]
		sc.Step(e.re, func(ctx context.Context) error { return s.do(ctx, e) })
	}
	sc.StepContext().After(func(ctx context.Context, _ *godog.Step, status godog.StepResultStatus, err error) (context.Context, error) {
		r.record(s, status, err)
		return ctx, nil
	})
}

// do runs one step.
func (s *scenario) do(ctx context.Context, e *entry) error {
	if err := ctx.Err(); err != nil {
		return inputError{error: err}
	}
	st := s.current()
	if e.table != (st.table != nil) {
		if e.table {
			return errors.New("the step needs a table below it")
		}
		return errors.New("the step takes no table")
	}
	args := e.re.FindStringSubmatch(st.text)
	err := s.runStep(ctx, e, call{args: args[1:], table: st.table})
	if e.check {
		var in inputError
		if !errors.As(err, &in) {
			s.result.checked++
		}
	}
	var f *Failure
	if errors.As(err, &f) && (s.w.o.AllowUndetermined && f.Status == Undetermined || f.Status == Inconclusive) {
		s.failure = f
		return nil
	}
	return err
}

// record notes what became of a step.
func (r *runner) record(s *scenario, status godog.StepResultStatus, err error) {
	st := s.current()
	st.status, st.failure = Passed, s.failure
	switch {
	case status == godog.StepSkipped:
		st.status = Skipped
	case errors.Is(err, godog.ErrUndefined):
		st.status = Undefined
		st.failure = &Failure{Status: Undefined, Message: "no step of the vocabulary is worded like this", Lines: nearest(r.steps, st.text),
			Hint: "netfate steps lists them all"}
	case err != nil:
		st.failure = asFailure(err)
		if f := st.failure; f.Status == Invalid && !strings.HasPrefix(f.Message, s.result.file) {
			f.Message = st.place + ": " + f.Message
		}
	}
	if st.failure != nil {
		st.status = st.failure.Status
	}
	if s.result.status == Passed && st.status != Skipped || s.result.status == Inconclusive && st.status != Skipped && st.status != Passed {
		s.result.status = st.status
	}
	if s.at == len(s.result.steps)-1 {
		r.settle(s.result)
	}
}

// settle ends a scenario and writes those that are next in order.
func (r *runner) settle(s *scenarioResult) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.settle()
	r.flush()
}

func (r *runner) flush() {
	for ; r.next < len(r.plan.list); r.next++ {
		s := r.plan.list[r.next]
		if !s.done && len(s.steps) > 0 {
			return
		}
		r.out.scenario(s)
	}
}

// settle ends a scenario: one that compared nothing fails.
func (s *scenarioResult) settle() {
	s.done = true
	if s.status == Passed && s.checked == 0 {
		s.status, s.problem = Failed, "the scenario checks nothing: no step of it says what can or cannot be reached"
	}
}

func asFailure(err error) *Failure {
	var f *Failure
	var in inputError
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &in):
		return &Failure{Status: Invalid, Message: in.Error()}
	}
	return &Failure{Status: Failed, Message: err.Error()}
}

// finish writes the results and counts them.
func (r *runner) finish() (Result, error) {
	r.flush()
	for _, text := range r.w.told() {
		if _, err := fmt.Fprintln(r.o.errors(), text); err != nil {
			return Result{Invalid: 1}, err
		}
	}
	res := Result{Empty: len(r.plan.empty), Allowed: r.o.AllowUndetermined}
	for _, s := range r.plan.list {
		res.add(s)
	}
	return res, r.out.end(res, r.plan)
}
