package clusters

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
)

// fakeAPI is an API server as far as netfate sees one.
type fakeAPI struct {
	serves    []policyapi.Kind
	legacy    bool                        // no aggregated discovery
	items     map[string][]string         // objects in JSON, by path of the list
	forbidden map[string]bool             // by path
	expire    map[string]int              // by path: how many times a continue token is refused
	override  map[string]http.HandlerFunc // by path
	token     string                      // the credentials that are accepted, "" for any

	mu       sync.Mutex
	requests []string // path and query
}

func newFakeAPI() *fakeAPI {
	return &fakeAPI{
		serves: sim.Kinds(), items: map[string][]string{}, forbidden: map[string]bool{},
		expire: map[string]int{}, override: map[string]http.HandlerFunc{},
	}
}

// without takes an API away.
func (f *fakeAPI) without(kind string) *fakeAPI {
	f.serves = slices.DeleteFunc(f.serves, func(k policyapi.Kind) bool { return k.Kind == kind })
	return f
}

// add puts an object into its list.
func (f *fakeAPI) add(t testing.TB, object string) {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal([]byte(object), &o); err != nil {
		t.Fatalf("%v\n%s", err, object)
	}
	i := slices.IndexFunc(f.serves, func(k policyapi.Kind) bool { return o["kind"] == k.Kind && o["apiVersion"] == k.APIVersion() })
	if i < 0 {
		t.Fatalf("no list for %v %v", o["apiVersion"], o["kind"])
	}
	delete(o, "kind") // as in a list of a built-in kind
	delete(o, "apiVersion")
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range f.serves { // every version of a kind lists the same objects
		if k.Group == f.serves[i].Group && k.Kind == f.serves[i].Kind {
			p := pathOf(k)
			f.items[p] = append(f.items[p], string(text))
		}
	}
}

func (f *fakeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.requests = append(f.requests, r.URL.RequestURI())
	f.mu.Unlock()
	path := r.URL.Path
	switch h := f.override[path]; {
	case f.token != "" && r.Header.Get("Authorization") != "Bearer "+f.token:
		status(w, http.StatusUnauthorized, "Unauthorized", "Unauthorized")
	case h != nil:
		h(w, r)
	case f.forbidden[path]:
		resource := path[strings.LastIndexByte(path, '/')+1:]
		status(w, http.StatusForbidden, "Forbidden", resource+` is forbidden: User "jane" cannot list resource "`+resource+`" at the cluster scope`)
	case path == "/apis":
		f.discovery(w, r)
	case f.kind(path) != nil:
		f.list(w, r)
	case f.legacy && strings.HasPrefix(path, "/apis/"):
		f.group(w, strings.TrimPrefix(path, "/apis/"))
	default:
		status(w, http.StatusNotFound, "NotFound", "the server could not find the requested resource")
	}
}

func (f *fakeAPI) kind(path string) *policyapi.Kind {
	for i := range f.serves {
		if pathOf(f.serves[i]) == path {
			return &f.serves[i]
		}
	}
	return nil
}

