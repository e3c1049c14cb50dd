package collect

import (
	"archive/tar"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

const snapshotText = `
-- d/a.yaml --
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: "on"
  annotations: {note: "a: b\nc", "kubectl.kubernetes.io/last-applied-configuration": "{}"}
spec:
  podSelector: {matchLabels: {a: "1", b: "yes", c: ""}}
  ingress:
  - from: []
  - ports: [{port: 80, protocol: TCP}, {port: http}]
  - {}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, managedFields: [{a: b}]}
spec:
  nodeName: n1
  volumes: [{name: v, secret: {secretName: s}}]
  containers:
  - name: c
    env: [{name: PASSWORD, value: hush}]
    args: [hush]
    ports: [{name: http, containerPort: 80}]
    livenessProbe: {exec: {command: [hush]}}
    readinessProbe: {httpGet: {port: 80, httpHeaders: [{name: a, value: hush}]}}
status:
  phase: Running
  podIP: 10.0.0.1
  qosClass: BestEffort
  conditions:
  - {type: Ready, status: "True", lastProbeTime: null}
  - {type: Other, status: "True"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {a: hush}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: broken, namespace: shop}
spec: {a: b
-- d/b.yaml --
apiVersion: v1
kind: Namespace
metadata: {name: shop}
`

func TestSnapshotRoundTrip(t *testing.T) {
	dir := unpack(t, snapshotText)
	s, err := Collect(t.Context(), Options{Dir: dir, Sources: []string{"d"}, Kinds: testKinds(), Remote: map[string][]string{"a/b": {"d/b.yaml"}}})
	if err != nil {
		t.Fatal(err)
	}
	s.Facts = model.Facts{Network: "calico", Version: "3.32", Origin: "a test"}
	data := saved(t, s)
	if !bytes.Equal(data, saved(t, s)) {
		t.Error("saved twice, the bytes differ")
	}
	if err := os.WriteFile(filepath.Join(dir, "s.tar.gz"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	back := collected(t, dir, "s.tar.gz")
	expect(t, back, describe(s))
	if back.Facts != s.Facts {
		t.Errorf("facts %+v", back.Facts)
	}
	samePlaces(t, s, back, "spec.ingress[1].ports[1]", "spec.podSelector.matchLabels.b", "status.podIP", "metadata.name")
	if !bytes.Equal(data, saved(t, back)) {
		t.Error("saved again, the bytes differ")
	}
	for i, o := range back.Objects {
		want := Strip(withNamespace(s.Objects[i]), o.Kind)
		if got := string(o.Root.JSON()); got != string(want.JSON()) || strings.Contains(got, "hush") {
			t.Errorf("%s: %s\nwant %s", o, got, want.JSON())
		}
	}
}

func samePlaces(t *testing.T, a, b *model.Snapshot, paths ...string) {
	t.Helper()
	for i := range a.Objects {
		for _, p := range paths {
			if manifest.Lookup(b.Objects[i].Root, p) == nil {
				continue
			}
			if x, y := a.Objects[i].At(p), b.Objects[i].At(p); x.Place() != y.Place() || x.Col != y.Col {
				t.Errorf("%s %s: %s:%d, then %s:%d", a.Objects[i], p, x.Place(), x.Col, y.Place(), y.Col)
			}
		}
	}
}

func TestSnapshotOfLiveObjects(t *testing.T) {
	o, err := FromObject(map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": "a"}}, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "s.tgz"), saved(t, &model.Snapshot{Objects: []*model.Object{o}}), 0o644); err != nil {
		t.Fatal(err)
	}
	s := collected(t, dir, "s.tgz")
	if s.Objects[0].File != "" || s.Objects[0].At("metadata.name").Line != 0 {
		t.Errorf("%+v", s.Objects[0].At("metadata.name"))
	}
}

// repacked returns the archive with one file changed.
func repacked(t *testing.T, data []byte, name string, f func(string) string) []byte {
	t.Helper()
	r := newResolver(Options{})
	tr, err := r.untar(context.Background(), "s", bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var all []tar.Header
	for _, file := range tr.files {
		text, _ := file.read(context.Background())
		if file.path == name {
			text = []byte(f(string(text)))
		}
		all = append(all, entry(file.path, string(text)))
	}
	return packed(t, all...)
}

func TestSnapshotDamage(t *testing.T) {
	dir := unpack(t, "-- a.yaml --\n"+namespaceYAML("a"))
	data := saved(t, collected(t, dir, "a.yaml"))
	for name, c := range map[string]struct {
		file string
		edit func(string) string
		want string
	}{
		"object edited":  {"objects/local/_cluster/Namespace.yaml", func(s string) string { return s + "  labels: {x: y}\n" }, "Namespace a a.yaml:1\nwarning: s.tgz: this snapshot was changed after it was taken (its digest does not fit its files)"},
		"origins lost":   {originsFile, func(string) string { return "" }, "Namespace a s.tgz!objects/local/_cluster/Namespace.yaml:1\nwarning: ..."},
		"origins broken": {originsFile, func(string) string { return "{" }, "!origins.json is damaged"},
		"format":         {snapshotFile, func(s string) string { return strings.Replace(s, `"format": 1`, `"format": 99`, 1) }, "!has format 99"},
		"no JSON":        {snapshotFile, func(string) string { return "x" }, "!is damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(filepath.Join(dir, "s.tgz"), repacked(t, data, c.file, c.edit), 0o644); err != nil {
				t.Fatal(err)
			}
			if want, fails := strings.CutPrefix(c.want, "!"); fails {
				if got := failure(t, dir, "s.tgz"); !strings.Contains(got, want) {
					t.Errorf("got %s", got)
				}
				return
			}
			expect(t, collected(t, dir, "s.tgz"), c.want)
		})
	}
}

func TestWriteYAML(t *testing.T) {
	for _, text := range []string{
		`{}`, `{"a":{}}`, `{"a":[]}`, `{"a":[[],[[1]],{},[{"b":null,"c":[1.5,true]}],""]}`,
		`{"yes":"no","1":"0x1F","a b":"~","":" ","é":"\u0085\ufeff\u007f\u2028","\n":"---\n- a: b #c"}`,
		fmt.Sprintf(`{"a":%q}`, strings.Repeat("long ", 200)),
	} {
		docs, errs := manifest.Parse("", []byte(text), manifest.Limits{})
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		b := appendYAML(nil, docs[0].Root)
		back, errs := manifest.Parse("", b, manifest.Limits{})
		if len(errs) > 0 || len(back) != 1 || !bytes.Equal(back[0].Root.JSON(), docs[0].Root.JSON()) {
			t.Errorf("%s: wrote\n%s%v", text, b, errs)
		}
	}
}

func TestStripKinds(t *testing.T) {
	for _, c := range []struct{ kind, in, want string }{
		{"CronJob", `{"spec":{"jobTemplate":{"spec":{"template":{"spec":{"containers":[{"command":[]}],"volumes":[]}}}}},"status":{"a":1}}`,
			`{"spec":{"jobTemplate":{"spec":{"template":{"spec":{"containers":[{}]}}}}}}`},
		{"StatefulSet", `{"spec":{"volumeClaimTemplates":[],"template":{"metadata":{"managedFields":[]},"spec":{"hostNetwork":true}}}}`,
			`{"spec":{"template":{"metadata":{},"spec":{"hostNetwork":true}}}}`},
		{"Service", `{"status":{"conditions":[],"loadBalancer":{"ingress":[]}}}`, `{"status":{"loadBalancer":{"ingress":[]}}}`},
		{"Node", `{"status":{"addresses":[],"images":[],"conditions":[{"type":"Ready","status":"True","reason":"x"}]}}`,
			`{"status":{"addresses":[],"conditions":[{"type":"Ready","status":"True"}]}}`},
		{"ServiceAccount", `{"secrets":[],"imagePullSecrets":[],"metadata":{"name":"a"}}`, `{"metadata":{"name":"a"}}`},
		{"Secret", `{"data":{},"stringData":{}}`, `{}`},
		{"Pod", `{"spec":{"containers":"odd"},"metadata":[],"status":"odd"}`, `{"spec":{"containers":"odd"},"metadata":[]}`},
	} {
		docs, _ := manifest.Parse("", []byte(c.in), manifest.Limits{})
		got := Strip(docs[0].Root, c.kind)
		if string(got.JSON()) != c.want {
			t.Errorf("%s: %s, want %s", c.kind, got.JSON(), c.want)
		}
		if again := docs[0].Root.JSON(); string(again) != c.in {
			t.Errorf("%s: the input changed to %s", c.kind, again)
		}
	}
}
