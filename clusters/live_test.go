package clusters_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/netfate/netfate/clusters"
	"github.com/netfate/netfate/clusters/apply"
	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
)

var (
	liveKubeconfig = flag.String("live-kubeconfig", "", "cluster of the live tests, which serves ClusterNetworkPolicy; their namespaces begin with netfate-collect")
	liveNetwork    = flag.String("live-network", "cilium", "the network of that cluster, which is to be found out")
	liveImage      = flag.String("live-image", "", "an image of the probe agent, which the nodes have")
)

const liveOwner = "netfate-collect"

// liveCluster has what testdata/live says in it.
type liveCluster struct {
	t      *testing.T
	config *rest.Config
	client *apply.Client
	files  *model.Snapshot // the manifests, with the nodes and addresses that pods got
}

func newLiveCluster(t *testing.T) *liveCluster {
	if *liveKubeconfig == "" {
		t.Skip("not run: no cluster is given with -live-kubeconfig")
	}
	config, err := clientcmd.BuildConfigFromFlags("", *liveKubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	l := &liveCluster{t: t, config: config}
	if l.client, err = apply.New(config); err != nil {
		t.Fatal(err)
	}
	objects := l.objects("workloads.yaml", "policies.yaml")
	t.Cleanup(func() {
		if err := l.client.Delete(context.Background(), objects); err != nil {
			t.Error(err)
		}
	})
	if _, err := l.client.Apply(t.Context(), liveOwner, objects); err != nil {
		t.Fatal(err)
	}
	l.files = l.placed(objects)
	return l
}

// objects are those of files of testdata/live.
func (l *liveCluster) objects(names ...string) []*unstructured.Unstructured {
	l.t.Helper()
	var out []*unstructured.Unstructured
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join("testdata", "live", name))
		if err != nil {
			l.t.Fatal(err)
		}
		for d := yaml.NewYAMLOrJSONDecoder(strings.NewReader(strings.ReplaceAll(string(data), "IMAGE", *liveImage)), 4096); ; {
			u := &unstructured.Unstructured{}
			if d.Decode(&u.Object) != nil {
				break
			}
			u.SetLabels(with(u.GetLabels(), apply.OwnerLabel, liveOwner))
			out = append(out, u)
		}
	}
	return out
}

func with(m map[string]string, key, value string) map[string]string {
	out := map[string]string{key: value}
	for k, v := range m {
		out[k] = v
	}
	return out
}

// placed is the snapshot of the manifests. Its pods have the nodes and addresses that the cluster gave them.
func (l *liveCluster) placed(objects []*unstructured.Unstructured) *model.Snapshot {
	l.t.Helper()
	dir := l.t.TempDir()
	for i, o := range objects {
		o = o.DeepCopy()
		if o.GetKind() == "Pod" {
			now := l.running(o)
			node, _, _ := unstructured.NestedString(now.Object, "spec", "nodeName")
			if err := unstructured.SetNestedField(o.Object, node, "spec", "nodeName"); err != nil {
				l.t.Fatal(err)
			}
			o.Object["status"] = now.Object["status"]
		}
		data, err := json.Marshal(o.Object)
		if err != nil {
			l.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%02d.json", i)), data, 0o600); err != nil {
			l.t.Fatal(err)
		}
	}
	s, err := sim.Load(l.t.Context(), collect.Options{Sources: []string{dir}})
	if err != nil {
		l.t.Fatal(err)
	}
	return s
}

// running waits until a pod runs, and returns it.
func (l *liveCluster) running(pod *unstructured.Unstructured) *unstructured.Unstructured {
	l.t.Helper()
	for range 240 {
		list, err := l.client.List(l.t.Context(), schema.GroupVersionKind{Version: "v1", Kind: "Pod"}, pod.GetNamespace(), "")
		if err != nil {
			l.t.Fatal(err)
		}
		for i := range list {
			ip, _, _ := unstructured.NestedString(list[i].Object, "status", "podIP")
			if list[i].GetName() == pod.GetName() && ip != "" {
				return &list[i]
			}
		}
		time.Sleep(500 * time.Millisecond)
	}
	l.t.Fatalf("pod %s/%s does not run", pod.GetNamespace(), pod.GetName())
	return nil
}

