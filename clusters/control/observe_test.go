package control

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/netfate/netfate/clusters/mirror"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim/model"
)

func nobody() *mirror.Mirror { return &mirror.Mirror{} }

// slow is a network that takes its time to apply policies.
type slow struct {
	mu    sync.Mutex
	on    bool
	since time.Time
	times []bool
}

func (s *slow) Policies(_ context.Context, on bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.on, s.since, s.times = on, time.Now(), append(s.times, on)
	return nil
}

// holds tells whether policies hold: 300 ms after they were put there or taken away.
func (s *slow) holds() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.since) < 300*time.Millisecond {
		return !s.on
	}
	return s.on
}

// TestObserve has policies that close p1, an agent that is unreachable all the time (p2), and one that becomes so
// while policies hold (p3): only what the policies close is denied.
func TestObserve(t *testing.T) {
	p := newPods(t, 4, freePorts(t, 1)...)
	sw := &slow{}
	p.session = func(ctx context.Context, name string, _ int, in io.Reader, out io.Writer) error {
		return p.policed(ctx, name, in, out, func(to string) bool {
			self := p.at[name].String() == to
			sw.mu.Lock()
			later := len(sw.times) > 1
			sw.mu.Unlock()
			return !self && (to == p.at["p1"].String() && sw.holds() || to == p.at["p2"].String() || to == p.at["p3"].String() && later && !sw.isFirst())
		})
	}
	flows := []observation.Flow{}
	for _, to := range []string{"p1", "p2", "p3"} {
		flows = append(flows, observation.Flow{From: pod("p0"), To: pod(to), Protocol: "TCP", Port: p.ports[0]})
	}
	ctl := New(p, quick())
	defer ctl.Close()
	o := ObserveOptions{
		Settle:    SettleOptions{Every: 10 * time.Millisecond, Quiet: 700 * time.Millisecond, Limit: 5 * time.Second},
		Predicted: []model.Outcome{model.Denied, model.Allowed, model.Allowed},
	}
	records, err := ctl.Observe(t.Context(), flows, p.resolve, sw, o)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{observation.ControlOK, observation.ControlFailedBefore, observation.ControlFailedAfter} {
		if records[i].Control != want || records[i].Phase != observation.PhasePolicy || records[i].Result != observation.Timeout {
			t.Errorf("%+v, want %s", records[i], want)
		}
	}
	if out, ok := records[0].Outcome(); !ok || out != model.Denied {
		t.Errorf("%v %v", out, ok)
	}
	if len(sw.times) != 3 || sw.times[0] || !sw.times[1] || sw.times[2] {
		t.Errorf("policies were switched %v", sw.times)
	}
}

// TestContradicted: what failed against the prediction is tried once more. What passes then was never denied; what
// fails again, or was predicted to fail, stays as it was.
func TestContradicted(t *testing.T) {
	p := newPods(t, 4, freePorts(t, 1)...)
	p.session = func(ctx context.Context, name string, _ int, in io.Reader, out io.Writer) error {
		return p.policed(ctx, name, in, out, func(to string) bool { return name == "p0" && to == p.at["p2"].String() })
	}
	var flows []observation.Flow
	var under []observation.Record
	for _, to := range []string{"p1", "p2", "p3"} {
		f := observation.Flow{From: pod("p0"), To: pod(to), Protocol: "TCP", Port: p.ports[0]}
		flows, under = append(flows, f), append(under, observation.Record{Flow: f, Result: observation.Timeout})
	}
	ctl := New(p, quick())
	defer ctl.Close()
	o := ObserveOptions{Predicted: []model.Outcome{model.Allowed, model.Allowed, model.Denied}, Step: func(string) {}}
	if err := ctl.contradicted(t.Context(), flows, under, p.resolve, &o); err != nil {
		t.Fatal(err)
	}
	for i, want := range []observation.Result{observation.Connected, observation.Timeout, observation.Timeout} {
		if under[i].Result != want {
			t.Errorf("%s: %s (%s), want %s", flows[i].To, under[i].Result, under[i].Detail, want)
		}
	}
	if !strings.Contains(under[0].Detail, "timeout") {
		t.Errorf("the first answer is forgotten: %q", under[0].Detail)
	}
}

func (s *slow) isFirst() bool { s.mu.Lock(); defer s.mu.Unlock(); return len(s.times) == 1 }

// TestSettle asserts that a wait ends when the prediction holds, or when answers stay against it, and is an error
// when they keep changing.
func TestSettle(t *testing.T) {
	for _, c := range []struct {
		name      string
		denied    func(poll int) bool
		want      model.Outcome
		predicted bool
		polls     int // at least
		err       string
	}{
		{"late", func(n int) bool { return n >= 4 }, model.Denied, true, 5, ""},
		{"never", func(int) bool { return false }, model.Denied, false, 3, ""},
		{"not predicted", func(n int) bool { return n >= 3 }, model.Undetermined, false, 4, ""},
		{"unsteady", func(n int) bool { return n%2 == 0 }, model.Denied, false, 5, "did not come to hold"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPods(t, 2, freePorts(t, 1)...)
			n := 0
			p.session = func(ctx context.Context, name string, _ int, in io.Reader, out io.Writer) error {
				return p.policed(ctx, name, in, out, func(string) bool { n++; return c.denied(n - 1) })
			}
			ctl := New(p, quick())
			defer ctl.Close()
			f := observation.Flow{From: pod("p0"), To: pod("p1"), Protocol: "TCP", Port: p.ports[0]}
			s, err := ctl.Settle(t.Context(), []Canary{{f, c.want}}, p.resolve, SettleOptions{Every: 5 * time.Millisecond, Quiet: 150 * time.Millisecond, Limit: 400 * time.Millisecond})
			if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
				t.Errorf("error %v", err)
			}
			if s.Predicted != c.predicted || s.Polls < c.polls {
				t.Errorf("%+v", s)
			}
		})
	}
}

func TestJudgeErrors(t *testing.T) {
	if _, err := Judge(nil, make([]observation.Record, 1), nil); err == nil {
		t.Error("no error for lists of different lengths")
	}
}

func TestCanaries(t *testing.T) {
	f := func(a, b string) observation.Flow { return observation.Flow{From: pod(a), To: pod(b)} }
	flows := []observation.Flow{f("a", "b"), f("a", "c"), f("c", "d"), f("e", "f")}
	d, a := model.Denied, model.Allowed
	got, err := Canaries(flows, []model.Outcome{d, d, d, a}, 3)
	if err != nil || len(got) != 3 || got[0].Flow.To.ID != "a/b" || got[1].Flow.To.ID != "a/d" || got[2].Flow.To.ID != "a/c" {
		t.Errorf("%+v %v", got, err)
	}
}
