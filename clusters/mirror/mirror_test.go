package mirror

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/policyapi/policytest"
)

var update = flag.Bool("update", false, "write the golden files")

func load(t *testing.T, source string) *sim.Simulator {
	t.Helper()
	snap, err := sim.Load(context.Background(), collect.Options{Sources: []string{source}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := sim.New(snap, sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func text(t *testing.T, list []*unstructured.Unstructured) string {
	t.Helper()
	var b strings.Builder
	for _, o := range list {
		out, err := yaml.Marshal(o.Object)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "---\n%s", out)
		o.DeepCopy() // it panics on what is not JSON
	}
	return b.String()
}

// TestGolden shows what is made, how it is found again, and what is lost.
func TestGolden(t *testing.T) {
	const file = "testdata/mirror.txtar"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, want, _ := strings.Cut(string(data), "-- mirror --\n")
	dir := t.TempDir()
	for _, f := range policytest.Parse(head).Files {
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(f.Name)), []byte(f.Data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m, err := Build(load(t, dir), Options{Image: "probe:1", Nodes: []string{"n1"}, NodeAgents: true})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, p := range m.Problems {
		p.File = strings.TrimPrefix(p.File, dir+"/")
		fmt.Fprintln(&b, p.Error())
	}
	for _, p := range append(m.Pods, m.NodeAgents...) {
		fmt.Fprintf(&b, "pod %s: %s/%s on %s, tcp %v udp %v\n", p.ID, p.Namespace, p.Name, p.Node, p.TCP, p.UDP)
	}
	for _, s := range m.Services {
		for _, i := range s.Pods {
			for _, port := range s.Ports {
				target, ok := s.TargetOf(port.Protocol, port.Port, &m.Pods[i])
				fmt.Fprintf(&b, "service %s/%s %s %d: %s port %d %t\n", s.Namespace, s.Name, port.Protocol, port.Port, m.Pods[i].ID, target, ok)
			}
		}
	}
	got := b.String() + text(t, m.Base) + "# policies\n" + text(t, m.Policies)
	if *update {
		if err := os.WriteFile(file, []byte(head+"-- mirror --\n"+got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("got\n%s", got)
	}
}

// TestShop asserts that each endpoint of the shipped example has a pod.
func TestShop(t *testing.T) {
	s := load(t, "../../features/shop/manifests")
	m, err := Build(s, Options{Image: "probe:1", Nodes: []string{"n1", "n2"}})
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, p := range m.Pods {
		ids[p.ID] = true
	}
	for i := range s.Model().Endpoints {
		if e := &s.Model().Endpoints[i]; e.Namespace != "" && e.Namespace != "kube-system" && !ids[e.ID()] {
			t.Errorf("no pod for %s", e.ID())
		}
	}
	if len(m.Policies) == 0 || len(m.Services) == 0 {
		t.Errorf("%d policies, %d Services", len(m.Policies), len(m.Services))
	}
}

func TestBuildErrors(t *testing.T) {
	s := load(t, "../../features/shop/manifests")
	for _, o := range []Options{{Nodes: []string{"n"}}, {Image: "x"}} {
		if _, err := Build(s, o); err == nil {
			t.Errorf("no error for %+v", o)
		}
	}
}
