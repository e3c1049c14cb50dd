package minimise_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/minimise"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
)

// reality is a cluster that behaves as another profile.
type reality struct {
	network string
	dear    bool // parts of pods and namespaces stay
	probes  int
	sizes   []int
	fails   func(n int) error
}

func (*reality) Changes(kind string) bool { return kind != "Node" }

func (r *reality) Cheap(kind string) bool { return !r.dear || strings.HasSuffix(kind, "Policy") }

func (r *reality) Observe(_ context.Context, objects []*model.Object, flow observation.Flow) (model.Outcome, bool, error) {
	r.probes++
	r.sizes = append(r.sizes, len(objects))
	if r.fails != nil {
		if err := r.fails(r.probes); err != nil {
			return model.Undetermined, false, err
		}
	}
	s, err := sim.New(&model.Snapshot{Objects: objects}, sim.Options{Network: r.network})
	if err != nil {
		return model.Undetermined, false, err
	}
	f, err := diff.Flow(s, flow)
	if err != nil {
		return model.Undetermined, false, err
	}
	out := s.Verdict(f).Outcome
	return out, out != model.Undetermined, nil
}

// crowded is row N16 among much that has nothing to do with it.
func crowded(t *testing.T) []*model.Object {
	t.Helper()
	var b strings.Builder
	for i := range 12 {
		fmt.Fprintf(&b, `---
apiVersion: v1
kind: Pod
metadata: {name: p%d, namespace: t, labels: {app: a%d, tier: x, version: v1}}
spec: {nodeName: n1, containers: [{name: main, image: x, ports: [{name: web, containerPort: 8080}, {name: api, containerPort: 9090}]}]}
status: {phase: Running, podIP: 10.244.1.%d, podIPs: [{ip: 10.244.1.%d}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: np%d, namespace: t}
spec: {podSelector: {matchLabels: {app: a%d}}, ingress: [{from: [{podSelector: {matchLabels: {app: a%d}}}, {ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 80}, {port: web}]}]}
`, i, i, i+1, i+1, i, i, (i+5)%12)
	}
	b.WriteString(`---
apiVersion: v1
kind: Namespace
metadata: {name: t, labels: {team: red, env: prod}}
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: base}
spec:
  tier: Baseline
  priority: 10
  subject: {namespaces: {matchLabels: {env: prod}}}
  ingress:
  - {action: Accept, from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: a9}}}}], protocols: [{tcp: {destinationPort: {number: 1}}}]}
  - {action: Accept, from: [{namespaces: {matchLabels: {env: prod, team: red}}}, {namespaces: {matchLabels: {env: dev}}}]}
`)
	snap, err := sim.Load(t.Context(), collect.Options{Sources: []string{"-"}, Stdin: strings.NewReader(b.String())})
	if err != nil {
		t.Fatal(err)
	}
	return snap.Objects
}

func flow() observation.Flow {
	return observation.Flow{From: observation.Party{Kind: "pod", ID: "t/p3"}, To: observation.Party{Kind: "pod", ID: "t/p7"}, Protocol: "TCP", Port: 8080}
}

func minimised(t *testing.T, r *reality, o minimise.Options) *minimise.Result {
	t.Helper()
	o.Network = "kube-network-policies"
	res, err := minimise.Run(t.Context(), crowded(t), flow(), r, o)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// TestSmall: of 26 objects the two pods, their namespace and two policies are
// left, and of those only what matters.
func TestSmall(t *testing.T) {
	r := &reality{network: "cilium"}
	res := minimised(t, r, minimise.Options{})
	if len(res.Objects) != 5 || !res.Complete || res.Predicted != model.Denied || res.Observed != model.Allowed {
		t.Errorf("%d objects, complete %v, %s and %s", len(res.Objects), res.Complete, res.Predicted, res.Observed)
	}
	if res.Probes != r.probes || res.Probes > minimise.DefaultProbes || res.After*4 > res.Before {
		t.Errorf("%d probes (%d), size %d of %d", res.Probes, r.probes, res.After, res.Before)
	}
	text, err := minimise.Manifests(res.Objects)
	if err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"version", "192.0.2.0", "a9", "containerPort", "dev", "np3"} {
		if strings.Contains(string(text), gone) {
			t.Errorf("%s is still there:\n%s", gone, text)
		}
	}
}

