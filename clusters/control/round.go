package control

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/probe"
)

// round is one call of Probe.
type round struct {
	c       *Controller
	records []observation.Record
	ends    map[string]found        // by text of a party
	to      []Target                // destination of each record
	work    map[place][]probe.Probe // N is the record's number
	order   []place
	before  map[vital]sign
	after   map[vital]sign
	again   map[int]bool // records that are inconclusive for a reason that may pass

	mu        sync.Mutex
	done      int
	forbidden error
}

type found struct {
	target Target
	err    error
}

func newRound(c *Controller, flows []observation.Flow, resolve Resolver) *round {
	r := &round{c: c, records: make([]observation.Record, len(flows)), ends: map[string]found{}, to: make([]Target, len(flows)), work: map[place][]probe.Probe{}, again: map[int]bool{}}
	for i, f := range flows {
		r.records[i] = observation.Record{Flow: f, Control: observation.ControlNone, Phase: observation.PhasePolicy}
		if why := r.plan(i, f, resolve); why != "" {
			r.fail(i, why)
		}
	}
	for k, at := range r.order { // not every source at one destination at a time
		n := k * len(r.work[at]) / len(r.order)
		r.work[at] = slices.Concat(r.work[at][n:], r.work[at][:n])
	}
	return r
}

// find resolves each party once.
func (r *round) find(p observation.Party, resolve Resolver) (Target, error) {
	key := p.Kind + " " + p.ID + " " + p.Address
	f, ok := r.ends[key]
	if !ok {
		f.target, f.err = resolve(p)
		r.ends[key] = f
	}
	return f.target, f.err
}

// plan puts a flow into its source's batch; it returns why it cannot.
func (r *round) plan(i int, f observation.Flow, resolve Resolver) string {
	from, err := r.find(f.From, resolve)
	if err != nil {
		return "the source: " + err.Error()
	}
	to, err := r.find(f.To, resolve)
	if err != nil {
		return "the destination: " + err.Error()
	}
	if f.Ping() && f.To.Kind == observation.KindService {
		return fmt.Sprintf("the destination: %s stands for no pod: nobody, or a node, answers echo requests to it", f.To)
	}
	if from.Pod == "" {
		return fmt.Sprintf("the source: no agent can be told to probe at %s", f.From)
	}
	addr, ok := to.address(f.To.Address, f.Protocol)
	if !ok && f.Ping() {
		return fmt.Sprintf("the destination: %s has no address that %s is for", f.To, f.Protocol)
	}
	if !ok {
		return fmt.Sprintf("the destination: %s has no address", f.To)
	}
	p := probe.Probe{N: i, To: addr.String(), Port: f.Port, Protocol: f.Protocol, Request: f.Request}
	rec := &r.records[i]
	rec.Flow.To.Address = p.To
	if src, ok := source(&from, f.From.Address, addr); ok {
		rec.Flow.From.Address = src.String()
		if f.From.Address == rec.Flow.From.Address && len(from.Addresses) > 1 {
			p.Source = src.String()
		}
	}
	at := from.place()
	if r.work[at] == nil {
		r.order = append(r.order, at)
	}
	r.work[at] = append(r.work[at], p)
	r.to[i] = to
	return ""
}

// source returns the address of the source: the one that is asked for, or the first of the family.
func source(from *Target, wanted string, to netip.Addr) (netip.Addr, bool) {
	if a, ok := from.address(wanted, ""); ok && a.String() == wanted && a.Is4() == to.Is4() {
		return a, true
	}
	for _, a := range from.Addresses {
		if a.Is4() == to.Is4() {
			return a, true
		}
	}
	return netip.Addr{}, false
}

// fail makes a record inconclusive.
func (r *round) fail(i int, why string) {
	rec := &r.records[i]
	if rec.Started.IsZero() {
		rec.Started = time.Now().UTC()
		rec.Ended = rec.Started
	}
	if rec.Result != "" && rec.Result != observation.Inconclusive {
		why = fmt.Sprintf("%s; the probe itself: %s", why, rec.Result)
	}
	rec.Result, rec.Detail, rec.Status = observation.Inconclusive, why, 0
}

// each runs f for places, some at a time.
func (r *round) each(places []place, f func(place)) {
	var work sync.WaitGroup
	next := make(chan place)
	for range min(r.c.o.Sources, len(places)) {
		work.Go(func() {
			for at := range next {
				f(at)
			}
		})
	}
	for _, at := range places {
		next <- at
	}
	close(next)
	work.Wait()
}

// run probes between two looks at the destinations and at what enforces policies.
func (r *round) run(ctx context.Context) {
	if r.c.o.Unchecked {
		r.probe(ctx)
		return
	}
	network := r.enforcers(ctx)
	r.before = r.vitals(ctx)
	r.probe(ctx)
	r.after = r.vitals(ctx)
	r.outlast(ctx)
	r.check(unsteady(network, r.enforcers(ctx)))
}

