package clusters

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/policyapi"
)

const (
	podsPath     = "/api/v1/pods"
	policiesPath = "/apis/networking.k8s.io/v1/networkpolicies"
	cnpPath      = "/apis/policy.networking.k8s.io/v1alpha2/clusternetworkpolicies"
	netpol       = `{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"deny","namespace":"a"},"spec":{"podSelector":{}}}`
)

func withPods(t testing.TB, n int) *fakeAPI {
	t.Helper()
	f := newFakeAPI()
	for i := range n {
		f.add(t, podJSON(i))
	}
	return f
}

func TestCollectPages(t *testing.T) {
	f := withPods(t, 25)
	f.add(t, netpol)
	o := f.start(t)
	o.PageSize = 10
	var last Progress
	o.Progress = func(p Progress) { last = p }
	s := collected(t, o)
	if len(s.Objects) != 26 || len(s.Problems)+len(s.Broken) != 0 {
		t.Fatal(describe(s))
	}
	for i := range 25 {
		if want := fmt.Sprintf("Pod a/p%05d", i); s.Objects[i].String() != want {
			t.Errorf("object %d is %s, want %s", i, s.Objects[i], want)
		}
	}
	o25 := s.Objects[25]
	if got := o25.At("spec.podSelector").String(); got != "NetworkPolicy a/deny spec.podSelector" || o25.File != "" || o25.Line != 0 {
		t.Errorf("origin %q, %+v", got, o25)
	}
	if strings.Contains(string(s.Objects[0].Root.JSON()), "hush") {
		t.Error("the value of a variable was kept")
	}
	resources := map[string]bool{} // of several versions one is listed
	for _, k := range f.serves {
		resources[k.Group+"/"+k.Resource] = true
	}
	if kinds := len(resources); last != (Progress{Kinds: kinds, Done: kinds, Objects: 26}) {
		t.Errorf("progress %+v", last)
	}
	f.asked(t, 1, "/apis")
	f.asked(t, 3, podsPath)
}

// asked asserts how often a path was asked for.
func (f *fakeAPI) asked(t *testing.T, want int, path string) {
	t.Helper()
	got := 0
	for _, r := range f.requests {
		if p, _, _ := strings.Cut(r, "?"); p == path {
			got++
		}
	}
	if got != want {
		t.Errorf("%s was asked for %d times, want %d", path, got, want)
	}
}

func TestNeverAsksForSecrets(t *testing.T) {
	f := newFakeAPI()
	collected(t, f.start(t))
	for _, r := range f.requests {
		path, _, _ := strings.Cut(r, "?")
		if path != "/apis" && f.kind(path) == nil || strings.Contains(r, "secret") ||
			strings.Contains(r, "configmap") && !strings.Contains(r, "fieldSelector=metadata.name%3Distio") {
			t.Errorf("asked for %s", r)
		}
	}
}

func TestNotInstalled(t *testing.T) {
	for _, legacy := range []bool{false, true} {
		f := newFakeAPI().without("ClusterNetworkPolicy").without("AdminNetworkPolicy")
		f.legacy = legacy
		o := f.start(t)
		var notes []string
		o.Note = func(text string) { notes = append(notes, text) }
		s := collected(t, o)
		want := "not installed in the cluster: AdminNetworkPolicy v1alpha1, ClusterNetworkPolicy v1alpha2"
		if strings.Join(notes, "|") != want || len(s.Problems)+len(s.Broken) != 0 {
			t.Errorf("legacy %t: %q\n%s", legacy, notes, describe(s))
		}
	}
}

// TestDiscoveryForbidden holds that the lists tell what discovery does not.
func TestDiscoveryForbidden(t *testing.T) {
	f := withPods(t, 1).without("ClusterNetworkPolicy")
	f.forbidden["/apis"] = true
	o := f.start(t)
	note := ""
	o.Note = func(text string) { note = text }
	if s := collected(t, o); len(s.Objects) != 1 || len(s.Problems)+len(s.Broken) != 0 {
		t.Error(describe(s))
	}
	has(t, note, "ClusterNetworkPolicy v1alpha2")
}

func TestForbidden(t *testing.T) {
	f := withPods(t, 1)
	f.forbidden["/api/v1/nodes"], f.forbidden["/api/v1/serviceaccounts"], f.forbidden[cnpPath] = true, true, true
	s := collected(t, f.start(t))
	has(t, describe(s), "Pod a/p00000",
		`error: cannot list nodes: forbidden (403): User "jane" cannot list resource "nodes" at the cluster scope; nodes and their addresses are missing `+
			`(add to a ClusterRole of the user: {apiGroups: [""], resources: ["nodes"], verbs: [list]})`,
		"warning: cannot list serviceaccounts:",
		`error: cannot list clusternetworkpolicies.policy.networking.k8s.io: forbidden (403)`,
		`{apiGroups: ["policy.networking.k8s.io"], resources: ["clusternetworkpolicies"], verbs: [list]}`,
		"broken: ClusterNetworkPolicy *: forbidden (403)")
	if len(s.Problems) != 3 || len(s.Broken) != 1 {
		t.Error(describe(s))
	}
}

