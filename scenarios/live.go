package scenarios

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Mode says what judges the statements of a run.
type Mode string

// The modes.
const (
	Predict Mode = ""     // the simulator
	Live    Mode = "live" // the traffic of a cluster
	Both    Mode = "both" // both, and a run fails where they contradict each other
)

// Cluster observes traffic.
type Cluster interface {
	// Observe makes pods for the snapshot's endpoints be there with its policies,
	// tries the flows and returns one record for each, in order. A flow whose control
	// probe fails is inconclusive.
	Observe(ctx context.Context, snap *model.Snapshot, flows []observation.Flow) (observation.Header, []observation.Record, error)
}

// referee answers a question for pairs of its ends: the simulator (asker) or the
// traffic of a cluster (prober).
type referee interface {
	find(ctx context.Context, q question, f func(finding) bool) error
}

// judge returns what judges statements about a view.
func (s *scenario) judge(v *view) referee {
	if s.by == nil {
		return v.asker()
	}
	return &prober{v: v, a: v.asker(), l: s.by, step: s}
}

// live holds what a run observes. In the first pass it collects flows, in the
// second it answers.
type live struct {
	mu         sync.Mutex
	collecting bool
	max        int // pairs a question probes at most
	wanted     map[*view]*wanted
	order      []*view
}

// wanted are the flows of one view, with their records once they are observed.
type wanted struct {
	flows   []observation.Flow
	index   map[string]int // by text
	records []observation.Record
	header  observation.Header
	sim     *sim.Simulator // of the snapshot with the addresses that were observed
}

// defaultPairs bounds the pairs that one statement probes.
const defaultPairs = 400

// runLive runs the scenarios twice: once to learn which flows they are about, and
// once to judge them by what was observed.
func (r *runner) runLive(ctx context.Context) error {
	if r.o.Cluster == nil {
		return errors.New("there is no cluster to observe")
	}
	l := &live{collecting: true, max: r.o.MaxPairs, wanted: map[*view]*wanted{}}
	if l.max <= 0 {
		l.max = defaultPairs
	}
	p, err := r.o.read()
	if err != nil {
		return err
	}
	first := &runner{o: r.o, w: r.w, plan: p, steps: r.steps, out: silent{}, live: l}
	first.suite(ctx)
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, v := range l.order {
		if err := l.observe(ctx, r.o.Cluster, v, r.w.o); err != nil {
			return err
		}
	}
	l.collecting = false
	r.live = l
	r.suite(ctx)
	return ctx.Err()
}

// suite runs the plan once.
func (r *runner) suite(ctx context.Context) {
	suite := r.o.suite()
	suite.ScenarioInitializer = r.initialize
	suite.Options.DefaultContext = ctx
	suite.Options.Format, suite.Options.Output = "progress", io.Discard
	if len(r.plan.list) > 0 {
		suite.Run()
	}
}

// silent writes nothing.
type silent struct{}

func (silent) scenario(*scenarioResult) {}

func (silent) end(Result, *plan) error { return nil }

// want notes a flow of a view.
func (l *live) want(v *view, f observation.Flow) {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.wanted[v]
	if w == nil {
		w = &wanted{index: map[string]int{}}
		l.wanted[v] = w
		l.order = append(l.order, v)
	}
	key := diff.Text(f)
	if _, ok := w.index[key]; !ok {
		w.index[key] = len(w.flows)
		w.flows = append(w.flows, f)
	}
}

// observe probes the flows of a view.
func (l *live) observe(ctx context.Context, c Cluster, v *view, o *Options) error {
	w := l.wanted[v]
	h, records, err := c.Observe(ctx, v.sim.Snapshot(), w.flows)
	if err != nil {
		return fmt.Errorf("cannot observe: %w", err)
	}
	if len(records) != len(w.flows) {
		return fmt.Errorf("%d flows were to be observed, and %d were", len(w.flows), len(records))
	}
	w.header, w.records = h, records
	if o.Observed != nil {
		if err := o.Observed(h, v.sim.Snapshot(), records); err != nil {
			return err
		}
	}
	moved, err := diff.Adapt(v.sim.Snapshot(), records)
	if err != nil {
		return err
	}
	w.sim, err = v.sim.WithObserved(moved, diff.Mesh(h), diff.PodIPs(records))
	return err
}