// probe sends all probes, and those that failed again and again, with more patience each time. A pass begins when
// the one before is over: most of what a busy machine made late is then fast.
func (r *round) probe(ctx context.Context) {
	o := r.c.o
	batch := probe.Batch{Parallel: o.Parallel, Attempts: 1}
	timeout, pause := o.Timeout, o.Backoff
	for n := 1; n <= o.Attempts; n++ {
		batch.Timeout = int(timeout.Milliseconds())
		r.pass(ctx, batch)
		if len(r.order) == 0 || n < o.Attempts && !sleep(ctx, pause) {
			break
		}
		timeout, pause, batch.Parallel = 2*timeout, 2*pause, 2*o.Parallel
	}
	if o.Progress != nil {
		o.Progress(len(r.records), len(r.records))
	}
}

// pass sends what is in work, and leaves there what failed.
func (r *round) pass(ctx context.Context, batch probe.Batch) {
	left := map[place][]probe.Probe{}
	r.each(r.order, func(at place) {
		probes := r.work[at]
		b := batch
		b.Probes = probes
		got, err := r.c.run(ctx, at, b)
		r.mu.Lock()
		defer r.mu.Unlock()
		if errors.Is(err, ErrForbidden) {
			r.forbidden = err
		}
		for _, p := range probes {
			if rep, ok := got[p.N]; !ok {
				r.fail(p.N, fmt.Sprintf("the probe could not be sent from %s: %v", at, err))
				r.again[p.N] = true
			} else if r.take(p.N, rep, err); !final(r.records[p.N].Result) {
				left[at] = append(left[at], p)
				continue
			}
			r.done++
		}
		if r.c.o.Progress != nil {
			r.c.o.Progress(r.done, len(r.records))
		}
	})
	r.work = left
	r.order = slices.DeleteFunc(r.order, func(at place) bool { return len(left[at]) == 0 })
}

// final tells whether a further attempt could not say more.
func final(res observation.Result) bool {
	return res == observation.Connected || res == observation.HTTPStatus || res == observation.GRPCStatus
}

// take turns a report into a record; err is what was wrong with its batch.
func (r *round) take(i int, rep probe.Report, err error) {
	rec, to := &r.records[i], &r.to[i]
	if rec.Attempts == 0 {
		rec.Started = rep.Started
	} else if rec.Result != rep.Result && rep.Result != observation.Connected {
		rep.Detail = note(rep.Detail, "the attempt before: "+string(rec.Result))
	}
	delete(r.again, i)
	rec.Result, rec.By, rec.Saw, rec.Status, rec.Detail = rep.Result, rep.By, rep.Saw, rep.Status, rep.Detail
	rec.Ended, rec.Instance = rep.Ended, rep.Instance
	rec.Attempts += rep.Attempts
	switch {
	case rep.Result == observation.Inconclusive && rep.Detail == "":
		rec.Detail = "the agent gave no reason"
	case rep.Result == observation.Timeout && errors.Is(err, errStalled):
		r.fail(i, err.Error())
		r.again[i] = true
	case rep.Result == observation.Connected && !to.is(rep.By, rec.Flow):
		r.fail(i, fmt.Sprintf("%s answered, which is not what was asked: its address belongs to another", rep.By))
	case rep.Result != observation.Connected && rep.Result != observation.Inconclusive && len(to.agents(rec.Flow)) == 0:
		r.foreign(i, rep)
	}
}

// foreign judges a flow to what no agent serves: a closed port refuses as a policy does, and a server may
// close or not understand what it does not know. Packets that nobody answers were dropped, since a machine
// that is up refuses for a port that is closed (RFC 9293, 3.10.7.1).
func (r *round) foreign(i int, rep probe.Report) {
	switch rec := &r.records[i]; {
	case rep.Result == observation.HTTPStatus, rep.Result == observation.GRPCStatus:
		// The record says so itself: without a control it proves nothing.
	case rep.Result == observation.Timeout && !rep.Accepted && rec.Flow.Protocol == probe.TCP:
		rec.Detail = note(rec.Detail, "no agent serves there; nothing answered the connection's first packet")
	case rec.Flow.Ping():
		r.fail(i, "no agent is there: what does not answer echo requests is as silent as what a policy closes")
	case rep.Result == observation.Timeout && !rep.Accepted:
		r.fail(i, "no agent serves there: a server that does not understand the probe is silent too")
	case rep.Accepted:
		r.fail(i, "connected by unknown: the connection was accepted, and no agent answered: "+rep.Detail)
	default:
		r.fail(i, "no agent serves there: a port that is closed refuses as a policy does")
	}
}

func note(detail, more string) string {
	if detail == "" {
		return more
	}
	return detail + "; " + more
}