// TestDear: where pods cannot be changed cheaply, bystanders go and the others stay whole.
func TestDear(t *testing.T) {
	res := minimised(t, &reality{network: "cilium", dear: true}, minimise.Options{})
	text, err := minimise.Manifests(res.Objects)
	if err != nil || len(res.Objects) != 5 || !strings.Contains(string(text), "version: v1") || strings.Contains(string(text), "a9") {
		t.Errorf("%v, %d objects\n%s", err, len(res.Objects), text)
	}
}

// TestDeterministic: the same input takes the same steps to the same end.
func TestDeterministic(t *testing.T) {
	one, two := &reality{network: "cilium"}, &reality{network: "cilium"}
	a, b := minimised(t, one, minimise.Options{}), minimised(t, two, minimise.Options{})
	x, _ := minimise.Manifests(a.Objects)
	y, _ := minimise.Manifests(b.Objects)
	if string(x) != string(y) || fmt.Sprint(one.sizes) != fmt.Sprint(two.sizes) {
		t.Error("two runs differ")
	}
}

// TestBounded: no more probes than allowed, and what is left then still disagrees.
func TestBounded(t *testing.T) {
	for _, n := range []int{1, 2, 7} {
		r := &reality{network: "cilium"}
		res := minimised(t, r, minimise.Options{MaxProbes: n})
		if r.probes > n || res.Complete {
			t.Errorf("%d probes of %d, complete %v", r.probes, n, res.Complete)
		}
		if out, _, err := (&reality{network: "cilium"}).Observe(t.Context(), res.Objects, flow()); err != nil || out != res.Observed {
			t.Errorf("after %d probes: %s, %v", n, out, err)
		}
	}
}

// TestMonotone: what is kept only ever gets smaller.
func TestMonotone(t *testing.T) {
	last := 1 << 30
	minimised(t, &reality{network: "cilium"}, minimise.Options{Progress: func(_, _, size int) {
		if size > last {
			t.Errorf("from %d to %d", last, size)
		}
		last = size
	}})
}

// TestNoDisagreement and errors of the observer.
func TestErrors(t *testing.T) {
	o := minimise.Options{Network: "cilium"}
	if _, err := minimise.Run(t.Context(), crowded(t), flow(), &reality{network: "cilium"}, o); !errors.Is(err, minimise.ErrNoDisagreement) {
		t.Errorf("got %v", err)
	}
	broken := errors.New("the cluster is gone")
	r := &reality{network: "cilium", fails: func(n int) error {
		if n == 3 {
			return broken
		}
		return nil
	}}
	o.Network = "kube-network-policies"
	if _, err := minimise.Run(t.Context(), crowded(t), flow(), r, o); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	refusing := &reality{network: "cilium", fails: func(n int) error {
		if n%2 == 0 {
			return fmt.Errorf("%w: invalid", minimise.ErrRefused)
		}
		return nil
	}}
	if _, err := minimise.Run(t.Context(), crowded(t), flow(), refusing, o); err != nil {
		t.Errorf("a refusal ends it: %v", err)
	}
}

// TestFeature: the feature says what was observed, so that it fails today.
func TestFeature(t *testing.T) {
	res := minimised(t, &reality{network: "cilium"}, minimise.Options{})
	h := observation.Header{Cluster: observation.Facts{Network: "cilium", NetworkVersion: "1.20.2", Kubernetes: "v1.34.4"}}
	got := res.Feature(h, "case.yaml")
	for _, want := range []string{"cilium 1.20.2", `Given the manifests in "case.yaml"`, `Then pod "t/p3" can reach pod "t/p7" on TCP 8080`, "predicted denied"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
