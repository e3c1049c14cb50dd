package scenarios

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
)

// fakeCluster is one in which a profile is the reality. It is no live test: it
// shows how statements are judged by what was observed.
type fakeCluster struct {
	network string
	silent  func(observation.Flow) bool
	calls   int
	flows   []observation.Flow
	err     error
}

func (c *fakeCluster) Observe(_ context.Context, snap *model.Snapshot, flows []observation.Flow) (observation.Header, []observation.Record, error) {
	c.calls++
	c.flows = append(c.flows, flows...)
	h := observation.Header{Cluster: observation.Facts{Network: c.network, NetworkVersion: "1.0"}}
	if c.err != nil {
		return h, nil, c.err
	}
	s, err := sim.New(snap, sim.Options{Network: c.network, PodCIDRs: []string{"10.244.0.0/16"}})
	if err != nil {
		return h, nil, err
	}
	var out []observation.Record
	for _, f := range flows {
		rec := observation.Record{Flow: f, Result: observation.Inconclusive, Detail: "no agent", Control: observation.ControlOK, Phase: observation.PhasePolicy}
		q, err := diff.Flow(s, f)
		if err != nil {
			return h, nil, err
		}
		if c.silent == nil || !c.silent(f) {
			switch s.Verdict(q).Outcome {
			case model.Allowed:
				rec.Result, rec.Detail = observation.Connected, ""
			case model.Denied:
				rec.Result, rec.Detail = observation.Timeout, ""
			}
		}
		out = append(out, rec)
	}
	return h, out, nil
}

// liveRun runs steps about the shop against a cluster.
func liveRun(t *testing.T, c Cluster, mode Mode, network string, steps ...string) (string, Result) {
	t.Helper()
	shop, err := filepath.Abs("testdata/cluster/shop")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "a.feature")
	text := "Feature: f\n  Scenario: s\n    Given the manifests in \"" + shop + "\"\n    And the network is \"" + network + "\"\n    " + strings.Join(steps, "\n    ") + "\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, r, err := run(t, Options{Paths: []string{file}, Mode: mode, Cluster: c, ASCII: true})
	if err != nil {
		t.Fatal(err)
	}
	return out, r
}

// TestLive judges statements by traffic alone.
func TestLive(t *testing.T) {
	for _, tt := range []struct {
		name, step string
		status     int
		want       string
	}{
		{"can", `Then "shop/checkout" can reach "shop/payments" on TCP 8080`, ExitPassed, "observed on calico 1.0: 1 connection tried, 1 allowed"},
		{"cannot", `Then "dev/shell" cannot reach "shop/payments" on TCP 8080`, ExitPassed, "1 denied"},
		{"is refuted", `Then "dev/shell" can reach "shop/payments" on TCP 8080`, ExitFailed, "observed denied (timeout)"},
		{"cannot is refuted", `Then "shop/checkout" cannot reach "shop/payments" on TCP 8080`, ExitFailed, "observed allowed (connected)"},
		{"through a service", `Then "shop/checkout" can reach service "shop/payments" on TCP 80`, ExitPassed, "1 allowed"},
		{"no ports: a sample", `Then "dev/shell" cannot reach "shop/payments"`, ExitPassed, "a sample, not a proof over all ports"},
		{"only", `Then only "shop/checkout" can reach "shop/payments" on TCP 8080`, ExitPassed, "ends outside the cluster were not tried"},
		{"only is refuted", `Then only "dev/shell" can reach "shop/payments" on TCP 8080`, ExitFailed, "observed allowed"},
		{"nothing but addresses", `Then the internet cannot reach "shop/payments" on TCP 8080`, ExitUndetermined, "nothing of it could be tried"},
		{"to an address", `Then "dev/shell" can reach address "203.0.113.7" on TCP 443`, ExitUndetermined, "nothing of it could be tried"},
		{"cannot ping", `Then "dev/shell" cannot ping "shop/payments"`, ExitPassed, "1 connection tried, 1 denied"},
		{"ping is refuted", `Then "dev/shell" can ping "shop/payments"`, ExitFailed, "observed denied (timeout)"},
		{"ping", `Then "shop/frontend" can ping "dev/shell"`, ExitPassed, "1 connection tried, 1 allowed"},
		{"ping an address", `Then "dev/shell" can ping address "203.0.113.7"`, ExitUndetermined, "nothing of it could be tried"},
		{"networks", `Then "calico" and "cilium" agree on "shop/checkout" reaching "shop/payments" on TCP 8080`, ExitUndetermined, "traffic cannot show this"},
		{"table", "Then connections on TCP 8080 in namespace \"shop\" are:\n      | from \\ to | payments |\n      | checkout | yes |\n      | frontend | no |", ExitPassed, "2 connections tried"},
		{"table is refuted", "Then connections on TCP 8080 in namespace \"shop\" are:\n      | from \\ to | payments |\n      | checkout | no |\n      | frontend | no |", ExitFailed, "1 of 2 cells"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, r := liveRun(t, &fakeCluster{network: "calico"}, Live, "calico", tt.step)
			if r.ExitStatus() != tt.status || !strings.Contains(out, tt.want) {
				t.Errorf("exit %d, want %d and %q\n%s", r.ExitStatus(), tt.status, tt.want, out)
			}
		})
	}
}

