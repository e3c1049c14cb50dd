package live

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"

	"github.com/netfate/netfate/clusters/apply"
)

// api is an API server of Namespaces and Pods, by path.
type api struct {
	mu      sync.Mutex
	objects map[string]map[string]any
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	path := strings.TrimSuffix(r.URL.Path, "/")
	have, there := a.objects[path]
	switch {
	case path == "/api":
		answer(w, `{"kind":"APIVersions","versions":["v1"]}`)
	case path == "/apis":
		answer(w, `{"kind":"APIGroupList","apiVersion":"v1","groups":[]}`)
	case path == "/api/v1":
		answer(w, `{"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"namespaces","kind":"Namespace","verbs":["get"]},{"name":"pods","kind":"Pod","namespaced":true,"verbs":["get"]}]}`)
	case path == "/api/v1/pods" || path == "/api/v1/namespaces":
		list := []any{}
		for at, o := range a.objects {
			if strings.Contains(at, "/pods/") == strings.HasSuffix(path, "/pods") && o["metadata"].(map[string]any)["labels"] != nil {
				list = append(list, o)
			}
		}
		text, _ := json.Marshal(map[string]any{"kind": "List", "apiVersion": "v1", "items": list})
		answer(w, string(text))
	case !there:
		w.WriteHeader(http.StatusNotFound)
		answer(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404}`)
	case r.Method == http.MethodDelete:
		delete(a.objects, path)
		answer(w, `{"kind":"Status","apiVersion":"v1","status":"Success"}`)
	default:
		text, _ := json.Marshal(have)
		answer(w, string(text))
	}
}

func answer(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.Write([]byte(text))
}

// put keeps an object with an owner, "" for none.
func (a *api) put(path, owner string, annotations map[string]any) {
	kind := map[bool]string{true: "Pod", false: "Namespace"}[strings.Contains(path, "/pods/")]
	meta := map[string]any{"name": path[strings.LastIndex(path, "/")+1:], "annotations": annotations}
	if kind == "Pod" {
		meta["namespace"] = strings.Split(path, "/")[4]
	}
	if owner != "" {
		meta["labels"] = map[string]any{apply.OwnerLabel: owner}
	}
	a.objects[path] = map[string]any{"kind": kind, "apiVersion": "v1", "metadata": meta}
}

func bench(t *testing.T) (*api, *Bench) {
	t.Helper()
	a := &api{objects: map[string]map[string]any{}}
	s := httptest.NewServer(a)
	t.Cleanup(s.Close)
	c, err := apply.New(&rest.Config{Host: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	b := &Bench{c: c, owner: "bench-probe", o: BenchOptions{Name: "probe"}, have: map[string]*entry{}}
	b.canary = &canary{b: b}
	return a, b
}

func anObject(kind, ns, name string) *unstructured.Unstructured {
	o := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": kind}}
	o.SetNamespace(ns)
	o.SetName(name)
	return o
}

// TestGuard: what is there and not ours is neither changed nor, later, removed.
func TestGuard(t *testing.T) {
	shop, pod := anObject("Namespace", "", "shop"), anObject("Pod", "shop", "web")
	for _, tt := range []struct {
		name, path, owner string
		objects           []*unstructured.Unstructured
		says              string
	}{
		{"nothing is there", "", "", []*unstructured.Unstructured{shop, pod}, ""},
		{"left by this command", "/api/v1/namespaces/shop", "bench-probe", []*unstructured.Unstructured{shop, pod}, ""},
		{"a user's namespace", "/api/v1/namespaces/shop", "", []*unstructured.Unstructured{shop, pod}, "Namespace shop: it is there already"},
		{"the network's", "/api/v1/namespaces/shop", "install-cilium", []*unstructured.Unstructured{shop}, "netfate did not make it"},
		{"live apply", "/api/v1/namespaces/shop", "bench-apply", []*unstructured.Unstructured{shop}, "netfate live apply made it; if that is not at work, netfate live clean"},
		{"a pod in a namespace of another", "/api/v1/namespaces/shop/pods/web", "", []*unstructured.Unstructured{pod}, "Pod shop/web: it is there already"},
	} {
		a, b := bench(t)
		if tt.path != "" {
			a.put(tt.path, tt.owner, nil)
		}
		err := b.guard(t.Context(), tt.objects)
		switch {
		case tt.says == "" && err != nil:
			t.Errorf("%s: %v", tt.name, err)
		case tt.says != "" && (!errors.Is(err, ErrTaken) || !strings.Contains(err.Error(), tt.says)):
			t.Errorf("%s: %v", tt.name, err)
		}
		if err != nil {
			if err := b.put(t.Context(), tt.objects); !errors.Is(err, ErrTaken) {
				t.Errorf("%s: put: %v", tt.name, err)
			}
		}
	}
}

// TestAlone: a bench of the same name that was at work a moment ago is left alone, one that is gone is not.
func TestAlone(t *testing.T) {
	at := func(d time.Duration) map[string]any {
		return map[string]any{aliveAnnotation: time.Now().Add(-d).UTC().Format(time.RFC3339)}
	}
	for _, tt := range []struct {
		name        string
		annotations map[string]any
		refused     bool
	}{
		{"just now", at(3 * time.Second), true},
		{"long ago", at(time.Minute), false},
		{"by a clock that is far ahead", at(-time.Hour), false},
		{"left", nil, false},
	} {
		a, b := bench(t)
		a.put("/api/v1/namespaces/netfate-canary-probe", "bench-probe", tt.annotations)
		if err := b.alone(t.Context()); (err != nil) != tt.refused {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if _, b := bench(t); b.alone(t.Context()) != nil {
		t.Error("an empty cluster is not free")
	}
}

// TestClean removes what benches made, and nothing else.
func TestClean(t *testing.T) {
	a, b := bench(t)
	a.put("/api/v1/namespaces/shop", "bench-apply", nil)
	a.put("/api/v1/namespaces/shop/pods/web", "bench-apply", nil)
	a.put("/api/v1/namespaces/netfate-canary-test", "bench-test", nil)
	a.put("/api/v1/namespaces/istio-system", "install-istio", nil)
	a.put("/api/v1/namespaces/mine", "", nil)
	gone, err := Clean(t.Context(), b.c)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(gone)
	if !slices.Equal(gone, []string{"Namespace netfate-canary-test", "Namespace shop", "Pod shop/web"}) || len(a.objects) != 2 {
		t.Errorf("removed %v, left %d", gone, len(a.objects))
	}
}
