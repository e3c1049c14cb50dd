package proxyless_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/provider/kind"
	"github.com/netfate/netfate/clusters/proxyless"
	"github.com/netfate/netfate/clusters/replay"
)

const (
	cases   = "../../sim/testdata/observed/istio-proxyless-1.31"
	fixture = "../lab/istio/cluster.yaml"
)

// TestLive repeats recorded cases against the cluster that NETFATE_LIVE_MESH names, one of clusters/lab/istio/run: all
// of them, or those of NETFATE_CASES, separated by spaces. A flow must do what it was recorded to do and what is
// predicted. With NETFATE_RECORD=1 the cases are written anew instead of compared; NETFATE_OBSERVATIONS names a file
// for the records.
func TestLive(t *testing.T) {
	name := os.Getenv("NETFATE_LIVE_MESH")
	if name == "" {
		t.Skip("live: not run: NETFATE_LIVE_MESH names no cluster of clusters/lab/istio/run")
	}
	ctx, began := t.Context(), time.Now()
	text, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	f, err := proxyless.ReadFixture(string(text))
	if err != nil {
		t.Fatal(err)
	}
	c := connect(ctx, t, name)
	lab, err := proxyless.Start(ctx, c, f)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the workloads are ready after %s", time.Since(began).Round(time.Second))
	r := &run{lab: lab, header: observation.Header{Tool: "netfate", Started: began, Cluster: c.Facts}}
	r.all(ctx, t)
}

func connect(ctx context.Context, t *testing.T, name string) *proxyless.Cluster {
	t.Helper()
	k, err := kind.New(os.Getenv, nil)
	if err != nil {
		t.Fatal(err)
	}
	config, err := k.Config(ctx, name)
	if err != nil {
		t.Fatal(err)
	}
	c, err := proxyless.Connect(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// chosen returns the files of the cases that are to be run. It fails on a name that is no case.
func chosen(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(cases, "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases", err)
	}
	names := strings.Fields(os.Getenv("NETFATE_CASES"))
	if len(names) == 0 {
		return paths
	}
	var out []string
	for _, n := range names {
		p := filepath.Join(cases, n+".txtar")
		if !slices.Contains(paths, p) {
			t.Fatalf("NETFATE_CASES: there is no case %s", n)
		}
		out = append(out, p)
	}
	return out
}

// run is one pass over all cases.
type run struct {
	lab     *proxyless.Lab
	header  observation.Header
	records []observation.Record
	table   diff.Table
}

type recorded struct {
	path    string
	old     *replay.Case
	now     *replay.Case
	records []observation.Record
}

func (r *run) all(ctx context.Context, t *testing.T) {
	var list []*recorded
	var flows []replay.Flow
	for _, p := range chosen(t) {
		text, err := os.ReadFile(p) //nolint:gosec // the test's own data
		if err != nil {
			t.Fatal(err)
		}
		c, err := replay.Parse(string(text))
		if err != nil {
			t.Fatalf("%s: %v", p, err)
		}
		list = append(list, &recorded{path: p, old: c})
		flows = append(flows, c.Flows...)
	}
	before := r.control(ctx, t, flows)
	for _, c := range list {
		var err error
		if c.now, c.records, err = r.lab.Observe(ctx, c.old); err != nil {
			t.Errorf("%s: %v", c.path, err)
		}
	}
	after := r.control(ctx, t, flows)
	for _, c := range list {
		for i := range c.records {
			c.records[i].Control = proxyless.Controlled(&c.records[i], before, after)
		}
		r.records = append(r.records, c.records...)
		t.Run(strings.TrimSuffix(filepath.Base(c.path), ".txtar"), func(t *testing.T) { r.compare(t, c) })
	}
	r.write(t)
	t.Logf("%d cases, %d flows, %s; %d predicted and observed alike, %d different", len(list), len(flows), time.Since(r.header.Started).Round(time.Second), r.table.Agreed(), r.table.Wrong())
}

func (r *run) control(ctx context.Context, t *testing.T, flows []replay.Flow) map[string]bool {
	t.Helper()
	passed, records, err := r.lab.Control(ctx, flows)
	if err != nil {
		t.Fatal("the control:", err)
	}
	r.records = append(r.records, records...)
	return passed
}

// compare puts what was seen beside what is recorded and what is predicted.
func (r *run) compare(t *testing.T, c *recorded) {
	if c.now == nil {
		t.Fatal("not observed")
	}
	flows, left := replay.FlowsOf(c.records)
	if left > 0 {
		for i := range c.records {
			if _, ok := c.records[i].Outcome(); !ok {
				t.Errorf("%s: says nothing: %s, control %s: %s", diff.Text(c.records[i].Flow), c.records[i].Result, c.records[i].Control, c.records[i].Detail)
			}
		}
		return
	}
	was := c.old.Flows
	c.now.Flows = flows
	record := os.Getenv("NETFATE_RECORD") != ""
	for i := range flows {
		flows[i].Predicted = was[i].Predicted
		t.Logf("%s: %s (%s %d by %q, %s)", diff.Text(flows[i].Flow), flows[i].Outcome, c.records[i].Result, c.records[i].Status, c.records[i].By, c.records[i].Detail)
		if !record && was[i].Outcome != flows[i].Outcome {
			t.Errorf("%s: now %s, recorded as %s", diff.Text(flows[i].Flow), flows[i].Outcome, was[i].Outcome)
		}
	}
	if record {
		only, why := c.old.Run.ObservedOnly, c.old.Run.Why
		c.now.Run = replay.RunOf(r.header, c.old.Run.Profile)
		c.now.Run.ObservedOnly, c.now.Run.Why = only, why
		if err := os.WriteFile(c.path, []byte(c.now.Format()), 0o644); err != nil { //nolint:gosec // test data
			t.Fatal(err)
		}
	}
	r.predict(t, c)
}

func (r *run) predict(t *testing.T, c *recorded) {
	if c.now.Run.ObservedOnly != "" {
		return
	}
	rows, err := c.now.Replay(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		row := &rows[i]
		r.table.Add(row.Predicted, row.Seen)
		if want := c.now.Flows[i].Predicted; row.Predicted != want {
			t.Errorf("%s: observed %s, predicted %s by %s, which was to be %s", diff.Text(row.Record.Flow), row.Seen, row.Predicted, row.Rule, want)
		}
	}
}

func (r *run) write(t *testing.T) {
	name := os.Getenv("NETFATE_OBSERVATIONS")
	if name == "" {
		return
	}
	out, err := os.Create(name) //nolint:gosec // named by whoever runs it
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := observation.Write(out, r.header, r.records); err != nil {
		t.Error(err)
	}
}
