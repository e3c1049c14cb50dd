package minimise

import (
	"context"
	"errors"
	"fmt"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
)

// Observer shows what becomes of a flow where exactly these objects hold.
type Observer interface {
	// Observe makes the objects hold, waits until they do and probes the flow. ok
	// is false where the probe is inconclusive. An error of the kind ErrRefused is
	// one of the objects; any other ends the work.
	Observe(ctx context.Context, objects []*model.Object, flow observation.Flow) (out model.Outcome, ok bool, err error)
	// Changes tells whether objects of the kind can be changed or taken away; those
	// of other kinds stay as they are.
	Changes(kind string) bool
	// Cheap tells whether a change inside objects of the kind is worth a probe each;
	// objects of other kinds are taken away whole or stay as they are.
	Cheap(kind string) bool
}

// ErrRefused is wrapped by an Observer's error when the cluster refuses the objects.
var ErrRefused = errors.New("the cluster refuses the objects")

// DefaultProbes bounds the probes of a run where Options does not.
const DefaultProbes = 150

// Options bound and steer the work.
type Options struct {
	Network string // the profile that predicts
	// MaxProbes bounds how many candidates the Observer is shown, the first check
	// of the whole case included; DefaultProbes when zero.
	MaxProbes int
	// Progress, if set, is told after each probe.
	Progress func(probes, objects, size int)
}

// Result is a disagreement that nothing more can be taken from.
type Result struct {
	Objects   []*model.Object
	Flow      observation.Flow
	Network   string
	Predicted model.Outcome
	Observed  model.Outcome
	Rule      string // what decides the prediction
	Probes    int    // candidates that the Observer was shown
	Asked     int    // candidates that were predicted
	Before    int    // size of the input: values in its objects
	After     int
	// Complete tells that no single part can be dropped any more; false where the
	// probes ran out.
	Complete bool
}

// ErrNoDisagreement is returned where the whole case does not disagree: it was
// settled in the meantime, or is not steady.
var ErrNoDisagreement = errors.New("prediction and observation do not contradict each other on the whole case")

// Run takes parts away while the two contradict each other as they did. The
// objects are not changed. The error is ErrNoDisagreement, that of a flow whose
// ends are not among the objects, or the Observer's.
func Run(ctx context.Context, objects []*model.Object, flow observation.Flow, o Observer, opts Options) (*Result, error) {
	if opts.MaxProbes <= 0 {
		opts.MaxProbes = DefaultProbes
	}
	r := &run{o: o, opts: opts, flow: flow, seen: map[string]bool{}}
	if err := r.start(ctx, objects); err != nil {
		return nil, err
	}
	err := r.shrink(ctx)
	if errors.Is(err, errSpent) {
		err = nil
	} else if err == nil {
		r.res.Complete = true
	}
	if err != nil {
		return nil, err
	}
	r.res.Objects, r.res.After = r.now, size(r.now)
	return r.res, r.describe()
}

var errSpent = errors.New("no probes are left")

// run is the state of one minimisation.
type run struct {
	o    Observer
	opts Options
	flow observation.Flow
	now  []*model.Object // what still disagrees
	seen map[string]bool // candidates that were tried, by content
	res  *Result
}

// start checks the whole case and remembers how it disagrees.
func (r *run) start(ctx context.Context, objects []*model.Object) error {
	p, err := r.predict(objects)
	if err != nil {
		return err
	}
	out, ok, err := r.o.Observe(ctx, objects, r.flow)
	if err != nil {
		return err
	}
	if !ok || p == model.Undetermined || p == out {
		return fmt.Errorf("%w: %s is predicted %s, observed %s", ErrNoDisagreement, diff.Text(r.flow), p, said(out, ok))
	}
	r.now = objects
	r.res = &Result{Flow: r.flow, Network: r.opts.Network, Predicted: p, Observed: out, Probes: 1, Asked: 1, Before: size(objects)}
	return nil
}

func said(out model.Outcome, ok bool) string {
	if !ok {
		return "inconclusive"
	}
	return out.String()
}

// predict answers the flow; undetermined where the objects are not accepted.
func (r *run) predict(objects []*model.Object) (model.Outcome, error) {
	s, err := simulate(objects, r.opts.Network)
	if err != nil {
		return model.Undetermined, err
	}
	f, err := diff.Flow(s, r.flow)
	if err != nil {
		return model.Undetermined, err
	}
	for _, p := range s.Problems() {
		if p.Severity == model.Error {
			return model.Undetermined, p
		}
	}
	return s.Verdict(f).Outcome, nil
}

func simulate(objects []*model.Object, network string) (*sim.Simulator, error) {
	return sim.New(&model.Snapshot{Objects: objects}, sim.Options{Network: network})
}

// keeps tells whether a candidate still disagrees, and takes it if so.
func (r *run) keeps(ctx context.Context, candidate []*model.Object) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	key := content(candidate)
	if r.seen[key] {
		return false, nil
	}
	r.seen[key] = true
	r.res.Asked++
	if p, err := r.predict(candidate); err != nil || p != r.res.Predicted {
		return false, nil //nolint:nilerr // a candidate that cannot be predicted is one that does not disagree
	}
	if r.res.Probes >= r.opts.MaxProbes {
		return false, errSpent
	}
	r.res.Probes++
	out, ok, err := r.o.Observe(ctx, candidate, r.flow)
	if r.opts.Progress != nil {
		r.opts.Progress(r.res.Probes, len(r.now), size(r.now))
	}
	switch {
	case errors.Is(err, ErrRefused):
		return false, nil
	case err != nil:
		return false, err
	case !ok || out != r.res.Observed:
		return false, nil
	}
	r.now = candidate
	return true, nil
}

// describe says what decides the prediction of what is left.
func (r *run) describe() error {
	s, err := simulate(r.res.Objects, r.opts.Network)
	if err != nil {
		return err
	}
	r.res.Rule = diff.One(s, observation.Record{Flow: r.flow, Result: observation.Inconclusive}).Rule
	return nil
}
