package control_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/netfate/netfate/clusters/apply"
	"github.com/netfate/netfate/clusters/control"
	"github.com/netfate/netfate/clusters/mirror"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
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
