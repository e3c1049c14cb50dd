package control_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/netfate/netfate/clusters/apply"
	"github.com/netfate/netfate/clusters/control"
	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/mirror"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
)

var (
	kubeconfig = flag.String("live-kubeconfig", "", "cluster of the live tests; their namespaces begin with netfate-agenttest")
	liveImage  = flag.String("live-image", "", "the agent's image, which the nodes have")
	livePods   = flag.Int("live-pods", 12, "pods of the live tests")
	network    = flag.String("live-network", "kubernetes", "profile that predicts")
)

const owner = "netfate-agenttest"

// bench is a cluster with a mirror in it.
type bench struct {
	t      *testing.T
	config *rest.Config
	client *apply.Client
	sim    *sim.Simulator
	m      *mirror.Mirror
}

func podKind() schema.GroupVersionKind { return schema.GroupVersionKind{Version: "v1", Kind: "Pod"} }

// manifests has pods of three namespaces and policies that close and open some of them.
func manifests(n int) string {
	var b strings.Builder
	for _, ns := range []string{"a", "b", "c"} {
		fmt.Fprintf(&b, "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: %s-%s, labels: {team: %s, pod-security.kubernetes.io/enforce: restricted}}\n", owner, ns, ns)
		fmt.Fprintf(&b, "---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: %s-%s}\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}\n", owner, ns)
	}
	for i := range n {
		app := []string{"web", "api"}[i/3%2]
		fmt.Fprintf(&b, "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p%d, namespace: %s-%c, labels: {app: %s}}\n", i, owner, 'a'+i%3, app)
		fmt.Fprintf(&b, "spec: {containers: [{name: main, image: example, ports: [{name: http, containerPort: 8080}, {containerPort: 80}, {containerPort: 53, protocol: UDP}]}]}\n")
	}
	fmt.Fprintf(&b, `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: %[1]s-a}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: open, namespace: %[1]s-a}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}], ports: [{port: http}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: egress, namespace: %[1]s-c}
spec: {podSelector: {matchLabels: {app: api}}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}], ports: [{port: 80}, {port: 53, protocol: UDP}]}]}
`, owner)
	return b.String()
}

func newBench(t *testing.T) *bench {
	if *kubeconfig == "" {
		t.Skip("not run: no cluster is given with -live-kubeconfig")
	}
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	config.QPS = -1
	b := &bench{t: t, config: config}
	if b.client, err = apply.New(config); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "all.yaml"), []byte(manifests(*livePods)), 0o600); err != nil {
		t.Fatal(err)
	}
	snap, err := sim.Load(context.Background(), collect.Options{Sources: []string{dir}})
	if err != nil {
		t.Fatal(err)
	}
	if b.sim, err = sim.New(snap, sim.Options{Network: *network}); err != nil {
		t.Fatal(err)
	}
	nodes := b.list(schema.GroupVersionKind{Version: "v1", Kind: "Node"})
	var names []string
	for _, n := range nodes {
		names = append(names, n.GetName())
	}
	if b.m, err = mirror.Build(b.sim, mirror.Options{Image: *liveImage, Nodes: names, NodeAgents: true}); err != nil {
		t.Fatal(err)
	}
	for _, p := range b.m.Problems {
		t.Log(p.Error())
	}
	for _, o := range append(append([]*unstructured.Unstructured{}, b.m.Base...), b.m.Policies...) {
		labels := o.GetLabels()
		if labels == nil {
			labels = map[string]string{}
		}
		labels[apply.OwnerLabel] = owner
		o.SetLabels(labels)
	}
	t.Cleanup(func() {
		if err := b.client.Delete(context.Background(), b.m.Policies); err != nil {
			t.Error(err)
		}
		if err := b.client.Delete(context.Background(), b.m.Base); err != nil {
			t.Error(err)
		}
	})
	began := time.Now()
	b.apply()
	t.Logf("%d pods run after %s", len(b.m.Pods)+len(b.m.NodeAgents), time.Since(began).Round(100*time.Millisecond))
	return b
}