func (f *fakeAPI) list(w http.ResponseWriter, r *http.Request) {
	q, items := r.URL.Query(), f.items[r.URL.Path]
	limit, _ := strconv.Atoi(q.Get("limit"))
	from, _ := strconv.Atoi(q.Get("continue"))
	f.mu.Lock()
	expired := from > 0 && f.expire[r.URL.Path] > 0
	if expired {
		f.expire[r.URL.Path]--
	}
	f.mu.Unlock()
	if expired {
		status(w, http.StatusGone, "Expired", "The provided continue parameter is too old")
		return
	}
	to, next := len(items), ""
	if limit > 0 && from+limit < len(items) {
		to = from + limit
		next = strconv.Itoa(to)
	}
	k := f.kind(r.URL.Path)
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"kind":%q,"apiVersion":%q,"metadata":{"resourceVersion":"7","continue":%q},"items":[%s]}`,
		k.Kind+"List", k.APIVersion(), next, strings.Join(items[from:to], ","))
}

// discovery answers /apis.
func (f *fakeAPI) discovery(w http.ResponseWriter, r *http.Request) {
	var groups []string
	for _, k := range f.serves {
		if k.Group != "" && !slices.Contains(groups, k.Group) {
			groups = append(groups, k.Group)
		}
	}
	aggregated := !f.legacy && strings.Contains(r.Header.Get("Accept"), "APIGroupDiscoveryList")
	var out []string
	for _, g := range groups {
		var versions []string
		for _, v := range f.versions(g) {
			if aggregated {
				versions = append(versions, fmt.Sprintf(`{"version":%q,"freshness":"Current","resources":[%s]}`, v, f.resources(g+"/"+v, `{"resource":%q,"responseKind":{"kind":%q}}`)))
			} else {
				versions = append(versions, fmt.Sprintf(`{"groupVersion":%q,"version":%q}`, g+"/"+v, v))
			}
		}
		form := `{"name":%q,"versions":[%s]}`
		if aggregated {
			form = `{"metadata":{"name":%q},"versions":[%s]}`
		}
		out = append(out, fmt.Sprintf(form, g, strings.Join(versions, ",")))
	}
	if aggregated {
		fmt.Fprintf(w, `{"kind":"APIGroupDiscoveryList","items":[%s]}`, strings.Join(out, ","))
		return
	}
	fmt.Fprintf(w, `{"kind":"APIGroupList","groups":[%s]}`, strings.Join(out, ","))
}

func (f *fakeAPI) group(w http.ResponseWriter, groupVersion string) {
	fmt.Fprintf(w, `{"kind":"APIResourceList","resources":[%s]}`, f.resources(groupVersion, `{"name":%q,"kind":%q}`))
}

func (f *fakeAPI) versions(group string) []string {
	var out []string
	for _, k := range f.serves {
		if k.Group == group && !slices.Contains(out, k.Version) {
			out = append(out, k.Version)
		}
	}
	return out
}

func (f *fakeAPI) resources(groupVersion, form string) string {
	var out []string
	for _, k := range f.serves {
		if k.APIVersion() == groupVersion {
			out = append(out, fmt.Sprintf(form, k.Resource, k.Kind))
		}
	}
	return strings.Join(out, ",")
}

// status answers with an error as the API server writes it.
func status(w http.ResponseWriter, code int, reason, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":%q,"reason":%q,"code":%d}`, message, reason, code)
}

func pathOf(k policyapi.Kind) string { return (&task{Kind: k}).path() }

// start serves the API and returns options with a kubeconfig for it.
func (f *fakeAPI) start(t testing.TB) Options {
	t.Helper()
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	return Options{Kubeconfig: kubeconfig(t, s.URL, "secret")}
}

// kubeconfig writes a kubeconfig with the contexts "lab" (the current one) and "prod".
func kubeconfig(t testing.TB, url, token string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config")
	text := fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: lab
clusters: [{name: c, cluster: {server: %q}}]
users: [{name: u, user: {token: %q}}]
contexts:
- {name: prod, context: {cluster: c, user: u}}
- {name: lab, context: {cluster: c, user: u}}
`, url, token)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// collected returns the snapshot of a fake cluster.
func collected(t testing.TB, o Options) *model.Snapshot {
	t.Helper()
	s, err := Collect(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// failure returns the error of Collect, which must be one.
func failure(t testing.TB, o Options) string {
	t.Helper()
	if _, err := Collect(t.Context(), o); err != nil {
		return err.Error()
	}
	t.Fatal("no error")
	return ""
}

// has asserts that a text holds all parts.
func has(t testing.TB, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%q is missing in:\n%s", p, text)
		}
	}
}

// describe returns a snapshot as lines.
func describe(s *model.Snapshot) string {
	var b strings.Builder
	for _, o := range s.Objects {
		fmt.Fprintln(&b, o.Ref)
	}
	for _, p := range s.Problems {
		fmt.Fprintln(&b, p.Error())
	}
	for _, x := range s.Broken {
		fmt.Fprintf(&b, "broken: %s: %s\n", x.Ref, x.Why)
	}
	return b.String()
}

func podJSON(i int) string {
	return fmt.Sprintf(`{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p%05d","namespace":"a","labels":{"app":"x"}},`+
		`"spec":{"containers":[{"name":"c","image":"i","env":[{"name":"K","value":"hush"}]}]},"status":{"phase":"Running","podIP":"10.0.%d.%d"}}`, i, i/256, i%256)
}
