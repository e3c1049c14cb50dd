package proxyless

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/replay"
	"github.com/netfate/netfate/sim/model"
)

// Lab is a cluster with istiod and the workloads of a fixture.
type Lab struct {
	cluster *Cluster
	fixture *Fixture
	round   int
}

const (
	clusterFile = "cluster.yaml" // of a case: the fixture
	settleTime  = 60 * time.Second
	sameAgain   = 2 // rounds of calls in a row that must agree
	mostRounds  = 8
	nextLook    = 4 * time.Second
	looks       = 2  // at a case
	lookControl = 10 // at flows without policies: servers start
)

// canaryCluster is a workload whose one policy changes with every case: once it is enforced, so is what was
// applied before it.
const canaryCluster = `apiVersion: v1
kind: Namespace
metadata: {name: canary}
---
apiVersion: v1
kind: Pod
metadata: {name: canary, namespace: canary, labels: {app: canary}, annotations: {inject.istio.io/templates: grpc-agent}}
spec: {containers: [{name: main, image: lab/workload:v1, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: canary, namespace: canary}
spec: {selector: {app: canary}, ports: [{name: grpc, port: 80, targetPort: 8080}]}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: canary, namespace: canary}
spec: {mtls: {mode: DISABLE}}
`

// canaryPolicy refuses one method, of the round.
const canaryPolicy = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: canary, namespace: canary}
spec: {action: DENY, rules: [{to: [{operation: {paths: [%s]}}]}]}
`

// controlPolicy opens the workload that by itself speaks mutual TLS alone: the control asks everything in plaintext.
const controlPolicy = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: control, namespace: a}
spec:
  selector: {matchLabels: {app: labelled}}
  mtls: {mode: DISABLE}
`

// Start makes the workloads of the fixture in a cluster where istiod runs.
func Start(ctx context.Context, c *Cluster, f *Fixture) (*Lab, error) {
	canary, err := ReadFixture(canaryCluster)
	if err != nil {
		return nil, err
	}
	for _, made := range []*Fixture{canary, f} {
		if err := made.start(ctx, c); err != nil {
			return nil, fmt.Errorf("the workloads: %w", err)
		}
	}
	return &Lab{cluster: c, fixture: f}, nil
}

// Control makes every call without policies and tells by their text which of them were answered by their
// destination.
func (l *Lab) Control(ctx context.Context, flows []replay.Flow) (map[string]bool, []observation.Record, error) {
	records, err := l.under(ctx, controlPolicy, distinct(flows), lookControl)
	if err != nil {
		return nil, nil, err
	}
	passed := map[string]bool{}
	for i := range records {
		records[i].Phase, records[i].Control = observation.PhaseControl, observation.ControlNone
		passed[textOf(&records[i])] = records[i].Result == observation.Connected
	}
	return passed, records, nil
}

// distinct returns flows that differ, for the control: cases ask the same again and again, and without policies
// all are allowed.
func distinct(flows []replay.Flow) []replay.Flow {
	seen := map[string]bool{}
	var out []replay.Flow
	for _, f := range flows {
		if key := diff.Text(f.Flow); !seen[key] {
			seen[key] = true
			f.Outcome = model.Allowed
			out = append(out, f)
		}
	}
	return out
}

// Observe applies the policies of a case, waits until they are enforced, makes its calls and takes the policies
// away. It returns the case with the addresses of this cluster in it, and a record of each flow; what the control
// of it says is left to the caller.
func (l *Lab) Observe(ctx context.Context, c *replay.Case) (*replay.Case, []observation.Record, error) {
	out := *c
	out.Manifests = []replay.File{{Name: clusterFile, Data: l.fixture.Manifests()}}
	before, policies := "", ""
	for _, f := range c.Manifests {
		if f.Name == clusterFile {
			before = f.Data
		}
	}
	for _, f := range c.Manifests {
		if f.Name == clusterFile {
			continue
		}
		f.Data = l.fixture.Translate(f.Data, before)
		policies += "---\n" + f.Data
		out.Manifests = append(out.Manifests, f)
	}
	records, err := l.under(ctx, policies, c.Flows, looks)
	return &out, records, err
}

// asRecorded tells whether flows did what they were seen to do before, if their controls pass.
func asRecorded(flows []replay.Flow, records []observation.Record) bool {
	for i := range records {
		r := records[i]
		r.Control = observation.ControlOK
		if out, ok := r.Outcome(); !ok || out != flows[i].Outcome {
			return false
		}
	}
	return true
}

// under makes calls with policies applied.
func (l *Lab) under(ctx context.Context, policies string, flows []replay.Flow, looks int) (_ []observation.Record, err error) {
	l.round++
	method := "/canary.Canary/Round" + strconv.Itoa(l.round)
	made, err := l.cluster.policies(ctx, policies)
	defer func() { err = errors.Join(err, l.cluster.remove(context.WithoutCancel(ctx), made)) }()
	if err != nil {
		return nil, err
	}
	if _, err := l.cluster.policies(ctx, fmt.Sprintf(canaryPolicy, method)); err != nil {
		return nil, err
	}
	if err := l.settle(ctx, method); err != nil {
		return nil, err
	}
	return l.certain(ctx, flows, looks)
}

// certain makes the calls, and again after a while where something is not as it was recorded, looks times in all:
// what was seen may be a server's that istiod has not told yet, or one that has only started.
func (l *Lab) certain(ctx context.Context, flows []replay.Flow, looks int) ([]observation.Record, error) {
	for look := 1; ; look++ {
		records, err := l.stable(ctx, flows)
		if err != nil || look == looks || asRecorded(flows, records) {
			return records, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(nextLook):
		}
	}
}

// settle waits until the canary refuses what its policy of this round names.
func (l *Lab) settle(ctx context.Context, method string) error {
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	probe := call{ID: "canary", Target: "xds:///canary.canary.svc.cluster.local:80", Method: method, Nonce: "canary", Millis: callMillis}
	for {
		got, err := l.cluster.callFrom(ctx, "canary/canary", []call{probe})
		if err == nil && got["canary"].Code == permissionDenied {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("the canary did not refuse %s within %s: %v, %w", method, settleTime, got["canary"], err)
		}
		time.Sleep(looking)
	}
}

// stable makes the calls until the answers stay the same. A round in which a call says nothing is made again, for
// as long as there are rounds left: a machine may be overloaded.
func (l *Lab) stable(ctx context.Context, flows []replay.Flow) ([]observation.Record, error) {
	last, same := "", 0
	for round := 1; ; round++ {
		records, err := l.callFlows(ctx, flows)
		if err != nil {
			return nil, err
		}
		for i := range records {
			records[i].Attempts = round
		}
		now, silent := summary(records)
		if same++; now != last {
			last, same = now, 1
		}
		switch {
		case same >= sameAgain && !silent, same >= sameAgain && round >= mostRounds:
			return records, nil
		case round >= mostRounds:
			return nil, fmt.Errorf("the answers still change after %d rounds", mostRounds)
		}
	}
}

// summary is what records say, and whether one of them says nothing.
func summary(records []observation.Record) (text string, silent bool) {
	var b strings.Builder
	for i := range records {
		fmt.Fprintln(&b, textOf(&records[i]), records[i].Result, records[i].Status)
		silent = silent || records[i].Result == observation.Inconclusive
	}
	return b.String(), silent
}
