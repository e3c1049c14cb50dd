package campaign

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/minimise"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
)

func quick(network string, seed uint64, rounds int) Options {
	return Options{Network: network, Seed: seed, Rounds: rounds, Flows: 60, RecheckDelay: time.Microsecond, PerStage: 10}
}

// TestAgreement: where the profile is the reality, nothing disagrees, and most
// flows are determined and both allowed and denied.
func TestAgreement(t *testing.T) {
	for _, network := range []string{"cilium", "kube-network-policies", "calico"} {
		rep, err := Run(t.Context(), &fakeBench{t: t, reality: network}, quick(network, 1, 40))
		if err != nil {
			t.Fatal(err)
		}
		if len(rep.Mismatches) > 0 || rep.Table.Wrong() > 0 || rep.Agreement() != 1 {
			t.Errorf("%s: %+v", network, rep.Mismatches)
		}
		if a := rep.Table.Count; a[model.Allowed][0] < 200 || a[model.Denied][1] < 200 || rep.Flows < 2000 || rep.Policies < 100 {
			t.Errorf("%s: %d flows, %d policies, table %v: too little is tried", network, rep.Flows, rep.Policies, a)
		}
	}
}

// TestMismatchesAreFoundAndSmall: with another profile as reality the known rows
// come up, each made small, and what is left still disagrees.
func TestMismatchesAreFoundAndSmall(t *testing.T) {
	o := quick("kubernetes", 3, 30)
	o.Network = "kube-network-policies"
	rep, err := Run(t.Context(), &fakeBench{t: t, reality: "cilium"}, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(rep.Mismatches) < 3 || rep.Agreement() == 1 {
		t.Fatalf("%d mismatches", len(rep.Mismatches))
	}
	small := 0
	for _, m := range rep.Mismatches {
		if m.Small == nil {
			continue
		}
		small++
		if n := len(m.Small.Objects); n > 8 || m.Small.Probes > minimise.DefaultProbes {
			t.Errorf("%d objects after %d probes", n, m.Small.Probes)
		}
		c, err := m.Small.Case(rep.Header)
		if err != nil {
			t.Fatal(err)
		}
		c.Run.Date, c.Run.Profile = "2026-01-01", "cilium"
		rows, err := c.Replay(t.Context())
		if err != nil || rows[0].Predicted != m.Observed {
			t.Errorf("reality does not say %s of what is left: %v %v\n%s", m.Observed, rows, err, c.Format())
		}
		c.Run.Profile = "kube-network-policies"
		rows, err = c.Replay(t.Context())
		if err != nil || rows[0].Predicted != m.Predicted {
			t.Errorf("%s is not predicted of what is left: %v %v\n%s", m.Predicted, rows, err, c.Format())
		}
	}
	if small == 0 {
		t.Error("nothing was made small")
	}
}

// TestSeed: a seed gives the same campaign, another gives another.
func TestSeed(t *testing.T) {
	of := func(seed uint64) string {
		var b strings.Builder
		stage, err := Stage(seed, "x")
		if err != nil {
			t.Fatal(err)
		}
		list, err := Policies(seed, 4, "x", "10.244.0.0/16", []string{"10.244.1.2"})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range append(stage, list...) {
			b.Write(o.Root.JSON())
		}
		for _, f := range Flows(seed, 4, stage, 30) {
			b.WriteString(f.From.ID + f.To.ID)
		}
		return b.String()
	}
	if once, again := of(1), of(1); once != again || once == of(2) {
		t.Error("the seed does not decide")
	}
}

// TestEverythingOccurs: each form that matters turns up.
func TestEverythingOccurs(t *testing.T) {
	var b strings.Builder
	for round := range 300 {
		list, err := Policies(9, round, "x", "10.244.0.0/16", []string{"10.244.1.2", "10.244.2.3"})
		if err != nil {
			t.Fatal(err)
		}
		s, err := sim.New(&model.Snapshot{Objects: list}, sim.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range s.Problems() {
			if p.Severity == model.Error {
				t.Fatalf("round %d: %v", round, p)
			}
		}
		for _, o := range list {
			b.Write(o.Root.JSON())
		}
	}
	text := b.String()
	for _, form := range []string{`"except"`, `"endPort"`, `"port":"web"`, `"port":"dns"`, `"policyTypes":["Egress"]`, `"NotIn"`, `"DoesNotExist"`,
		`"tier":"Admin"`, `"tier":"Baseline"`, `"action":"Pass"`, `"action":"Deny"`, `"action":"Accept"`, `"networks"`, `"nodes":{}`,
		`"destinationNamedPort"`, `"range"`, `"10.244.1.2/32"`, `"podSelector":{}`, `"namespaceSelector":{}`, `"udp"`} {
		if strings.Count(text, form) < 5 {
			t.Errorf("%s occurs %d times in 300 rounds", form, strings.Count(text, form))
		}
	}
}

// TestLate: what settles late is probed again, counted, and no mismatch.
func TestLate(t *testing.T) {
	rep, err := Run(t.Context(), &fakeBench{t: t, reality: "cilium", late: 2}, quick("cilium", 5, 8))
	if err != nil {
		t.Fatal(err)
	}
	if len(rep.Mismatches) > 0 || rep.Late == 0 {
		t.Errorf("late %d, mismatches %v", rep.Late, rep.Mismatches)
	}
}

// TestSilence: a probe without an answer is inconclusive and nothing else.
func TestSilence(t *testing.T) {
	b := &fakeBench{t: t, reality: "cilium", silent: func(f observation.Flow) bool { return f.Port == portWeb }}
	rep, err := Run(t.Context(), b, quick("cilium", 5, 8))
	if err != nil {
		t.Fatal(err)
	}
	open := rep.Table.Count[model.Allowed][2] + rep.Table.Count[model.Denied][2]
	if open == 0 || rep.Table.Wrong() > 0 || len(rep.Mismatches) > 0 {
		t.Errorf("%v %v", rep.Table, rep.Mismatches)
	}
}

// TestControl: what fails after the policies are gone too is no mismatch.
func TestControl(t *testing.T) {
	b := &fakeBench{t: t, reality: "cilium"}
	b.cut = func(f observation.Flow) bool { return b.sets > 1 && f.Port == portAPI }
	rep, err := Run(t.Context(), b, quick("cilium", 5, 8))
	if err != nil {
		t.Fatal(err)
	}
	if len(rep.Mismatches) > 0 || rep.Table.Wrong() > 0 || rep.Table.Count[model.Allowed][2] == 0 {
		t.Errorf("%v %v", rep.Table, rep.Mismatches)
	}
}

// TestAllFlows: a round tries nothing that its stage's control does not.
func TestAllFlows(t *testing.T) {
	stage, err := Stage(1, "x")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, f := range AllFlows(stage) {
		known[diff.Text(f)] = true
	}
	for round := range 20 {
		for _, f := range Flows(1, round, stage, 150) {
			if !known[diff.Text(f)] {
				t.Fatalf("%s has no control", diff.Text(f))
			}
		}
	}
}

// TestRefused: objects that the API server refuses are counted, not compared.
func TestRefused(t *testing.T) {
	n := 0
	b := &fakeBench{t: t, reality: "cilium", refuse: func([]*model.Object) bool { n++; return n%3 == 2 }}
	rep, err := Run(t.Context(), b, quick("cilium", 5, 9))
	if err != nil || rep.Refused == 0 || len(rep.Refusals) != rep.Refused || rep.Rounds != 9 {
		t.Errorf("%v, refused %d of %d", err, rep.Refused, rep.Rounds)
	}
}

// TestBounds: a campaign ends by its time, by its context, and not without a bound.
func TestBounds(t *testing.T) {
	b := &fakeBench{t: t, reality: "cilium"}
	if _, err := Run(t.Context(), b, Options{Network: "cilium"}); err == nil {
		t.Error("it runs for ever")
	}
	o := quick("cilium", 1, 0)
	o.Time = 50 * time.Millisecond
	if rep, err := Run(t.Context(), b, o); err != nil || rep.Rounds == 0 || rep.Took > 5*time.Second {
		t.Errorf("%v after %v", err, rep.Took)
	}
	ctx, cancel := context.WithCancel(t.Context())
	o.Time, o.Progress = time.Hour, func(*Report) { cancel() }
	rep, err := Run(ctx, b, o)
	if err != nil && !errors.Is(err, context.Canceled) || rep.Rounds != 1 {
		t.Errorf("%v after %d rounds", err, rep.Rounds)
	}
}
