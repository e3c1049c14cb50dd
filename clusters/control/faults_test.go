package control

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/probe"
	"github.com/netfate/netfate/sim/model"
)

// cutAfter breaks a session after n lines of its output.
func cutAfter(ctx context.Context, n int, in io.Reader, out io.Writer) error {
	r, w := io.Pipe()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { w.CloseWithError(probe.Session(ctx, in, w)) }()
	lines := bufio.NewReader(r)
	for range n {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return err
		}
		if _, err := out.Write(line); err != nil {
			return err
		}
	}
	return errors.New("connection reset by peer")
}

// TestSessions breaks the way to a source in every manner: what comes back all the same holds, what does not
// is inconclusive, and nothing is denied.
func TestSessions(t *testing.T) {
	forbidden := apierrors.NewForbidden(schema.GroupResource{Resource: "pods/exec"}, "p0", errors.New("no"))
	for _, c := range []struct {
		name    string
		session func(ctx context.Context, pod string, n int, in io.Reader, out io.Writer) error
		want    observation.Result
		detail  string
		err     bool
	}{
		{"breaks once after some reports", func(ctx context.Context, _ string, n int, in io.Reader, out io.Writer) error {
			if n == 1 {
				return cutAfter(ctx, 2, in, out)
			}
			return probe.Session(ctx, in, out)
		}, observation.Connected, "", false},
		{"cannot be opened", func(context.Context, string, int, io.Reader, io.Writer) error {
			return errors.New("error dialing backend: no route to host")
		}, observation.Inconclusive, "no route to host", false},
		{"is forbidden", func(context.Context, string, int, io.Reader, io.Writer) error {
			return execError("a", "p0", Binary, forbidden, "")
		}, observation.Inconclusive, "verbs create and get on pods/exec", true},
		{"says nothing", func(ctx context.Context, _ string, _ int, _ io.Reader, _ io.Writer) error {
			<-ctx.Done()
			return ctx.Err()
		}, observation.Inconclusive, "said nothing for", false},
		{"is something else", func(_ context.Context, _ string, _ int, _ io.Reader, out io.Writer) error {
			_, err := io.WriteString(out, "BusyBox v1.36\n")
			return err
		}, observation.Inconclusive, "not netfate's agent", false},
		{"ends at once", func(context.Context, string, int, io.Reader, io.Writer) error { return nil },
			observation.Inconclusive, "ended before its batch", false},
		{"is of another version", func(_ context.Context, _ string, _ int, in io.Reader, out io.Writer) error {
			var b probe.Batch
			if err := json.NewDecoder(in).Decode(&b); err != nil {
				return err
			}
			return json.NewEncoder(out).Encode(probe.Report{Batch: b.ID, End: true, Error: "version 1 of the batch"})
		}, observation.Inconclusive, "version 1 of the batch", false},
		{"forgets reports", func(_ context.Context, _ string, _ int, in io.Reader, out io.Writer) error {
			var b probe.Batch
			if err := json.NewDecoder(in).Decode(&b); err != nil {
				return err
			}
			return json.NewEncoder(out).Encode(probe.Report{Batch: b.ID, End: true, N: len(b.Probes)})
		}, observation.Inconclusive, "were not reported", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPods(t, 3, freePorts(t, 2)...)
			p.session = c.session
			o := quick()
			o.Silence, o.Timeout, o.Attempts = 200*time.Millisecond, 100*time.Millisecond, 1
			ctl := New(p, o)
			defer ctl.Close()
			records, err := ctl.Probe(t.Context(), allPairs(p), p.resolve)
			if c.err != (err != nil) {
				t.Errorf("error %v", err)
			}
			for _, r := range records {
				if r.Result != c.want || !strings.Contains(r.Detail, c.detail) {
					t.Fatalf("%+v", r)
				}
			}
		})
	}
}

// TestDestinations kills and changes the destination's agent between the two looks at it.
func TestDestinations(t *testing.T) {
	for _, c := range []struct {
		name   string
		during func(p *pods)
		detail string
	}{
		{"it is killed", func(p *pods) { p.kill("p1") }, "no agent serves"},
		{"it is started again", func(p *pods) { p.kill("p1"); p.start("p1") }, "restarted while it was probed"},
		{"it never served", nil, "itself (refused)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPods(t, 2, freePorts(t, 1)...)
			if c.during == nil {
				p.kill("p1")
			}
			p.session = func(ctx context.Context, pod string, _ int, in io.Reader, out io.Writer) error {
				return p.policed(ctx, pod, in, out, func(to string) bool {
					if pod == "p0" && c.during != nil {
						c.during(p)
					}
					return pod == "p0"
				})
			}
			ctl := New(p, quick())
			defer ctl.Close()
			records, err := ctl.Probe(t.Context(), []observation.Flow{{From: pod("p0"), To: pod("p1"), Protocol: "TCP", Port: p.ports[0]}}, p.resolve)
			if err != nil || records[0].Result != observation.Inconclusive || !strings.Contains(records[0].Detail, c.detail) {
				t.Errorf("%+v %v", records[0], err)
			}
		})
	}
}