func (b *bench) list(gvk schema.GroupVersionKind) []unstructured.Unstructured {
	b.t.Helper()
	out, err := b.client.List(context.Background(), gvk, "", "")
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

// apply makes the pods be there and waits until they run.
func (b *bench) apply() {
	b.t.Helper()
	if _, err := b.client.Apply(context.Background(), owner, b.m.Base); err != nil {
		b.t.Fatal(err)
	}
	for range 600 {
		running := 0
		for _, p := range b.list(podKind()) {
			phase, _, _ := unstructured.NestedString(p.Object, "status", "phase")
			if p.GetAnnotations()[mirror.Annotation] != "" && strings.HasPrefix(p.GetNamespace(), "netfate-") && phase == "Running" && p.GetDeletionTimestamp() == nil {
				running++
			}
		}
		if running >= len(b.m.Pods)+len(b.m.NodeAgents) {
			return
		}
		time.Sleep(500 * time.Millisecond)
	}
	b.t.Fatal("the pods do not run")
}

func (b *bench) resolver() control.Resolver {
	have := b.list(podKind())
	have = append(have, b.list(schema.GroupVersionKind{Version: "v1", Kind: "Service"})...)
	have = append(have, b.list(schema.GroupVersionKind{Version: "v1", Kind: "Node"})...)
	return control.Mirrored(b.m, have)
}

func (b *bench) controller(config *rest.Config, o control.Options) *control.Controller {
	b.t.Helper()
	e, err := control.NewExec(config, "")
	if err != nil {
		b.t.Fatal(err)
	}
	c := control.New(e, o)
	b.t.Cleanup(c.Close)
	return c
}

// Policies puts the policies there or takes them away.
func (b *bench) Policies(ctx context.Context, on bool) error {
	if !on {
		return b.client.Delete(ctx, b.m.Policies)
	}
	_, err := b.client.Apply(ctx, owner, b.m.Policies)
	return err
}

// flows are all pairs on the ports, and each pod to each Service.
func (b *bench) flows(services bool, ports ...uint16) []observation.Flow {
	var out []observation.Flow
	for _, from := range b.m.Pods {
		src := observation.Party{Kind: observation.KindPod, ID: from.ID}
		for _, to := range b.m.Pods {
			for _, port := range ports {
				f := observation.Flow{From: src, To: observation.Party{Kind: observation.KindPod, ID: to.ID}, Protocol: "TCP", Port: port}
				if port == 53 {
					f.Protocol = "UDP"
				}
				if from.ID != to.ID {
					out = append(out, f)
				}
			}
		}
		for _, s := range b.m.Services {
			if services {
				out = append(out, observation.Flow{From: src, To: observation.Party{Kind: observation.KindService, ID: s.Namespace + "/" + s.Name}, Protocol: "TCP", Port: 80})
			}
		}
	}
	return out
}

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

// TestLiveKill deletes pods and breaks the way to the API server while flows that nothing forbids are probed: none
// may count as denied.
func TestLiveKill(t *testing.T) {
	b := newBench(t)
	if err := b.Policies(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	p := newProxy(t, strings.TrimPrefix(b.config.Host, "https://"))
	config := rest.CopyConfig(b.config)
	config.Host = "https://" + p.l.Addr().String()
	c := b.controller(config, control.Options{Timeout: 500 * time.Millisecond, Silence: 5 * time.Second})
	ctx, stop := context.WithCancel(t.Context())
	var killer sync.WaitGroup
	killed, cut := 0, 0
	killer.Go(func() {
		r := rand.New(rand.NewPCG(3, 4))
		for ctx.Err() == nil {
			time.Sleep(time.Duration(500+r.IntN(2500)) * time.Millisecond)
			if r.IntN(2) == 0 {
				p.cut()
				cut++
				continue
			}
			x := b.m.Pods[r.IntN(len(b.m.Pods))]
			for _, o := range b.m.Base {
				if o.GetKind() == "Pod" && o.GetNamespace() == x.Namespace && o.GetName() == x.Name {
					if b.client.Delete(context.Background(), []*unstructured.Unstructured{o}) == nil {
						killed++
						_, _ = b.client.Apply(context.Background(), owner, []*unstructured.Unstructured{o})
					}
				}
			}
		}
	})
	count := map[observation.Result]int{}
	for began := time.Now(); time.Since(began) < time.Minute; {
		records, err := c.Probe(t.Context(), b.flows(true, 80, 53), b.resolver())
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
	stop()
	killer.Wait()
	t.Logf("%v while %d pods were deleted and the way to the API server was cut %d times", count, killed, cut)
	b.apply()
}

// proxy is a way to the API server that can be cut.
type proxy struct {
	l     net.Listener
	mu    sync.Mutex
	conns []net.Conn
}

func newProxy(t *testing.T, to string) *proxy {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{l: l}
	t.Cleanup(func() { l.Close(); p.cut() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s, err := net.Dial("tcp", to)
			if err != nil {
				c.Close()
				continue
			}
			p.mu.Lock()
			p.conns = append(p.conns, c, s)
			p.mu.Unlock()
			go func() { io.Copy(s, c); s.Close() }()
			go func() { io.Copy(c, s); c.Close() }()
		}
	}()
	return p
}

func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		c.Close()
	}
	p.conns = nil
}

// TestLiveEphemeral puts agents into pods that are there, probes from one to the other and ends them.
func TestLiveEphemeral(t *testing.T) {
	b := newBench(t)
	if err := b.Policies(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	x, err := control.NewExec(b.config, "")
	if err != nil {
		t.Fatal(err)
	}
	e := &control.Ephemeral{Exec: x, Image: *liveImage, Lifetime: 10 * time.Minute}
	ends := map[string]control.Target{}
	for _, p := range b.m.Pods[:2] {
		began := time.Now()
		target, err := e.Attach(t.Context(), p.Namespace, p.Name, []uint16{9999}, []uint16{9999})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s attached to %s in %s", target.Container, p.ID, time.Since(began).Round(100*time.Millisecond))
		ends[p.ID] = target
	}
	c := b.controller(b.config, control.Options{})
	party := func(i int) observation.Party { return observation.Party{Kind: observation.KindPod, ID: b.m.Pods[i].ID} }
	flows := []observation.Flow{{From: party(0), To: party(1), Protocol: "TCP", Port: 9999}, {From: party(1), To: party(0), Protocol: "UDP", Port: 9999}}
	records, err := c.Probe(t.Context(), flows, func(p observation.Party) (control.Target, error) { return ends[p.ID], nil })
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if r.Result != observation.Connected {
			t.Errorf("%+v", r)
		}
	}
	c.Close()
	for id, target := range ends {
		if err := e.Detach(t.Context(), target); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	time.Sleep(3 * time.Second)
	for _, p := range b.list(podKind()) {
		list, _, _ := unstructured.NestedSlice(p.Object, "status", "ephemeralContainerStatuses")
		for _, s := range list {
			t.Logf("%s/%s: %v", p.GetNamespace(), p.GetName(), s.(map[string]any)["state"])
		}
	}
}