// verdicts are the outcomes of all connections between the pods of testdata/live.
func (l *liveCluster) verdicts(s *model.Snapshot, network string) map[string]model.Outcome {
	l.t.Helper()
	x, err := sim.New(s, sim.Options{Network: network})
	if err != nil {
		l.t.Fatal(err)
	}
	var pods []observation.Party
	for _, o := range l.files.Objects {
		if o.Kind == "Pod" {
			pods = append(pods, observation.Party{Kind: observation.KindPod, ID: o.Namespace + "/" + o.Name})
		}
	}
	out := map[string]model.Outcome{}
	for _, from := range pods {
		for _, to := range append(pods, observation.Party{Kind: observation.KindService, ID: "netfate-collect-a/web"}) {
			for _, port := range []uint16{80, 8080, 5353} {
				f := observation.Flow{From: from, To: to, Protocol: "TCP", Port: port}
				if port == 5353 {
					f.Protocol = "UDP"
				}
				q, err := diff.Flow(x, f)
				if err != nil {
					l.t.Fatal(err)
				}
				out[diff.Text(f)] = x.Verdict(q).Outcome
			}
		}
	}
	return out
}

// TestLiveCollect: what is collected of a cluster gives the verdicts of the manifests that were applied, under the
// network that is found there; and a user who may not list some kinds gets verdicts that never contradict these.
func TestLiveCollect(t *testing.T) {
	l := newLiveCluster(t)
	s, err := clusters.Collect(t.Context(), clusters.Options{Kubeconfig: *liveKubeconfig})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Problems)+len(s.Broken) > 0 {
		t.Errorf("problems %v, broken %v", s.Problems, s.Broken)
	}
	if s.Facts.Network != *liveNetwork {
		t.Errorf("the network is taken for %q: %s", s.Facts.Network, s.Facts.Origin)
	}
	want, got := l.verdicts(l.files, *liveNetwork), l.verdicts(s, *liveNetwork)
	count := map[model.Outcome]int{}
	for flow, w := range want {
		if count[w]++; got[flow] != w {
			t.Errorf("%s: %s by the cluster, %s by the manifests", flow, got[flow], w)
		}
	}
	t.Logf("%s %s: %d connections are the same: %v", s.Facts.Network, s.Facts.Version, len(want), count)
	if count[model.Allowed] == 0 || count[model.Denied] == 0 {
		t.Error("the case shows nothing")
	}
	for _, c := range []struct{ name, missing string }{{"inventory", "networkpolicies"}, {"networkpolicy", "clusternetworkpolicies"}} {
		t.Run(c.name, func(t *testing.T) { l.limited(t, c.name, c.missing, want) })
	}
}

// limited collects as a service account of testdata/live/rbac.yaml.
func (l *liveCluster) limited(t *testing.T, account, missing string, want map[string]model.Outcome) {
	roles := l.objects("rbac.yaml")
	if _, err := l.client.Apply(t.Context(), liveOwner, roles); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.client.Delete(context.Background(), roles); err != nil {
			t.Error(err)
		}
	})
	s, err := clusters.Collect(t.Context(), clusters.Options{Kubeconfig: l.as(t, account)})
	if err != nil {
		t.Fatal(err)
	}
	said := false
	for _, p := range s.Problems {
		t.Log(p.Error())
		said = said || strings.Contains(p.Error(), missing)
	}
	if !said {
		t.Errorf("no problem names %s", missing)
	}
	got := l.verdicts(s, *liveNetwork)
	open, known := 0, 0
	for flow, w := range want {
		switch got[flow] {
		case w:
			known++
		case model.Undetermined:
			open++
		default:
			t.Errorf("%s: %s for %s, %s in truth", flow, got[flow], account, w)
		}
	}
	t.Logf("of %d connections %d are known and %d left open", len(want), known, open)
	if open == 0 {
		t.Error("nothing is left open")
	}
}

// as writes a kubeconfig with a token of a service account.
func (l *liveCluster) as(t *testing.T, account string) string {
	dyn, err := dynamic.NewForConfig(l.config)
	if err != nil {
		t.Fatal(err)
	}
	request := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": map[string]any{"expirationSeconds": int64(600)}}}
	request.SetName(account)
	made, err := dyn.Resource(schema.GroupVersionResource{Version: "v1", Resource: "serviceaccounts"}).Namespace("netfate-collect-a").
		Create(t.Context(), request, metav1.CreateOptions{}, "token")
	if err != nil {
		t.Fatal(err)
	}
	token, _, _ := unstructured.NestedString(made.Object, "status", "token")
	config := api.NewConfig()
	config.Clusters["c"] = &api.Cluster{Server: l.config.Host, CertificateAuthorityData: l.config.CAData}
	config.AuthInfos["u"] = &api.AuthInfo{Token: token}
	config.Contexts["x"] = &api.Context{Cluster: "c", AuthInfo: "u"}
	config.CurrentContext = "x"
	file := filepath.Join(t.TempDir(), "kubeconfig")
	if err := clientcmd.WriteToFile(*config, file); err != nil {
		t.Fatal(err)
	}
	return file
}
