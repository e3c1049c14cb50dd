package evidence

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/netfate/netfate/clusters/campaign"
	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/minimise"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/replay"
	"github.com/netfate/netfate/sim/model"
)

// Options say how cases are run.
type Options struct {
	Profile string        // that is to predict the same
	Pause   time.Duration // between two looks that must agree (1 s)
	Looks   int           // at most (8)
	// AgentPort replaces the port of flows to nodes, where the agent of the node serves another (0: none).
	AgentPort uint16
}

// Result is what became of a case.
type Result struct {
	Case     *Case
	Recorded *replay.Case // nil where nothing is worth recording
	Refused  string       // the API server's reason, or that it does not serve a kind
	Dead     []string     // flows that fail without any policy
	Unsteady []string     // flows whose answer changed from look to look, or that say nothing
}

// Run shows a case to a bench. The error is the bench's.
func Run(ctx context.Context, b campaign.Bench, c *Case, o Options) (*Result, error) {
	if o.Pause <= 0 {
		o.Pause = time.Second
	}
	if o.Looks <= 0 {
		o.Looks = 8
	}
	r := &run{b: b, c: c, o: o, res: &Result{Case: c}}
	if err := r.stage(ctx); errors.Is(err, minimise.ErrRefused) {
		r.res.Refused = err.Error()
		return r.res, nil
	} else if err != nil {
		return nil, err
	}
	have, err := b.Set(ctx, append(append([]*model.Object{}, r.pods...), r.policies...))
	var missing *meta.NoKindMatchError
	if errors.Is(err, minimise.ErrRefused) || errors.As(err, &missing) {
		r.res.Refused = err.Error()
		return r.res, nil
	}
	if err != nil {
		return nil, err
	}
	records, err := r.steady(ctx)
	if err != nil {
		return nil, err
	}
	if records, err = r.control(ctx, records); err != nil {
		return nil, err
	}
	return r.res, r.record(have, records)
}

// run is the state of one case.
type run struct {
	b              campaign.Bench
	c              *Case
	o              Options
	res            *Result
	pods, policies []*model.Object
	flows          []observation.Flow // with the nodes of the cluster
}

// stage makes everything but policies, tries the flows, and moves the policies to
// the addresses that the pods have here.
func (r *run) stage(ctx context.Context) error {
	for _, o := range r.c.Objects {
		switch o.Kind {
		case "Node":
		case "Namespace", "Pod", "Service":
			r.pods = append(r.pods, o)
		default:
			r.policies = append(r.policies, o)
		}
	}
	have, err := r.b.Set(ctx, r.pods)
	if err != nil {
		return err
	}
	m := moves(r.c.Objects, have)
	if r.policies, err = m.objects(r.policies); err != nil {
		return err
	}
	return r.alive(ctx, m.flows(r.c.Flows, r.o.AgentPort))
}

// alive takes the flows that connect without policies. A Service takes a while until
// its pods are known everywhere: what fails is tried again.
func (r *run) alive(ctx context.Context, all []observation.Flow) error {
	up := make([]bool, len(all))
	var said []string
	for look := range r.o.Looks {
		var at []int
		var flows []observation.Flow
		for i := range all {
			if !up[i] {
				at, flows = append(at, i), append(flows, all[i])
			}
		}
		if len(at) == 0 {
			said = nil
			break
		}
		if look > 0 {
			if err := wait(ctx, r.o.Pause); err != nil {
				return err
			}
		}
		records, err := r.b.Probe(ctx, flows)
		if err != nil {
			return err
		}
		said = said[:0]
		for k, i := range at {
			out, ok := records[k].Outcome()
			if up[i] = ok && out == model.Allowed; !up[i] {
				said = append(said, fmt.Sprintf("%s: without policies %s %s", diff.Text(all[i]), records[k].Result, records[k].Detail))
			}
		}
	}
	for i := range all {
		if up[i] {
			r.flows = append(r.flows, all[i])
		}
	}
	r.res.Dead = said
	return nil
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// steady probes until two looks in a row say the same of every flow.
func (r *run) steady(ctx context.Context) ([]observation.Record, error) {
	var last []observation.Record
	for range r.o.Looks {
		records, err := r.b.Probe(ctx, r.flows)
		if err != nil {
			return nil, err
		}
		if last != nil && len(changed(last, records)) == 0 {
			return records, nil
		}
		last = records
		if err := wait(ctx, r.o.Pause); err != nil {
			return nil, err
		}
	}
	records, err := r.b.Probe(ctx, r.flows)
	if err != nil {
		return nil, err
	}
	for _, i := range changed(last, records) {
		r.res.Unsteady = append(r.res.Unsteady, diff.Text(r.flows[i]))
		records[i].Result, records[i].Detail = observation.Inconclusive, "its answer changes from look to look"
	}
	return records, nil
}

func changed(a, b []observation.Record) []int {
	var out []int
	for i := range a {
		x, okx := a[i].Outcome()
		y, oky := b[i].Outcome()
		if x != y || okx != oky {
			out = append(out, i)
		}
	}
	return out
}

// control tries once more without policies what was denied.
func (r *run) control(ctx context.Context, records []observation.Record) ([]observation.Record, error) {
	if _, err := r.b.Set(ctx, r.pods); err != nil {
		return nil, err
	}
	again, err := r.b.Probe(ctx, r.flows)
	if err != nil {
		return nil, err
	}
	for i := range records {
		records[i].Control = observation.ControlOK
		if out, ok := again[i].Outcome(); !ok || out != model.Allowed {
			records[i].Control = observation.ControlFailedAfter
		}
		if _, ok := records[i].Outcome(); !ok {
			r.res.Unsteady = append(r.res.Unsteady, fmt.Sprintf("%s: %s %s", diff.Text(r.flows[i]), records[i].Result, records[i].Detail))
		}
	}
	return records, nil
}

// record makes the case that is kept.
func (r *run) record(have []*model.Object, records []observation.Record) error {
	h := r.b.Header()
	flows, _ := replay.FlowsOf(records)
	if len(flows) == 0 {
		return nil
	}
	h.Started = records[0].Started
	c := &replay.Case{Comment: r.c.Comment, Run: replay.RunOf(h, r.o.Profile), Flows: flows}
	if len(r.c.Unread) > 0 {
		c.Run.ObservedOnly = "netfate does not read " + strings.Join(r.c.Unread, ", ") + " yet"
	}
	var err error
	c.Manifests, err = files(have)
	r.res.Recorded = c
	return err
}