func TestAllForbidden(t *testing.T) {
	f := newFakeAPI()
	for _, k := range f.serves {
		f.forbidden[pathOf(k)] = true
	}
	has(t, failure(t, f.start(t)), "permits none of the lists", `User "jane"`, "ClusterRole of docs/rbac.yaml")
}

func TestExpired(t *testing.T) {
	f := withPods(t, 25)
	f.expire[podsPath] = 1
	o := f.start(t)
	o.PageSize = 10
	if s := collected(t, o); len(s.Objects) != 25 || len(s.Problems) != 0 {
		t.Error(describe(s))
	}
	f.asked(t, 5, podsPath) // one page, the refused one, three
	f.add(t, netpol)
	f.expire[podsPath] = 2
	s := collected(t, o)
	has(t, describe(s), "cannot list pods: the list expired before its end, twice (410 Gone)")
}

func TestOtherVersion(t *testing.T) {
	for _, legacy := range []bool{false, true} {
		f := newFakeAPI().without("ClusterNetworkPolicy")
		f.legacy = legacy
		beta := policyapi.Kind{Group: "policy.networking.k8s.io", Version: "v1beta1", Kind: "ClusterNetworkPolicy", Resource: "clusternetworkpolicies"}
		f.serves = append(f.serves, beta)
		if s := collected(t, f.start(t)); len(s.Problems)+len(s.Broken) != 0 {
			t.Errorf("there are no such objects:\n%s", describe(s))
		}
		f.add(t, `{"apiVersion":"policy.networking.k8s.io/v1beta1","kind":"ClusterNetworkPolicy","metadata":{"name":"x"}}`)
		s := collected(t, f.start(t))
		has(t, describe(s), "error: cannot list clusternetworkpolicies.policy.networking.k8s.io: the cluster serves it in version v1beta1 only, which is not read",
			"(read are: v1alpha2; a newer netfate may read v1beta1)", "broken: ClusterNetworkPolicy *")
		if b := s.Broken; len(b) != 1 || b[0].APIVersion != "policy.networking.k8s.io/v1alpha2" {
			t.Errorf("%+v", b)
		}
	}
}

// TestVersions holds that of several versions the first that is served is listed.
func TestVersions(t *testing.T) {
	old := policyapi.Kind{Group: "g", Version: "v1", Kind: "K", Resource: "ks"}
	recent := old
	recent.Version = "v2"
	for want, s := range map[string]served{
		"v2": {"g": {{version: "v1", kinds: map[string]string{"ks": "K"}}, {version: "v2", kinds: map[string]string{"ks": "K"}}}},
		"v1": {"g": {{version: "v1", kinds: map[string]string{"ks": "K"}}, {version: "v2"}}},
	} {
		tasks := plan([]policyapi.Kind{recent, old}, s)
		if len(tasks) != 1 || tasks[0].Version != want || tasks[0].missing || tasks[0].other {
			t.Errorf("want %s: %+v", want, tasks)
		}
	}
}

func answerWith(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }
}

func TestGarbage(t *testing.T) {
	for name, c := range map[string]struct{ answer, want string }{
		"no JSON":      {"<html>", "its answer is not a list in JSON: invalid character '<'"},
		"empty":        {"", "unexpected EOF"},
		"cut short":    {`{"kind":"NetworkPolicyList","items":[{"metadata":{"name":"x"`, "unexpected EOF"},
		"not a list":   {`{"kind":"Status"}`, `it is of kind "Status"`},
		"items a map":  {`{"kind":"L","items":{}}`, "items is {"},
		"null item":    {`{"kind":"L","items":[null]}`, "it is not a JSON object"},
		"endless":      {`{"kind":"NetworkPolicyList","metadata":{"continue":"x"},"items":[]}`, "its pages never end"},
		"bare object":  {`[]`, "it begins with ["},
		"no name":      {`{"kind":"NetworkPolicyList","items":[{"spec":{}}]}`, "an object in the list of networkpolicies.networking.k8s.io cannot be used: metadata.name is missing"},
		"no namespace": {`{"kind":"NetworkPolicyList","items":[{"metadata":{"name":"x"}}]}`, `metadata.namespace is ""`},
		"metadata":     {`{"kind":"NetworkPolicyList","items":[{"metadata":[]}]}`, "metadata.name is missing"},
		"number":       {`{"kind":"NetworkPolicyList","items":[1]}`, "it is not a JSON object"},
		"deep nesting": {`{"kind":"NetworkPolicyList","items":[{"metadata":{"name":"x"},"spec":` + strings.Repeat("[", 600) + strings.Repeat("]", 600) + `}]}`, "cannot be used"},
	} {
		t.Run(name, func(t *testing.T) {
			f := withPods(t, 1)
			f.override[policiesPath] = answerWith(c.answer)
			s := collected(t, f.start(t))
			has(t, describe(s), "Pod a/p00000", "error: ", c.want, "broken: NetworkPolicy ")
		})
	}
}