// TestLiveGoesOn: a statement that traffic cannot show does not hide the next
// one, and a refuted one outweighs it.
func TestLiveGoesOn(t *testing.T) {
	out, r := liveRun(t, &fakeCluster{network: "calico"}, Live, "calico",
		`Then "calico" and "cilium" agree on "shop/checkout" reaching "shop/payments" on TCP 8080`, `Then "dev/shell" can reach "shop/payments" on TCP 8080`)
	if r.Failed != 1 || !strings.Contains(out, "observed denied") {
		t.Errorf("%+v\n%s", r, out)
	}
}

// TestSilenceIsInconclusive: no answer is neither a pass nor a failure.
func TestSilenceIsInconclusive(t *testing.T) {
	c := &fakeCluster{network: "calico", silent: func(observation.Flow) bool { return true }}
	for _, step := range []string{
		`Then "dev/shell" cannot reach "shop/payments" on TCP 8080`, `Then "shop/checkout" can reach "shop/payments" on TCP 8080`,
		`Then only "shop/checkout" can reach "shop/payments" on TCP 8080`,
	} {
		if out, r := liveRun(t, c, Live, "calico", step); r.Inconclusive != 1 || r.ExitStatus() != ExitUndetermined {
			t.Errorf("%s: %+v\n%s", step, r, out)
		}
	}
}

// TestBoth fails on the specification and on a contradiction, and on neither of
// what is inconclusive.
func TestBoth(t *testing.T) {
	for _, tt := range []struct {
		name, reality, step string
		silent              bool
		status              int
		want                string
	}{
		{"agree", "calico", `Then "shop/checkout" can reach "shop/payments" on TCP 8080`, false, ExitPassed, "1 allowed"},
		{"both refute", "calico", `Then "dev/shell" can reach "shop/payments" on TCP 8080`, false, ExitFailed, "denied (the client sees: timeout), observed denied (timeout)"},
		{"silent", "calico", `Then "shop/checkout" can reach "shop/payments" on TCP 8080`, true, ExitPassed, "1 inconclusive"},
		{"outside", "calico", `Then the internet cannot reach "shop/payments" on TCP 8080`, false, ExitPassed, "none of it could be tried"},
		{"not on the wire", "calico", `Then "calico" and "kubernetes" agree on "shop/checkout" reaching "shop/payments" on TCP 8080`, false, ExitPassed, "predicted; traffic cannot show it"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := &fakeCluster{network: tt.reality}
			if tt.silent {
				c.silent = func(observation.Flow) bool { return true }
			}
			out, r := liveRun(t, c, Both, "calico", tt.step)
			if r.ExitStatus() != tt.status || !strings.Contains(out, tt.want) {
				t.Errorf("exit %d, want %d and %q\n%s", r.ExitStatus(), tt.status, tt.want, out)
			}
		})
	}
}

// liar answers the opposite of its profile.
type liar struct{ fakeCluster }

func (l *liar) Observe(ctx context.Context, snap *model.Snapshot, flows []observation.Flow) (observation.Header, []observation.Record, error) {
	h, records, err := l.fakeCluster.Observe(ctx, snap, flows)
	for i := range records {
		if records[i].Result == observation.Connected {
			records[i].Result = observation.Timeout
		} else {
			records[i].Result = observation.Connected
		}
	}
	return h, records, err
}

// TestBothContradict: a specification that holds as predicted fails where the
// cluster does otherwise.
func TestBothContradict(t *testing.T) {
	out, r := liveRun(t, &liar{fakeCluster{network: "calico"}}, Both, "calico", `Then "shop/checkout" can reach "shop/payments" on TCP 8080`)
	if r.Failed != 1 || !strings.Contains(out, "contradict each other on 1 of the 1 connection") || !strings.Contains(out, "NetworkPolicy shop/payments") {
		t.Errorf("%+v\n%s", r, out)
	}
}

// TestObservedOnce: all flows of a snapshot are observed at once, each once.
func TestObservedOnce(t *testing.T) {
	c := &fakeCluster{network: "calico"}
	step := `Then "shop/checkout" can reach "shop/payments" on TCP 8080`
	liveRun(t, c, Live, "calico", step, step, `Then "dev/shell" cannot reach "shop/payments" on TCP 8080`)
	if c.calls != 1 || len(c.flows) != 2 {
		t.Errorf("%d observations of %d flows", c.calls, len(c.flows))
	}
}

// TestClusterFails: what keeps the cluster from being observed ends the run.
func TestClusterFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.feature")
	text := "Feature: f\n  Scenario: s\n    Then \"shop/checkout\" can reach \"shop/payments\" on TCP 8080\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	o := Options{Paths: []string{file}, Sources: []string{"testdata/cluster/shop"}, Mode: Live}
	if _, r, err := run(t, o); err == nil || r.ExitStatus() != ExitInput {
		t.Errorf("without a cluster: %v", err)
	}
	gone := errors.New("the cluster is gone")
	o.Cluster = &fakeCluster{network: "calico", err: gone}
	if _, r, err := run(t, o); !errors.Is(err, gone) || r.ExitStatus() != ExitInput {
		t.Errorf("got %v", err)
	}
}
