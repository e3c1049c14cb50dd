package control

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim/model"
)

// Canary is a flow that tells whether the policies hold yet, with what is predicted of it under them.
type Canary struct {
	Flow observation.Flow
	Want model.Outcome // model.Undetermined: not predicted, any answer that stays counts
}

// SettleOptions bound a wait. Zero values have the defaults in brackets.
type SettleOptions struct {
	Every time.Duration // between two polls (200 ms)
	Same  int           // polls in a row that must be as predicted (2)
	// Quiet is how long answers that are not as predicted must stay the same to be taken as what the network does
	// (5 s): a prediction may be wrong, and that is to be observed and not waited for.
	Quiet time.Duration
	Limit time.Duration // after that it is an error (60 s)
}

// Settled says how a wait ended.
type Settled struct {
	Predicted bool // all canaries are as predicted; otherwise they stayed the same for SettleOptions.Quiet
	Took      time.Duration
	Polls     int
}

func (o SettleOptions) withDefaults() SettleOptions {
	def := func(v *time.Duration, d time.Duration) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&o.Every, 200*time.Millisecond)
	def(&o.Quiet, 5*time.Second)
	def(&o.Limit, time.Minute)
	if o.Same <= 0 {
		o.Same = 2
	}
	return o
}

// Settle polls canaries until policies that were just changed hold everywhere that the canaries are. The error
// is the context's, or that the canaries still change at the limit.
func (c *Controller) Settle(ctx context.Context, canaries []Canary, resolve Resolver, o SettleOptions) (Settled, error) {
	o = o.withDefaults()
	poller := c.once()
	flows := make([]observation.Flow, len(canaries))
	for i := range canaries {
		flows[i] = canaries[i].Flow
	}
	started := time.Now()
	changed, last, same := started, "", 0
	for s := (Settled{}); ; {
		records, err := poller.Probe(ctx, flows, resolve)
		if err != nil {
			return s, err
		}
		s.Polls++
		s.Took = time.Since(started)
		state, predicted := stateOf(records, canaries)
		if state != last {
			changed, last, same = time.Now(), state, 0
		}
		if same++; predicted && same >= o.Same {
			s.Predicted = true
			return s, nil
		}
		if !predicted && same > o.Same && time.Since(changed) >= o.Quiet {
			return s, nil
		}
		if s.Took >= o.Limit {
			return s, fmt.Errorf("the policies did not come to hold in %s: %d flows still change their answers", o.Limit, len(flows))
		}
		if !sleep(ctx, o.Every) {
			return s, ctx.Err()
		}
	}
}

// stateOf is what canaries say as a text to compare, and whether it is what was predicted.
func stateOf(records []observation.Record, canaries []Canary) (string, bool) {
	state, predicted := make([]byte, len(records)), true
	for i := range records {
		out, ok := records[i].Outcome()
		if !ok {
			out = model.Undetermined
		}
		state[i] = byte('0' + out)
		if want := canaries[i].Want; want == model.Undetermined || out != want {
			predicted = false
		}
	}
	return string(state), predicted
}

// Canaries chooses at most n flows by whose answers one sees that policies hold: those that policies are
// predicted to close, from and to as many different ends as there are. want[i] is the prediction of flow i.
func Canaries(flows []observation.Flow, want []model.Outcome, n int) ([]Canary, error) {
	if len(flows) != len(want) {
		return nil, errors.New("each flow needs its prediction")
	}
	var out []Canary
	ends := map[string]bool{}
	for _, fresh := range []bool{true, false} { // first those with ends that no other has
		for i, f := range flows {
			from, to := "from "+f.From.String(), "to "+f.To.String()
			known := ends[from] || ends[to]
			if want[i] != model.Denied || len(out) >= n || known == fresh || ends[from] && ends[to] {
				continue
			}
			ends[from], ends[to] = true, true
			out = append(out, Canary{Flow: f, Want: want[i]})
		}
	}
	return out, nil
}
