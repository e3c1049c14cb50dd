package install_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netfate/netfate/clusters/install"
)

// chart packs a chart of one template, with a test hook that is not to be installed.
func chart(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for name, text := range map[string]string{
		"demo/Chart.yaml":          "apiVersion: v2\nname: demo\nversion: 1.2.3\nkubeVersion: '>=1.30.0'\n",
		"demo/values.yaml":         "replicas: 1\nnested: {a: 1, b: 2}\n",
		"demo/crds/crd.yaml":       "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: xs.demo}\n",
		"demo/templates/main.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ .Release.Name }}}\nspec: {replicas: {{ .Values.replicas }}, a: {{ .Values.nested.a }}, b: {{ .Values.nested.b }}}\n",
		"demo/templates/test.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: t, annotations: {helm.sh/hook: test}}\n",
		"demo/templates/NOTES.txt": "not an object",
	} {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// recipe installs what a server has.
func recipe(url string) *install.Recipe {
	return &install.Recipe{ID: "demo", For: install.Network, Known: []string{"1.2.3"}, Sources: func(v string) []install.Source {
		return []install.Source{{
			Name: "demo-" + v + ".tgz", URL: url + "/demo-" + v + ".tgz", Chart: true, Release: "demo", Namespace: "demo-system",
			Values: map[string]any{"nested": map[string]any{"a": 5}},
		}}
	}}
}

// TestChart fetches, locks and renders a chart, with values of the recipe and of the user.
func TestChart(t *testing.T) {
	data, asked := chart(t), 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked++; w.Write(data) }))
	defer s.Close()
	dir := t.TempDir()
	values := filepath.Join(dir, "values.yaml")
	if err := os.WriteFile(values, []byte("replicas: 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var notes []string
	e := &install.Env{Kube: "v1.34.4", Values: []string{values}, Fetch: &install.Fetcher{
		Cache: filepath.Join(dir, "cache"), Lock: filepath.Join(dir, "lock.json"), Note: func(s string) { notes = append(notes, s) },
	}}
	for range 2 {
		objects, err := recipe(s.URL).Objects(t.Context(), e, "1.2.3")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range objects {
			got = append(got, o.GetKind()+" "+o.GetNamespace()+"/"+o.GetName())
		}
		if text := strings.Join(got, ", "); text != "Namespace /demo-system, CustomResourceDefinition /xs.demo, Deployment demo-system/demo" {
			t.Errorf("got %s", text)
		}
		if spec := fmt.Sprint(objects[len(objects)-1].Object["spec"]); spec != "map[a:5 b:2 replicas:3]" {
			t.Errorf("the values are not merged: %s", spec)
		}
	}
	if asked != 1 || len(notes) != 1 || !strings.Contains(notes[0], "on trust") {
		t.Errorf("asked %d times, notes %q: want one of each", asked, notes)
	}
}

// TestDigests: what was fetched once must stay the same, and a known digest must hold.
func TestDigests(t *testing.T) {
	data := chart(t)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "9.9.9") {
			http.NotFound(w, r)
			return
		}
		w.Write(data)
	}))
	defer s.Close()
	f := &install.Fetcher{Lock: filepath.Join(t.TempDir(), "lock.json")}
	e := &install.Env{Fetch: f, Kube: "v1.34.4"}
	if _, err := recipe(s.URL).Objects(t.Context(), e, "1.2.3"); err != nil {
		t.Fatal(err)
	}
	data = append(data, 0)
	if _, err := recipe(s.URL).Objects(t.Context(), e, "1.2.3"); !errors.Is(err, install.ErrDigest) {
		t.Errorf("another chart under the same version: %v", err)
	}
	if _, err := f.Get(context.Background(), &install.Source{Name: "x", URL: s.URL + "/x", SHA256: strings.Repeat("0", 64)}); !errors.Is(err, install.ErrDigest) {
		t.Errorf("another digest than the known one: %v", err)
	}
	if _, err := recipe(s.URL).Objects(t.Context(), e, "9.9.9"); err == nil || !strings.Contains(err.Error(), "is it a version that was released?") {
		t.Errorf("a version that does not exist: %v", err)
	}
}

// TestManifests takes sources from a directory, and says what is missing there.
func TestManifests(t *testing.T) {
	dir := t.TempDir()
	e := &install.Env{Fetch: &install.Fetcher{Manifests: dir}, Kube: "v1.34.4"}
	r := recipe("https://charts.example")
	if _, err := r.Objects(t.Context(), e, "1.2.3"); err == nil || !strings.Contains(err.Error(), "demo-1.2.3.tgz does not exist: --manifests wants the file of https://charts.example") {
		t.Errorf("error %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "demo-1.2.3.tgz"), chart(t), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Objects(t.Context(), e, "1.2.3"); err != nil {
		t.Error(err)
	}
}
