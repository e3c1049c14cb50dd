package apply_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/rest"

	"github.com/netfate/netfate/clusters/apply"
)

// server is an API server with Namespaces, Pods and ConfigMaps of v1, which keeps what it is given.
type server struct {
	mu      sync.Mutex
	objects map[string]map[string]any // by path
	removed []string                  // paths
	fails   func(r *http.Request) (int, string)
}

// start runs a server and returns a client of it.
func start(t *testing.T) (*server, *apply.Client) {
	t.Helper()
	s := &server{objects: map[string]map[string]any{}}
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	c, err := apply.New(&rest.Config{Host: h.URL})
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

// ServeHTTP answers discovery, and get, list, apply and delete of objects.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	resource := func(name, kind string, namespaced bool) map[string]any {
		return map[string]any{"name": name, "kind": kind, "namespaced": namespaced, "verbs": []string{"get", "list", "patch", "delete"}}
	}
	if s.fails != nil {
		if code, reason := s.fails(r); code != 0 {
			status(w, code, reason)
			return
		}
	}
	switch r.URL.Path {
	case "/api":
		answer(w, map[string]any{"kind": "APIVersions", "versions": []string{"v1"}})
		return
	case "/apis":
		answer(w, map[string]any{"kind": "APIGroupList", "apiVersion": "v1", "groups": []any{}})
		return
	case "/api/v1":
		answer(w, map[string]any{"kind": "APIResourceList", "groupVersion": "v1", "resources": []any{
			resource("namespaces", "Namespace", false), resource("pods", "Pod", true), resource("configmaps", "ConfigMap", true),
		}})
		return
	}
	s.object(w, r)
}

func (s *server) object(w http.ResponseWriter, r *http.Request) {
	have := s.objects[r.URL.Path]
	switch {
	case r.Method == http.MethodPatch:
		data, err := io.ReadAll(r.Body)
		o := map[string]any{}
		if err != nil || json.Unmarshal(data, &o) != nil || r.URL.Query().Get("fieldManager") != apply.Manager {
			status(w, http.StatusBadRequest, "BadRequest")
			return
		}
		s.objects[r.URL.Path] = o
		answer(w, o)
	case r.Method == http.MethodDelete && have != nil:
		delete(s.objects, r.URL.Path)
		s.removed = append(s.removed, r.URL.Path)
		answer(w, map[string]any{"kind": "Status", "apiVersion": "v1", "status": "Success"})
	case have != nil:
		answer(w, have)
	case r.Method == http.MethodGet && slices.Contains([]string{"/api/v1/pods", "/api/v1/namespaces", "/api/v1/configmaps"}, r.URL.Path):
		s.list(w, r)
	default:
		status(w, http.StatusNotFound, "NotFound")
	}
}

func (s *server) list(w http.ResponseWriter, r *http.Request) {
	selector, err := labels.Parse(r.URL.Query().Get("labelSelector"))
	if err != nil {
		status(w, http.StatusBadRequest, "BadRequest")
		return
	}
	items := []any{}
	resource := strings.TrimPrefix(r.URL.Path, "/api/v1")
	for path, o := range s.objects {
		u := &unstructured.Unstructured{Object: o}
		if strings.Contains(path, resource+"/") && strings.EqualFold(u.GetKind()+"s", resource[1:]) && selector.Matches(labels.Set(u.GetLabels())) {
			items = append(items, o)
		}
	}
	answer(w, map[string]any{"kind": "List", "apiVersion": "v1", "metadata": map[string]any{}, "items": items})
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func status(w http.ResponseWriter, code int, reason string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	answer(w, map[string]any{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": code, "message": reason})
}

// object returns an object of v1; owner "" leaves the label out.
func object(kind, namespace, name, owner string) *unstructured.Unstructured {
	o := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": kind}}
	o.SetNamespace(namespace)
	o.SetName(name)
	if owner != "" {
		o.SetLabels(map[string]string{apply.OwnerLabel: owner})
	}
	return o
}