func TestServerErrors(t *testing.T) {
	f := withPods(t, 1)
	f.override[policiesPath] = func(w http.ResponseWriter, _ *http.Request) {
		status(w, http.StatusInternalServerError, "InternalError", "etcdserver: request timed out")
	}
	s := collected(t, f.start(t))
	has(t, describe(s), "cannot list networkpolicies.networking.k8s.io: etcdserver: request timed out", "broken: NetworkPolicy *", "kubectl get networkpolicies.networking.k8s.io -A")
}

func TestRetryAfter(t *testing.T) {
	f := withPods(t, 1)
	first := true
	f.override[policiesPath] = func(w http.ResponseWriter, r *http.Request) {
		if first {
			first = false
			w.Header().Set("Retry-After", "1")
			status(w, http.StatusTooManyRequests, "TooManyRequests", "slow down")
			return
		}
		f.list(w, r)
	}
	if s := collected(t, f.start(t)); len(s.Problems) != 0 {
		t.Error(describe(s))
	}
}

func TestHugePage(t *testing.T) {
	f := withPods(t, 5000)
	o := f.start(t)
	o.PageSize = 1 << 40 // as if the server did not know limits
	if s := collected(t, o); len(s.Objects) != 5000 {
		t.Errorf("%d objects", len(s.Objects))
	}
	f.asked(t, 1, podsPath)
}

// TestCancel holds that an interrupt ends the collection at once, whether the server has not answered at
// all or stopped in the middle.
func TestCancel(t *testing.T) {
	for name, begin := range map[string]string{"before": "", "within": `{"kind":"PodList","items":[`} {
		t.Run(name, func(t *testing.T) {
			f := newFakeAPI()
			arrived, leave := make(chan struct{}), make(chan struct{})
			f.override[podsPath] = func(w http.ResponseWriter, _ *http.Request) {
				if begin != "" {
					fmt.Fprint(w, begin)
					w.(http.Flusher).Flush()
				}
				close(arrived)
				<-leave
			}
			o := f.start(t)
			t.Cleanup(func() { close(leave) })
			ctx, cancel := context.WithCancel(t.Context())
			go func() { <-arrived; cancel() }()
			started := time.Now()
			if _, err := Collect(ctx, o); !errors.Is(err, context.Canceled) {
				t.Errorf("error %v", err)
			}
			if d := time.Since(started); d > 5*time.Second {
				t.Errorf("took %s", d)
			}
		})
	}
}

func TestKinds(t *testing.T) {
	f := withPods(t, 2)
	f.add(t, netpol)
	o := f.start(t)
	o.Kinds = []policyapi.Kind{{Group: "networking.k8s.io", Version: "v1", Kind: "NetworkPolicy", Resource: "networkpolicies", Namespaced: true}}
	if s := collected(t, o); len(s.Objects) != 1 || len(f.requests) != 2 {
		t.Errorf("%s%v", describe(s), f.requests)
	}
}

func FuzzReadPage(f *testing.F) {
	f.Add([]byte(`{"kind":"PodList","metadata":{"continue":"x"},"items":[{"metadata":{"name":"a"}}]}`))
	f.Add([]byte(`{"items":null,"kind":"List","x":[1,{}]}`))
	f.Add([]byte(`{"kind":`))
	f.Fuzz(func(t *testing.T, data []byte) {
		items := 0
		_, err := readPage(strings.NewReader(string(data)), func([]byte) { items++ })
		if err == nil && !json.Valid(data) {
			var one any // more may follow the list, which nobody reads
			if json.NewDecoder(strings.NewReader(string(data))).Decode(&one) != nil {
				t.Errorf("no error: %q", data)
			}
		}
	})
}

// TestItem holds that an item becomes what collect makes of the same object.
func TestItem(t *testing.T) {
	kind := sim.Kinds()[slices.IndexFunc(sim.Kinds(), func(k policyapi.Kind) bool { return k.Kind == "Pod" })]
	var content map[string]any
	if err := json.Unmarshal([]byte(livePod(7)), &content); err != nil {
		t.Fatal(err)
	}
	want, err := collect.FromObject(content, "", []policyapi.Kind{kind})
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range []string{livePod(7), strings.Replace(livePod(7), `"apiVersion":"v1","kind":"Pod",`, "", 1)} {
		got, err := newItemReader(kind).object([]byte(item))
		if err != nil {
			t.Fatal(err)
		}
		var a, b any
		if err := errors.Join(json.Unmarshal(got.Root.JSON(), &a), json.Unmarshal(want.Root.JSON(), &b)); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(a, b) || got.Ref != want.Ref {
			t.Errorf("got  %s\n%s\nwant %s\n%s", got.Ref, got.Root.JSON(), want.Ref, want.Root.JSON())
		}
		if port := got.Root.Get("spec").Get("containers").Items[0].Get("ports").Items[0].Get("containerPort"); port.Kind != manifest.Int || port.Line != 0 {
			t.Errorf("port %+v", port)
		}
	}
}
