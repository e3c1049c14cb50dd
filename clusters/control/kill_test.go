package control_test

import (
	"context"
	"flag"
	"math/rand/v2"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/netfate/netfate/clusters/control"
	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/live"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim/model"
)

var (
	liveNodes  = flag.String("live-nodes", "", "containers of the cluster's nodes, the control plane first, separated by commas: their processes are killed")
	liveEngine = flag.String("live-engine", "docker", "program that runs commands in them with its exec")
	liveAgent  = flag.String("live-agent", "reference", "name of the process of the network's node agent")
	liveChaos  = flag.Duration("live-chaos", 40*time.Second, "how long processes of each kind are killed")
)

// kill is a kind of process that dies: the command that kills it in a node, and the nodes that have it.
type kill struct {
	name    string
	command []string
	nodes   []string
}

func kills(nodes []string) []kill {
	named := func(name string) []string { return []string{"pkill", "-KILL", "-x", name} }
	return []kill{
		{"API server", named("kube-apiserver"), nodes[:1]},
		{"node agent", named(*liveAgent), nodes},
		{"probe agents of a node", named("netfate-probe"), nodes},
		{"kubelet", []string{"systemctl", "kill", "--signal=KILL", "kubelet"}, nodes},
	}
}

// some kills processes at random times until the context ends, and returns how many times it did.
func (k kill) some(ctx context.Context, r *rand.Rand) int {
	n := 0
	for {
		select {
		case <-ctx.Done():
			return n
		case <-time.After(time.Second + time.Duration(r.IntN(6000))*time.Millisecond):
		}
		args := append([]string{"exec", k.nodes[r.IntN(len(k.nodes))]}, k.command...)
		if exec.Command(*liveEngine, args...).Run() == nil { // it fails where the process is not there just now
			n++
		}
	}
}

// TestLiveProcesses kills processes with SIGKILL while flows are probed that the policies in force allow: none may
// count as denied. Before that, all of them connect and those that the policies forbid count as denied; after each
// kind, all connect again.
func TestLiveProcesses(t *testing.T) {
	if *liveNodes == "" {
		t.Skip("not run: no node whose processes may be killed is given with -live-nodes")
	}
	b := newBench(t)
	c := b.controller(b.config, control.Options{Timeout: 500 * time.Millisecond, Silence: 5 * time.Second, Enforcers: live.Enforcers(b.client)})
	resolve := b.resolver()
	if err := b.Policies(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	allowed, forbidden := b.predicted(b.flows(true, 80, 8080, 53))
	b.connect(c, allowed, resolve)
	b.refuse(c, forbidden, resolve)
	for i, k := range kills(strings.Split(*liveNodes, ",")) {
		t.Run(k.name, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			n := 0
			var killer sync.WaitGroup
			killer.Go(func() { n = k.some(ctx, rand.New(rand.NewPCG(5, uint64(i)))) })
			count := tally{}
			for began := time.Now(); time.Since(began) < *liveChaos; {
				records, err := c.Probe(t.Context(), allowed, resolve)
				if err != nil {
					t.Logf("probing: %v", err)
				}
				count.add(t, records)
			}
			stop()
			killer.Wait()
			t.Logf("%d kills; of %d probes of %d flows: %d connected, %d inconclusive (%d of them failed, and that was not believed), %d denied",
				n, count.all, len(allowed), count.connected, count.inconclusive, count.doubted, count.denied)
			if n == 0 || count.connected == 0 {
				t.Error("the run shows nothing")
			}
			b.connect(c, allowed, resolve)
		})
	}
	b.refuse(c, forbidden, resolve)
}

// tally counts what records of flows that are allowed say.
type tally struct{ all, connected, inconclusive, doubted, denied int }

func (c *tally) add(t *testing.T, records []observation.Record) {
	for _, r := range records {
		c.all++
		switch out, ok := r.Outcome(); {
		case ok && out == model.Denied:
			c.denied++
			t.Errorf("denied: %+v", r)
		case ok:
			c.connected++
		default:
			c.inconclusive++
			if strings.Contains(r.Detail, "the probe itself: ") {
				c.doubted++
			}
		}
	}
}

// predicted parts flows into those that the policies allow and those that they forbid; a pod's to itself through a
// Service is neither.
func (b *bench) predicted(flows []observation.Flow) (allowed, forbidden []observation.Flow) {
	b.t.Helper()
	for _, f := range flows {
		q, err := diff.Flow(b.sim, f)
		if err != nil {
			b.t.Fatal(err)
		}
		switch b.sim.Verdict(q).Outcome {
		case model.Allowed:
			allowed = append(allowed, f)
		case model.Denied:
			forbidden = append(forbidden, f)
		}
	}
	return allowed, forbidden
}

// connect waits until all flows connect: processes that died again and again are started after minutes only.
func (b *bench) connect(c *control.Controller, flows []observation.Flow, resolve control.Resolver) {
	b.t.Helper()
	began := time.Now()
	for {
		records, err := c.Probe(b.t.Context(), flows, resolve)
		var other []observation.Record
		for _, r := range records {
			if r.Result != observation.Connected {
				other = append(other, r)
			}
		}
		if err == nil && len(other) == 0 {
			b.t.Logf("%d flows that are allowed connect, after %s", len(flows), time.Since(began).Round(time.Second))
			return
		}
		if time.Since(began) > 4*time.Minute {
			b.t.Fatalf("%d of %d flows do not connect (%v), such as %+v", len(other), len(flows), err, other[:min(3, len(other))])
		}
		time.Sleep(time.Second)
	}
}

// refuse asserts that flows count as denied.
func (b *bench) refuse(c *control.Controller, flows []observation.Flow, resolve control.Resolver) {
	b.t.Helper()
	records, err := c.Probe(b.t.Context(), flows, resolve)
	if err != nil {
		b.t.Fatal(err)
	}
	denied := 0
	for _, r := range records {
		if out, ok := r.Outcome(); ok && out == model.Denied {
			denied++
		} else if ok {
			b.t.Errorf("forbidden, and connected: %+v", r)
		}
	}
	b.t.Logf("%d of %d flows that are forbidden count as denied, the others as inconclusive", denied, len(flows))
	if denied == 0 {
		b.t.Error("no flow counts as denied: the run shows nothing")
	}
}
