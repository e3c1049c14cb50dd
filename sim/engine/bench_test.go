package engine_test

import (
	"runtime"
	"testing"

	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/internal/gencluster"
	"github.com/netfate/netfate/sim/model"
)

// Reference timings, processor time, medians on two shared cores of an AMD Turin
// at a load of 4:
//
//	                              10k pods     150k pods
//	classes, rows                 2,001, 1,588   30,001, 8,068
//	Compile                       18 ms          220 ms, 70 MB
//	WhatIf (one policy, delta)    0.08 ms        0.2 ms
//	Blocks (the whole matrix)     10 ms, 0.6 M   0.3 s, 15 M
//	Decide                        79 ns          175 ns
//	Trace                         9 µs           12 µs
//	  steps, and policies beside  21, 26         13, 14
//
// What bounds them: Compile writes each run of each row once, and a fifth of its
// time is the first touch of that memory; Decide follows pointers from endpoint
// to class, row, run and set, cold in the large cluster; Trace allocates what it
// hands out, 136 bytes a step and 32 for each policy beside a default.

// sizes are the clusters that the benchmarks run on.
func sizes() map[string]gencluster.Size {
	return map[string]gencluster.Size{"10k": gencluster.Medium(), "150k": gencluster.Large()}
}

func onClusters(b *testing.B, f func(b *testing.B, m *model.Model)) {
	for _, name := range []string{"10k", "150k"} {
		b.Run(name, func(b *testing.B) {
			m := gencluster.New(sizes()[name]).Model()
			runtime.GC()
			f(b, m)
		})
	}
}

// measure reports the processor time of each round.
func measure(b *testing.B, round func()) {
	b.ReportAllocs()
	start := cpuTime()
	for b.Loop() {
		round()
	}
	b.ReportMetric(float64(cpuTime()-start)/float64(b.N), "cpu-ns/op")
}

// BenchmarkCompile makes the class matrix of a model in memory.
func BenchmarkCompile(b *testing.B) {
	onClusters(b, func(b *testing.B, m *model.Model) {
		var e *engine.Engine
		measure(b, func() { e = engine.Compile(m) })
		b.ReportMetric(float64(e.Classes()), "classes")
		b.ReportMetric(float64(e.Rows()), "rows")
		b.ReportMetric(float64(m.Policies()), "policies")
	})
}

// BenchmarkWhatIf changes one policy of one namespace, there and back, and
// streams the exact difference.
func BenchmarkWhatIf(b *testing.B) {
	onClusters(b, func(b *testing.B, m *model.Model) {
		e := engine.Compile(m)
		ch := oneChange(m)
		n := 0
		measure(b, func() {
			after, aff, _ := e.With(ch)
			n = 0
			engine.NewDiffer(e, after, aff).Each(func(engine.Delta) { n++ })
		})
		b.ReportMetric(float64(n), "pairs")
	})
}

// oneChange edits the port of one policy, the sort of change that is made most.
func oneChange(m *model.Model) engine.Change {
	t := m.TierIndex(model.TierNetworkPolicy)
	var ch engine.Change
	for _, p := range m.Tiers[t].Policies {
		if o := p.Origin.Object; o.Name == "p003-tier" && o.Namespace == "ns0007" {
			ch.Remove = []*model.Object{o}
			ch.Add = append(ch.Add, model.Placed{Tier: model.TierNetworkPolicy, Policy: edited(p)})
		}
	}
	return ch
}

// edited returns the policy with port 9090 in place of what its rules had.
func edited(p *model.Policy) *model.Policy {
	out := *p
	out.Rules = append([]model.Rule(nil), p.Rules...)
	for i := range out.Rules {
		if !out.Rules[i].Traffic.Any {
			out.Rules[i].Traffic.Conns = port9090()
		}
	}
	return &out
}

// BenchmarkBlocks streams the whole matrix as blocks.
func BenchmarkBlocks(b *testing.B) {
	onClusters(b, func(b *testing.B, m *model.Model) {
		e := engine.Compile(m)
		blocks, rounds := 0, 0
		start := cpuTime()
		measure(b, func() {
			e.Pairs().Blocks(func(engine.Block) bool { blocks++; return true })
			rounds++
		})
		b.ReportMetric(float64(blocks)/float64(rounds), "blocks")
		b.ReportMetric(float64(blocks)/(cpuTime()-start).Seconds(), "blocks/cpu-s")
	})
}

// BenchmarkDecide decides one connection after the other.
func BenchmarkDecide(b *testing.B) {
	onClusters(b, func(b *testing.B, m *model.Model) {
		e := engine.Compile(m)
		qs, i := questions(m, 4096), 0
		measure(b, func() { e.Decide(qs[i&4095]); i++ })
	})
}

// BenchmarkTrace does so with everything that was considered.
func BenchmarkTrace(b *testing.B) {
	onClusters(b, func(b *testing.B, m *model.Model) {
		e := engine.Compile(m)
		qs, i := questions(m, 4096), 0
		measure(b, func() { e.Trace(qs[i&4095]); i++ })
	})
}