// policed is a session in which probes to some addresses time out.
func (p *pods) policed(ctx context.Context, _ string, in io.Reader, out io.Writer, denied func(to string) bool) error {
	dec, enc := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var b probe.Batch
		if err := dec.Decode(&b); err != nil {
			return err
		}
		var pass []probe.Probe
		for _, q := range b.Probes {
			if !denied(q.To) {
				pass = append(pass, q)
				continue
			}
			now := time.Now()
			if err := enc.Encode(probe.Report{Batch: b.ID, N: q.N, Result: observation.Timeout, Started: now, Ended: now, Attempts: 1}); err != nil {
				return err
			}
		}
		b.Probes = pass
		var failed error
		probe.Run(ctx, b, func(r probe.Report) { failed = errors.Join(failed, enc.Encode(r)) })
		if failed != nil {
			return failed
		}
	}
}

// TestWrongAnswer asserts that an answer of another agent is no connection.
func TestWrongAnswer(t *testing.T) {
	p := newPods(t, 2, freePorts(t, 1)...)
	ctl := New(p, quick())
	defer ctl.Close()
	moved := func(q observation.Party) (Target, error) {
		to, err := p.resolve(q)
		if q.ID == "a/p1" {
			to.Addresses[0] = p.at["p0"]
		}
		return to, err
	}
	records, err := ctl.Probe(t.Context(), []observation.Flow{{From: pod("p0"), To: pod("p1"), Protocol: "TCP", Port: p.ports[0]}}, moved)
	if err != nil || records[0].Result != observation.Inconclusive || !strings.Contains(records[0].Detail, "a/p0 answered") {
		t.Errorf("%+v %v", records[0], err)
	}
}

// TestForeign says what can be said of what no agent serves.
func TestForeign(t *testing.T) {
	p := newPods(t, 1, freePorts(t, 1)...)
	srv := &http.Server{Addr: fmt.Sprintf("127.0.0.77:%d", p.ports[0]), Handler: http.NotFoundHandler()}
	go srv.ListenAndServe()
	defer srv.Close()
	time.Sleep(50 * time.Millisecond)
	ctl := New(p, quick())
	defer ctl.Close()
	at := func(a string) observation.Party { return observation.Party{Kind: observation.KindAddress, Address: a} }
	resolve := func(q observation.Party) (Target, error) {
		if q.Kind == observation.KindPod {
			return p.resolve(q)
		}
		return (&mirrored{m: nobody()}).resolve(q)
	}
	flows := []observation.Flow{
		{From: pod("p0"), To: at("127.0.0.77"), Protocol: "TCP", Port: p.ports[0], Request: &observation.Request{Path: "/x"}},
		{From: pod("p0"), To: at("127.0.0.77"), Protocol: "TCP", Port: p.ports[0]},
		{From: pod("p0"), To: at("127.0.0.78"), Protocol: "TCP", Port: p.ports[0]},
		{From: pod("p0"), To: at("127.0.0.78"), Protocol: "UDP", Port: p.ports[0]},
	}
	records, err := ctl.Probe(t.Context(), flows, resolve)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"by unknown: 404", "connected by unknown", "a port that is closed refuses", "a port that is closed refuses"} {
		r := records[i]
		if out, ok := r.Outcome(); ok || out != model.Undetermined || !strings.Contains(r.Detail, want) {
			t.Errorf("%+v, want %q", r, want)
		}
	}
	if records[0].Result != observation.HTTPStatus || records[0].Status != 404 {
		t.Errorf("%+v", records[0])
	}
}

