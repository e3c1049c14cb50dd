package control_test

import (
	"testing"
	"time"

	"github.com/netfate/netfate/clusters/control"
	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim/model"
)

// TestLiveObserve mirrors a snapshot, observes all pairs and compares them with what is predicted.
func TestLiveObserve(t *testing.T) {
	b := newBench(t)
	c := b.controller(b.config, control.Options{})
	flows, resolve := b.flows(true, 80, 8080, 53), b.resolver()
	var predicted []model.Outcome
	for _, f := range flows {
		q, err := diff.Flow(b.sim, f)
		if err != nil {
			t.Fatal(err)
		}
		predicted = append(predicted, b.sim.Verdict(q).Outcome)
	}
	began := time.Now()
	records, err := c.Observe(t.Context(), flows, resolve, b, control.ObserveOptions{Predicted: predicted, Step: func(s string) {
		t.Logf("%6s %s", time.Since(began).Round(100*time.Millisecond), s)
	}})
	if err != nil {
		t.Fatal(err)
	}
	result := diff.Compare(b.sim, observation.Header{}, records)
	t.Logf("%d flows in %s: %v", len(flows), time.Since(began).Round(100*time.Millisecond), result.Table)
	for i, row := range result.Rows {
		if row.Class == diff.Disagree || row.Class == diff.Open && i < 2000 {
			t.Errorf("%s: predicted %s, seen %s %s %s %s", diff.Text(row.Record.Flow), row.Predicted, row.Seen, row.Record.Result, row.Record.Control, row.Record.Detail)
		}
	}
	node := observation.Party{Kind: observation.KindNode, ID: b.m.NodeAgents[0].Node}
	pod := observation.Party{Kind: observation.KindPod, ID: b.m.Pods[0].ID}
	more, err := c.Probe(t.Context(), []observation.Flow{
		{From: node, To: pod, Protocol: "TCP", Port: 80}, {From: pod, To: node, Protocol: "TCP", Port: b.m.Canary}, {From: pod, To: node, Protocol: "UDP", Port: b.m.Canary},
		{From: pod, To: pod, Protocol: "TCP", Port: b.m.Canary}, {From: pod, To: node, Protocol: "TCP", Port: 1},
	}, resolve)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range more {
		t.Logf("%s: %s by %q saw %s %s", diff.Text(r.Flow), r.Result, r.By, r.Saw, r.Detail)
	}
}
