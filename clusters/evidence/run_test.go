package evidence_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/netfate/netfate/clusters/evidence"
	"github.com/netfate/netfate/clusters/minimise"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim/model"
)

const shown = `Default deny.
-- manifests/a.yaml --
apiVersion: v1
kind: Namespace
metadata: {name: t}
---
apiVersion: v1
kind: Pod
metadata: {name: c, namespace: t, labels: {app: c}}
spec: {containers: [{name: main, image: x}]}
---
apiVersion: v1
kind: Pod
metadata: {name: s, namespace: t, labels: {app: s}}
spec: {containers: [{name: main, image: x, ports: [{containerPort: 80}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: t}
spec: {podSelector: {matchLabels: {app: s}}}
-- flows --
t/c -> t/s TCP 80
t/s -> t/c UDP 53
t/c -> 192.0.2.1 TCP 443
`

// bench answers as its fields say; it is no cluster, and says so in the header.
type bench struct {
	answer  func(f observation.Flow, policies bool, look int) observation.Result
	refuse  error // of objects with policies
	holds   bool  // whether policies do
	looks   int
	stripes int // how many times objects were set
}

func (*bench) Header() observation.Header {
	return observation.Header{Version: observation.Version, Cluster: observation.Facts{Network: "test", NetworkVersion: "0", Kubernetes: "v1.34.4", Provider: "fake"}}
}

func (b *bench) Set(_ context.Context, objects []*model.Object) ([]*model.Object, error) {
	b.holds = false
	b.stripes++
	for _, o := range objects {
		b.holds = b.holds || o.Kind == "NetworkPolicy"
	}
	if b.holds && b.refuse != nil {
		return nil, b.refuse
	}
	return objects, nil
}

func (b *bench) Probe(_ context.Context, flows []observation.Flow) ([]observation.Record, error) {
	b.looks++
	var out []observation.Record
	for _, f := range flows {
		r := b.answer(f, b.holds, b.looks)
		out = append(out, observation.Record{Flow: f, Result: r, Started: time.Unix(0, 0), Attempts: 1, Control: observation.ControlOK, Phase: observation.PhasePolicy})
	}
	return out, nil
}

func show(t *testing.T, b *bench) *evidence.Result {
	t.Helper()
	c, err := evidence.Parse("x/deny.txtar", []byte(shown))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Flows) != 2 || len(c.Left) != 1 || !strings.Contains(c.Left[0], "an end outside the cluster") {
		t.Fatalf("flows %v, left out %v", c.Flows, c.Left)
	}
	r, err := evidence.Run(t.Context(), b, c, evidence.Options{Profile: "kubernetes", Pause: time.Nanosecond, Looks: 3})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// truth is what a cluster that enforces the policy does.
func truth(f observation.Flow, policies bool, _ int) observation.Result {
	if policies && f.To.ID == "t/s" {
		return observation.Timeout
	}
	return observation.Connected
}

// TestRecorded: what was seen is recorded with where it was seen, and the policies are taken away for the control.
func TestRecorded(t *testing.T) {
	b := &bench{answer: truth}
	r := show(t, b)
	if r.Recorded == nil || len(r.Recorded.Flows) != 2 || r.Recorded.Flows[0].Outcome != model.Denied || r.Recorded.Flows[1].Outcome != model.Allowed {
		t.Fatalf("got %+v", r)
	}
	if run := r.Recorded.Run; run.Provider != "fake" || run.Network != "test" || run.Profile != "kubernetes" {
		t.Errorf("recorded as of %+v", run)
	}
	if b.holds || b.stripes != 3 {
		t.Errorf("the policies hold at the end: %t, set %d times", b.holds, b.stripes)
	}
}

// TestNothingIsDeniedByAccident: an agent that cannot be asked, a flow that is dead without policies or afterwards, and
// an answer that changes are inconclusive and never recorded as denied.
func TestNothingIsDeniedByAccident(t *testing.T) {
	only := func(f observation.Flow) bool { return f.To.ID == "t/s" }
	for name, answer := range map[string]func(observation.Flow, bool, int) observation.Result{
		"a failed exec": func(f observation.Flow, policies bool, look int) observation.Result {
			if policies && only(f) {
				return observation.Inconclusive
			}
			return truth(f, policies, look)
		},
		"dead before": func(f observation.Flow, _ bool, _ int) observation.Result {
			if only(f) {
				return observation.Timeout
			}
			return observation.Connected
		},
		"dead after": func() func(observation.Flow, bool, int) observation.Result {
			held := false
			return func(f observation.Flow, policies bool, look int) observation.Result {
				if held = held || policies; held && only(f) {
					return observation.Timeout
				}
				return truth(f, policies, look)
			}
		}(),
		"another answer each time": func(f observation.Flow, policies bool, look int) observation.Result {
			if policies && only(f) && look%2 == 0 {
				return observation.Connected
			}
			return truth(f, policies, look)
		},
	} {
		r := show(t, &bench{answer: answer})
		if r.Recorded == nil || len(r.Recorded.Flows) != 1 || r.Recorded.Flows[0].To.ID != "t/c" {
			t.Errorf("%s: recorded %+v", name, r.Recorded)
		}
		if len(r.Dead)+len(r.Unsteady) == 0 {
			t.Errorf("%s: nobody is told", name)
		}
	}
}

// TestRefused: what the API server refuses, or does not serve, is said and nothing is recorded.
func TestRefused(t *testing.T) {
	for _, err := range []error{
		fmt.Errorf("%w: it is invalid", minimise.ErrRefused),
		fmt.Errorf("not served: %w", &meta.NoKindMatchError{GroupKind: schema.GroupKind{Kind: "X"}}),
	} {
		r := show(t, &bench{answer: truth, refuse: err})
		if r.Recorded != nil || r.Refused == "" {
			t.Errorf("%v: got %+v", err, r)
		}
	}
}