// TestChaos kills agents and sessions at random while flows that nothing forbids are probed: not one of them
// may count as denied.
func TestChaos(t *testing.T) {
	p := newPods(t, 8, freePorts(t, 2)...)
	var mu sync.Mutex
	cancels := map[string]context.CancelFunc{}
	p.session = func(ctx context.Context, pod string, _ int, in io.Reader, out io.Writer) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		mu.Lock()
		cancels[pod] = cancel
		mu.Unlock()
		done := make(chan error, 1)
		go func() { done <- probe.Session(ctx, in, out) }()
		select {
		case err := <-done:
			return err
		case <-ctx.Done():
			return errors.New("the connection was killed")
		}
	}
	stop := make(chan struct{})
	kills := 0
	var killer sync.WaitGroup
	killer.Go(func() {
		r := rand.New(rand.NewPCG(1, 2))
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Duration(r.IntN(30)) * time.Millisecond):
			}
			name := fmt.Sprintf("p%d", r.IntN(8))
			kills++
			switch r.IntN(3) {
			case 0:
				p.kill(name)
				p.start(name)
			case 1:
				p.kill(name)
				time.Sleep(time.Duration(r.IntN(50)) * time.Millisecond)
				p.start(name)
			case 2:
				mu.Lock()
				if cancels[name] != nil {
					cancels[name]()
				}
				mu.Unlock()
			}
		}
	})
	o := quick()
	o.Timeout, o.Attempts, o.Rounds = time.Second, 2, 1
	ctl := New(p, o)
	defer ctl.Close()
	count := map[observation.Result]int{}
	for range 30 {
		records, err := ctl.Probe(t.Context(), allPairs(p), p.resolve)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			count[r.Result]++
			if out, ok := r.Outcome(); ok && out == model.Denied {
				t.Errorf("denied: %+v", r)
			}
		}
	}
	close(stop)
	killer.Wait()
	t.Log(kills, "kills:", count)
	if kills < 10 || count[observation.Connected] == 0 {
		t.Errorf("the run shows nothing: %d kills, %v", kills, count)
	}
}

// TestEnforcers has what enforces policies die, be away or stay while a destination times out: only where it stayed
// does the failure count as denied.
func TestEnforcers(t *testing.T) {
	for _, c := range []struct {
		name   string
		states []string // in the order of asking; "" is an error
		detail string
	}{
		{"it stays", []string{"a", "a"}, ""},
		{"it is restarted", []string{"a", "b", "b", "c"}, "restarted while it was probed"},
		{"it is away before", []string{"", "a", "", "a"}, "before the probe, what enforces policies was not whole: away"},
		{"it is away after", []string{"a", "", "a", ""}, "after the probe, what enforces policies was not whole: away"},
		{"it is restarted and then stays", []string{"a", "b", "b", "b"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPods(t, 2, freePorts(t, 1)...)
			p.session = func(ctx context.Context, name string, _ int, in io.Reader, out io.Writer) error {
				return p.policed(ctx, name, in, out, func(to string) bool { return name == "p0" })
			}
			o, n := quick(), 0
			o.Enforcers = func(context.Context) (string, error) {
				n++
				if s := c.states[n-1]; s != "" {
					return s, nil
				}
				return "", errors.New("away")
			}
			ctl := New(p, o)
			defer ctl.Close()
			records, err := ctl.Probe(t.Context(), []observation.Flow{{From: pod("p0"), To: pod("p1"), Protocol: "TCP", Port: p.ports[0]}}, p.resolve)
			if err != nil || n != len(c.states) {
				t.Fatalf("asked %d times, %v", n, err)
			}
			out, ok := records[0].Outcome()
			if denied := ok && out == model.Denied; denied != (c.detail == "") || !strings.Contains(records[0].Detail, c.detail) {
				t.Errorf("%+v", records[0])
			}
		})
	}
}

// TestRestartedBackend has a Service refuse after its agent was restarted, as a node's proxy does until it knows of
// that: this is no denial, while the same of an agent that was not restarted is.
func TestRestartedBackend(t *testing.T) {
	for _, restarted := range []bool{false, true} {
		p := newPods(t, 2, freePorts(t, 1)...)
		p.session = func(ctx context.Context, name string, _ int, in io.Reader, out io.Writer) error {
			return p.policed(ctx, name, in, out, func(to string) bool { return name == "p0" })
		}
		ctl := New(p, quick())
		defer ctl.Close()
		service := func(q observation.Party) (Target, error) {
			if q.Kind != observation.KindService {
				return p.resolve(q)
			}
			to, err := p.resolve(pod("p1"))
			return Target{Addresses: to.Addresses, Behind: func(string, uint16) []Backend { return []Backend{{Target: to, Port: p.ports[0]}} }}, err
		}
		flow := observation.Flow{From: pod("p0"), To: observation.Party{Kind: observation.KindService, ID: "a/s"}, Protocol: "TCP", Port: p.ports[0]}
		for n := range 2 {
			if n == 1 && restarted {
				p.kill("p1")
				p.start("p1")
			}
			records, err := ctl.Probe(t.Context(), []observation.Flow{flow}, service)
			if err != nil {
				t.Fatal(err)
			}
			out, ok := records[0].Outcome()
			if denied := ok && out == model.Denied; denied != (n == 0 || !restarted) {
				t.Errorf("restarted %v, probe %d: %+v", restarted, n, records[0])
			}
		}
	}
}
