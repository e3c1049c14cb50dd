package control

import (
	"context"
	"fmt"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim/model"
)

// Switch puts policies into a cluster and takes them out again.
type Switch interface {
	// Policies makes exactly the policies under test be there, or none. It does not wait until they hold.
	Policies(ctx context.Context, on bool) error
}

// ObserveOptions say how Observe works. Zero values have the defaults in brackets.
type ObserveOptions struct {
	Settle   SettleOptions
	Canaries int // flows that are polled to see that policies hold (40)
	// Predicted, if set, holds what is predicted of each flow; without it the answers of some flows must stay the
	// same for SettleOptions.Quiet.
	Predicted []model.Outcome
	// Step, if set, is told what begins, for people.
	Step func(string)
}

// Observe tries flows without policies, under them, and, where they failed then, without them again, and judges
// the three together. The error is a Switch's, the context's, or that policies do not come to hold.
func (c *Controller) Observe(ctx context.Context, flows []observation.Flow, resolve Resolver, s Switch, o ObserveOptions) ([]observation.Record, error) {
	if o.Canaries <= 0 {
		o.Canaries = 40
	}
	if o.Step == nil {
		o.Step = func(string) {}
	}
	before, err := c.without(ctx, flows, resolve, s, &o)
	if err != nil {
		return nil, err
	}
	o.Step("applying the policies")
	if err := s.Policies(ctx, true); err != nil {
		return nil, err
	}
	canaries, err := c.canaries(flows, before, &o)
	if err != nil {
		return nil, err
	}
	if _, err := c.Settle(ctx, canaries, resolve, o.Settle); err != nil {
		return nil, err
	}
	o.Step(fmt.Sprintf("probing %d flows", len(flows)))
	under, err := c.Probe(ctx, flows, resolve)
	if err != nil {
		return nil, err
	}
	if err := c.contradicted(ctx, flows, under, resolve, &o); err != nil {
		return nil, err
	}
	var closed []observation.Flow
	var at []int
	for i := range under {
		if passed(before[i]) && under[i].Result != observation.Connected {
			at, closed = append(at, i), append(closed, flows[i])
		}
	}
	again, err := c.without(ctx, closed, resolve, s, &o)
	if err != nil {
		return nil, err
	}
	after := make([]observation.Record, len(flows))
	for k, i := range at {
		after[i] = again[k]
	}
	return Judge(before, under, after)
}

// contradicted tries again, a few at a time, what failed under the policies and is predicted to pass: a machine that
// is too busy loses packets too. What passes now, or says nothing, takes the place of the failure.
func (c *Controller) contradicted(ctx context.Context, flows []observation.Flow, under []observation.Record, resolve Resolver, o *ObserveOptions) error {
	var few []observation.Flow
	var at []int
	for i := range under {
		if i < len(o.Predicted) && o.Predicted[i] == model.Allowed && failed(&under[i]) {
			at, few = append(at, i), append(few, flows[i])
		}
	}
	if len(few) == 0 {
		return nil
	}
	o.Step(fmt.Sprintf("probing %d flows again, a few at a time, that failed and were not to", len(few)))
	calm := c.o
	calm.Sources, calm.Parallel = 2, 8
	records, err := c.With(calm).Probe(ctx, few, resolve)
	if err != nil {
		return err
	}
	for k, i := range at {
		if !failed(&records[k]) {
			records[k].Detail = note(records[k].Detail, "among all the others it was "+string(under[i].Result))
			under[i] = records[k]
		}
	}
	return nil
}

// without tries flows while no policy holds.
func (c *Controller) without(ctx context.Context, flows []observation.Flow, resolve Resolver, s Switch, o *ObserveOptions) ([]observation.Record, error) {
	o.Step(fmt.Sprintf("probing %d flows without the policies", len(flows)))
	if err := s.Policies(ctx, false); err != nil {
		return nil, err
	}
	var canaries []Canary
	for i := 0; i < len(flows); i += 1 + len(flows)/o.Canaries {
		canaries = append(canaries, Canary{Flow: flows[i], Want: model.Allowed})
	}
	if _, err := c.Settle(ctx, canaries, resolve, o.Settle); err != nil {
		return nil, err
	}
	return c.Probe(ctx, flows, resolve)
}

// canaries are flows that connected before and are predicted to be closed; without predictions, any that connected.
func (c *Controller) canaries(flows []observation.Flow, before []observation.Record, o *ObserveOptions) ([]Canary, error) {
	var live []observation.Flow
	var want []model.Outcome
	for i := range flows {
		if !passed(before[i]) {
			continue
		}
		live = append(live, flows[i])
		if o.Predicted == nil {
			want = append(want, model.Denied)
		} else if i < len(o.Predicted) {
			want = append(want, o.Predicted[i])
		}
	}
	out, err := Canaries(live, want, o.Canaries)
	for i := range out {
		if o.Predicted == nil {
			out[i].Want = model.Undetermined
		}
	}
	return out, err
}
