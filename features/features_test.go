package features_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
	"sigs.k8s.io/network-policy-api/apis/v1alpha2"
	"sigs.k8s.io/yaml"

	"github.com/netfate/netfate/features"
	"github.com/netfate/netfate/scenarios"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
)

// run runs the features that an expression of tags selects.
func run(t *testing.T, tags string) (scenarios.Result, string) {
	t.Helper()
	var out bytes.Buffer
	r, err := scenarios.Run(context.Background(), scenarios.Options{
		Paths: []string{"shop"}, FS: features.FS, Tags: tags, Output: &out, Errors: &out,
	})
	if err != nil {
		t.Fatal(err)
	}
	return r, out.String()
}

// TestShop asserts that all of the shop holds but for what fails on purpose.
func TestShop(t *testing.T) {
	if r, out := run(t, "~"+features.FailsOnPurpose); r.ExitStatus() != scenarios.ExitPassed || r.Scenarios < 20 {
		t.Errorf("%+v\n%s", r, out)
	}
	if r, out := run(t, features.FailsOnPurpose); r.ExitStatus() != scenarios.ExitFailed || r.Failed != 1 {
		t.Errorf("%+v\n%s", r, out)
	}
}

// TestNoProblems asserts that nothing is wrong with the manifests, on any network.
func TestNoProblems(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, features.FS); err != nil {
		t.Fatal(err)
	}
	for _, sources := range [][]string{{"shop/manifests", "shop/refunds"}, {"shop/changes/release.yaml"}, {"shop/changes/debug.yaml"}} {
		snap, err := sim.Load(context.Background(), collect.Options{Sources: sources, Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		for _, network := range []string{"kubernetes", "kube-network-policies", "calico", "cilium"} {
			s, err := sim.New(snap, sim.Options{Network: network})
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range s.Problems() {
				t.Errorf("%v on %s: %v", sources, network, &p)
			}
		}
	}
}

// object returns a new object of a kind, of the official types.
func object(kind string) any {
	switch kind {
	case "Namespace":
		return &corev1.Namespace{}
	case "Node":
		return &corev1.Node{}
	case "Pod":
		return &corev1.Pod{}
	case "Service":
		return &corev1.Service{}
	case "Deployment":
		return &appsv1.Deployment{}
	case "StatefulSet":
		return &appsv1.StatefulSet{}
	case "DaemonSet":
		return &appsv1.DaemonSet{}
	case "CronJob":
		return &batchv1.CronJob{}
	case "NetworkPolicy":
		return &networkingv1.NetworkPolicy{}
	case "ClusterNetworkPolicy":
		return &v1alpha2.ClusterNetworkPolicy{}
	case "GatewayClass":
		return &gatewayv1.GatewayClass{}
	case "Gateway":
		return &gatewayv1.Gateway{}
	case "HTTPRoute":
		return &gatewayv1.HTTPRoute{}
	}
	return nil
}

// TestOfficialTypes asserts that every manifest is what its type says, no field more.
func TestOfficialTypes(t *testing.T) {
	err := fs.WalkDir(features.FS, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".yaml") {
			return err
		}
		data, err := fs.ReadFile(features.FS, name)
		if err != nil {
			return err
		}
		for doc := range strings.SplitSeq(string(data), "\n---\n") {
			var head struct{ Kind string }
			if err := yaml.Unmarshal([]byte(doc), &head); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if strings.Contains(doc, "apiVersion: security.istio.io/") { // protocol buffers: the translator's own reader is strict
				continue
			}
			o := object(head.Kind)
			if o == nil {
				t.Errorf("%s: kind %q is not known to this test", name, head.Kind)
				continue
			}
			if err := yaml.UnmarshalStrict([]byte(doc), o); err != nil {
				t.Errorf("%s: %s: %v", name, head.Kind, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
