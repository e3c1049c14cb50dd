package campaign

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/minimise"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
)

// Bench is a cluster of which a campaign owns some objects.
type Bench interface {
	// Set makes exactly these namespaces, pods, Services and policies be there among
	// those that the bench owns, waits until pods run and policies hold, and returns
	// them as the cluster has them, with the addresses and nodes of pods and with the
	// cluster's nodes. An error that wraps minimise.ErrRefused is the API server's.
	Set(ctx context.Context, objects []*model.Object) ([]*model.Object, error)
	// Probe tries flows as things stand and returns one record each, in order.
	Probe(ctx context.Context, flows []observation.Flow) ([]observation.Record, error)
	// Header says what the bench is.
	Header() observation.Header
}

// Options say how a campaign runs. Zero values have the defaults in brackets.
type Options struct {
	Network  string        // the profile that predicts
	Seed     uint64        // of everything that is generated
	Rounds   int           // stop after so many rounds (no bound)
	Time     time.Duration // begin no round after so long (no bound)
	Flows    int           // a round (150)
	PodCIDR  string        // the range of pod addresses (10.244.0.0/16)
	Prefix   string        // of the names of what is made (netfate-fuzz)
	PerStage int           // rounds on one stage of pods (25)
	// Rechecks is how often a contradiction is probed again before it counts (3),
	// after RecheckDelay (2 s), then twice that, and so on.
	Rechecks     int
	RecheckDelay time.Duration
	// Probes bounds the probes of making one mismatch small (minimise.DefaultProbes);
	// at most Small mismatches are made small (10).
	Probes, Small int
	// Progress, if set, is told after each round.
	Progress func(*Report)
}

func (o Options) withDefaults() Options {
	def := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&o.Flows, 150)
	def(&o.PerStage, 25)
	def(&o.Rechecks, 3)
	def(&o.Small, 10)
	if o.RecheckDelay <= 0 {
		o.RecheckDelay = 2 * time.Second
	}
	if o.PodCIDR == "" {
		o.PodCIDR = "10.244.0.0/16"
	}
	if o.Prefix == "" {
		o.Prefix = "netfate-fuzz"
	}
	return o
}

// Run runs a campaign until its rounds or its time are over or ctx is done, which
// is no error: what was found so far is returned. The error is the bench's, or
// one of the options: a campaign needs a bound.
func Run(ctx context.Context, b Bench, o Options) (*Report, error) {
	if o.Rounds <= 0 && o.Time <= 0 {
		return nil, errors.New("a campaign needs a bound: say how many rounds or how long")
	}
	c := &campaign{b: b, o: o.withDefaults(), began: time.Now()}
	c.rep = &Report{Header: b.Header(), Network: o.Network, Seed: o.Seed, Resolved: map[string]map[string]int{}}
	for round := 0; c.goesOn(ctx, round); round++ {
		if err := c.round(ctx, round); err != nil {
			if ctx.Err() != nil {
				break
			}
			return c.rep, fmt.Errorf("round %d of seed %d: %w", round, o.Seed, err)
		}
		c.rep.Rounds++
		c.rep.Took = time.Since(c.began)
		if o.Progress != nil {
			o.Progress(c.rep)
		}
	}
	c.rep.Took = time.Since(c.began)
	return c.rep, nil //nolint:nilerr // the end of its time is how a campaign ends
}

// campaign is the state of a run.
type campaign struct {
	b     Bench
	o     Options
	rep   *Report
	stage []*model.Object // as it was generated
	have  []*model.Object // as the cluster has it
	dead  map[string]bool // flows that fail without any policy, by text
	began time.Time
	small int
}

func (c *campaign) goesOn(ctx context.Context, round int) bool {
	return ctx.Err() == nil && (c.o.Rounds <= 0 || round < c.o.Rounds) && (c.o.Time <= 0 || time.Since(c.began) < c.o.Time)
}

// round makes policies, predicts and probes.
func (c *campaign) round(ctx context.Context, n int) error {
	if n%c.o.PerStage == 0 {
		if err := c.newStage(ctx, n/c.o.PerStage); err != nil {
			return err
		}
	}
	policies, err := Policies(c.o.Seed, n, c.o.Prefix, c.o.PodCIDR, addresses(c.have))
	if err != nil {
		return err
	}
	have, err := c.b.Set(ctx, append(append([]*model.Object{}, c.stage...), policies...))
	if errors.Is(err, minimise.ErrRefused) {
		c.rep.Refused++
		c.rep.Refusals = append(c.rep.Refusals, fmt.Sprintf("round %d: %v", n, err))
		return nil
	}
	if err != nil {
		return err
	}
	c.rep.Policies += len(policies)
	s, err := simulator(have, c.o.Network)
	if err != nil {
		return err
	}
	records, err := c.b.Probe(ctx, Flows(c.o.Seed, n, c.stage, c.o.Flows))
	if err != nil {
		return err
	}
	rows := diff.Compare(s, c.rep.Header, records).Rows
	c.excuse(rows)
	if err := c.recheck(ctx, s, rows); err != nil {
		return err
	}
	if err := c.control(ctx, rows); err != nil {
		return err
	}
	return c.count(ctx, n, have, rows)
}

// newStage makes the pods of a stage.
func (c *campaign) newStage(ctx context.Context, n int) error {
	stage, err := Stage(c.o.Seed+uint64(n)<<32, c.o.Prefix)
	if err != nil {
		return err
	}
	c.stage, c.dead = stage, map[string]bool{}
	if c.have, err = c.b.Set(ctx, stage); err != nil {
		return err
	}
	return c.controlStage(ctx)
}

// addresses are those of the pods.
func addresses(objects []*model.Object) []string {
	var out []string
	for _, o := range objects {
		if a := o.Root.At("status", "podIP").Str(); o.Kind == "Pod" && a != "" {
			out = append(out, a)
		}
	}
	return out
}

// simulator predicts for objects; that netfate refuses one that the API server
// took is an error.
func simulator(objects []*model.Object, network string) (*sim.Simulator, error) {
	s, err := sim.New(&model.Snapshot{Objects: objects}, sim.Options{Network: network})
	if err != nil {
		return nil, err
	}
	for _, p := range s.Problems() {
		if p.Severity == model.Error {
			return nil, fmt.Errorf("the cluster took what netfate refuses: %w", p)
		}
	}
	return s, nil
}

// recheck probes contradictions again, later and later, and keeps the last answer.
func (c *campaign) recheck(ctx context.Context, s *sim.Simulator, rows []diff.Row) error {
	delay := c.o.RecheckDelay
	for range c.o.Rechecks {
		var at []int
		var flows []observation.Flow
		for i := range rows {
			if rows[i].Class == diff.Disagree {
				at, flows = append(at, i), append(flows, rows[i].Record.Flow)
			}
		}
		if len(at) == 0 {
			return nil
		}
		if err := wait(ctx, delay); err != nil {
			return err
		}
		delay *= 2
		records, err := c.b.Probe(ctx, flows)
		if err != nil {
			return err
		}
		for k, i := range at {
			if rows[i] = diff.One(s, records[k]); rows[i].Class == diff.Agree {
				c.rep.Late++
			}
		}
	}
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