// record returns what was observed of a flow.
func (l *live) record(v *view, f observation.Flow) (observation.Record, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.wanted[v]
	if w == nil {
		return observation.Record{}, false
	}
	i, ok := w.index[diff.Text(f)]
	if !ok || i >= len(w.records) {
		return observation.Record{}, false
	}
	return w.records[i], true
}

// observedFlow returns a flow as it is probed; false where it cannot be: it has
// an end outside the cluster, or is of another protocol than TCP, UDP and SCTP and
// no echo request to an endpoint, or goes from one pod of a template to another, of
// which the mirror has one.
func (v *view) observedFlow(f model.Flow) (observation.Flow, bool) {
	if f.From.Kind == model.PartyEndpoint && f.From == f.To && v.m.Endpoints[f.From.Index].Template {
		return observation.Flow{}, false
	}
	from, ok := v.observedParty(f.From)
	to, ok2 := v.observedParty(f.To)
	if !ok || !ok2 || from.Kind == observation.KindService {
		return observation.Flow{}, false
	}
	if isEcho(f.Protocol, f.Port) && to.Kind != observation.KindService {
		return observation.Flow{From: from, To: to, Protocol: f.Protocol.String()}, true
	}
	if !f.Protocol.HasPorts() {
		return observation.Flow{}, false
	}
	return observation.Flow{From: from, To: to, Protocol: f.Protocol.String(), Port: f.Port}, true
}

func (v *view) observedParty(p model.Party) (observation.Party, bool) {
	switch p.Kind {
	case model.PartyEndpoint:
		e := &v.m.Endpoints[p.Index]
		if e.Cluster != "" {
			return observation.Party{}, false
		}
		if e.Kind == model.Node {
			return observation.Party{Kind: observation.KindNode, ID: e.Name}, true
		}
		return observation.Party{Kind: observation.KindPod, ID: e.ID()}, true
	case model.PartyService:
		return observation.Party{Kind: observation.KindService, ID: v.m.Services[p.Index].ID()}, true
	}
	return observation.Party{}, false
}

// probed is what a step did on the wire.
type probed struct {
	flows   int
	seen    [3]int // by diff.Seen
	sampled bool   // a part of the pairs or ports stands for the rest
	outside bool   // addresses outside the cluster, or hosts, were not tried
	wrong   []diff.Row
	engine  string
	counted map[string]bool
}

func (p *probed) count(row diff.Row) {
	key := diff.Text(row.Record.Flow)
	if p.counted == nil {
		p.counted = map[string]bool{}
	}
	if p.counted[key] {
		return
	}
	p.counted[key] = true
	p.flows++
	p.seen[row.Seen]++
	if row.Class == diff.Disagree {
		p.wrong = append(p.wrong, row)
	}
}

// note says in a line what was tried.
func (p *probed) note() string {
	parts := []string{count(p.flows, "connection", "connections") + " tried"}
	for _, s := range diff.Columns() {
		if n := p.seen[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	text := "observed: " + strings.Join(parts, ", ")
	if p.engine != "" {
		text = "observed on " + p.engine + ": " + strings.Join(parts, ", ")
	}
	if p.sampled {
		text += "; a sample, not a proof over all ports and pairs"
	}
	if p.outside {
		text += "; ends outside the cluster were not tried"
	}
	return text
}

// holdsOf turns what was seen of the flows of one pair into an answer.
func holdsOf(q question, seen []diff.Seen) (algebra.Tri, int) {
	first := map[diff.Seen]int{}
	for i := len(seen) - 1; i >= 0; i-- {
		first[seen[i]] = i + 1
	}
	allowed, denied, open := first[diff.Allowed], first[diff.Denied], first[diff.Inconclusive]
	switch {
	case q.deny && allowed > 0:
		return algebra.No, allowed - 1
	case q.deny && open > 0:
		return algebra.Maybe, open - 1
	case q.deny:
		return algebra.Yes, denied - 1
	case q.want.some && allowed > 0:
		return algebra.Yes, allowed - 1
	case q.want.some: // a port that was not tried may be open
		return algebra.Maybe, max(denied, open) - 1
	case denied > 0:
		return algebra.No, denied - 1
	case open > 0:
		return algebra.Maybe, open - 1
	}
	return algebra.Yes, allowed - 1
}
