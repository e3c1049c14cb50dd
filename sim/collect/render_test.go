package collect

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const chartText = `
-- shop/Chart.yaml --
apiVersion: v2
name: store
version: 1.0.0
-- shop/values.yaml --
web:
  port: 80
  enabled: true
-- shop/prod.yaml --
web: {port: 8080}
-- shop/.helmignore --
*.bak.yaml
/templates/ignored/
-- shop/templates/_lib.tpl --
{{- define "name" }}{{ .Release.Name }}-web{{ end }}
-- shop/templates/NOTES.txt --
Thank you.
-- shop/templates/old.bak.yaml --
{{ fail "read" }}
-- shop/templates/ignored/x.yaml --
{{ fail "read" }}
-- shop/templates/web.yaml --
{{- if .Values.web.enabled }}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "name" . }}
spec:
  ports: [{port: {{ .Values.web.port }}}]
{{- end }}
{{- with lookup "v1" "Pod" "a" "b" }}{{ fail "a cluster was asked" }}{{ end }}
-- shop/templates/tests/t.yaml --
apiVersion: v1
kind: Pod
metadata:
  name: test
  annotations: {helm.sh/hook: "test,post-install"}
-- shop/charts/sub/Chart.yaml --
apiVersion: v2
name: sub
version: 1.0.0
-- shop/charts/sub/templates/ns.yaml --
apiVersion: v1
kind: Namespace
metadata: {name: sub}
`

func TestChart(t *testing.T) {
	dir := unpack(t, chartText)
	s, err := Collect(t.Context(), Options{Dir: dir, Sources: []string{"shop/"}, Values: []string{"shop/prod.yaml"},
		Set: []string{"other=1"}, Release: "r1", ReleaseNamespace: "market"})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, s, `
Namespace sub shop/charts/sub/templates/ns.yaml (rendered):1
Service market/r1-web shop/templates/web.yaml (rendered):2`)
	if got := s.Objects[1].Root.At("spec", "ports", "0", "port").Str(); got != "8080" {
		t.Errorf("port %s", got)
	}
}

func TestChartArchive(t *testing.T) {
	dir := t.TempDir()
	data := packed(t, entry("shop/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n"),
		entry("shop/templates/a.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: {{ .Release.Name }}}\n"))
	if err := os.WriteFile(filepath.Join(dir, "shop-1.0.tgz"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	expect(t, collected(t, dir, "shop-1.0.tgz"), "Namespace release-name shop-1.0.tgz!shop/templates/a.yaml (rendered):1")
}

func TestChartErrors(t *testing.T) {
	chart := "-- c/Chart.yaml --\napiVersion: v2\nname: c\nversion: 1.0.0\n"
	for name, c := range map[string]struct{ text, want string }{
		"template":   {chart + "-- c/templates/a.yaml --\na: {{ .Values.x.y }}\n", "chart c: template: c/templates/a.yaml:1"},
		"dependency": {chart + "dependencies: [{name: db, version: 1.0.0, repository: \"https://example.com\"}]\n", "helm dependency build"},
		"library":    {chart + "type: library\n", "library chart"},
		"metadata":   {"-- c/Chart.yaml --\nname: c\n", "chart c: validation"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := failure(t, unpack(t, c.text), "c"); !strings.Contains(got, c.want) {
				t.Errorf("got %s", got)
			}
		})
	}
	dir := unpack(t, chart)
	for _, o := range []Options{{Values: []string{"nope.yaml"}}, {Set: []string{"a.b"}}} {
		o.Dir, o.Sources = dir, []string{"c"}
		if _, err := Collect(t.Context(), o); err == nil {
			t.Errorf("%+v: no error", o)
		}
	}
}

const kustomizeText = `
-- base/kustomization.yaml --
resources: [policy.yaml, ns.yaml]
-- base/ns.yaml --
apiVersion: v1
kind: Namespace
metadata:
  name: shop
-- base/policy.yaml --
# the policy
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: deny
spec:
  podSelector: {}
  ingress:
  - from:
    - podSelector: {}
-- overlays/prod/kustomization.yaml --
resources: [../../base]
namespace: prod
namePrefix: x-
patches:
- patch: |
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: deny}
    spec: {policyTypes: [Ingress]}
`

const kustomizeWant = `
NetworkPolicy prod/x-deny base/policy.yaml:2
Namespace prod base/ns.yaml:1`

func TestKustomization(t *testing.T) {
	dir := unpack(t, kustomizeText)
	s := collected(t, dir, "overlays/prod")
	expect(t, s, kustomizeWant)
	for path, want := range map[string]string{
		"spec.ingress[0].from[0]": "base/policy.yaml:10", "metadata.namespace": "base/policy.yaml:5", "spec.policyTypes[0]": "base/policy.yaml:7",
	} {
		if got := s.Objects[0].At(path).Place(); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if s.Objects[0].Root.At("metadata", "annotations").Len() > 0 {
		t.Errorf("annotations: %s", s.Objects[0].Root.JSON())
	}
}

func TestKustomizationInArchive(t *testing.T) {
	dir := t.TempDir()
	data := packed(t, entry("k/kustomization.yaml", "resources: [a.yaml]\nnamePrefix: x-\n"), entry("k/a.yaml", namespaceYAML("a")))
	if err := os.WriteFile(filepath.Join(dir, "k.tgz"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	expect(t, collected(t, dir, "k.tgz"), "Namespace a k.tgz!k/a.yaml:1")
}

func TestKustomizationErrors(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"missing": {"resources: [nope.yaml]\n", "nope.yaml"},
		"url":     {"resources: [\"https://example.com/a.yaml\"]\n", "nothing is fetched from the network"},
		"git":     {"resources: [\"github.com/a/b?ref=v1\"]\n", "nothing is fetched from the network"},
		"patch":   {"resources: [a.yaml]\npatches: [{path: \"http://example.com/p.yaml\"}]\n", "nothing is fetched from the network"},
		"outside": {"resources: [../secret.yaml]\n", "security"},
		"broken":  {"resources: [\n", "kustomization k:"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := unpack(t, "-- secret.yaml --\n"+namespaceYAML("s")+"-- k/a.yaml --\n"+namespaceYAML("a")+"-- k/kustomization.yaml --\n"+c.text)
			if got := failure(t, dir, "k"); !strings.Contains(got, c.want) {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestNestedInPlainDirectory(t *testing.T) {
	dir := unpack(t, "-- d/a.yaml --\n"+namespaceYAML("a")+"-- d/k/kustomization.yaml --\nresources: [b.yaml]\n-- d/k/b.yaml --\n"+namespaceYAML("b")+
		"-- d/c/Chart.yaml --\nname: c\n-- d/c/templates/x.yaml --\n{{ x }}\n-- d/c/charts/s/Chart.yaml --\nname: s\n")
	expect(t, collected(t, dir, "d"), `
Namespace a d/a.yaml:1
Namespace b d/k/b.yaml:1
warning: d/c: this Helm chart was left out: inside a plain directory charts are not rendered (to render it: -f d/c)
warning: d/k/kustomization.yaml: this kustomization was not built: the manifests beside it were read as they are (to build it: -f d/k)`)
}

func TestGit(t *testing.T) {
	dir := unpack(t, plainFiles+strings.TrimPrefix(kustomizeText, "\n")+strings.TrimPrefix(chartText, "\n")+
		"-- .gitattributes --\ndeploy/b.yaml export-ignore\n")
	run := withGit(t, dir)
	run("tag", "v1")
	if err := os.WriteFile(filepath.Join(dir, "deploy/b.yaml"), []byte(namespaceYAML("new")), 0o644); err != nil {
		t.Fatal(err)
	}
	run("commit", "-q", "-a", "-m", "second")
	if err := os.RemoveAll(filepath.Join(dir, "deploy")); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(filepath.Join(dir, ".git/index"))
	at := func(ref string) string { return strings.ReplaceAll(plainWant, " deploy/", " "+ref+":deploy/") }
	for source, want := range map[string]string{
		"v1:deploy/":         at("v1"),
		"main~1:deploy":      at("main~1"),
		"v1:./deploy":        strings.ReplaceAll(plainWant, " deploy/", " v1:./deploy/"),
		"HEAD:deploy/b.yaml": "Namespace new HEAD:deploy/b.yaml:1",
		"v1:deploy/*.yaml":   "Pod shop/web v1:deploy/b.yaml:3",
		"v1:overlays/prod":   strings.ReplaceAll(kustomizeWant, " base/", " v1:base/"),
		"v1:shop": "Namespace sub v1:shop/charts/sub/templates/ns.yaml (rendered):1\n" +
			"Service default/release-name-web v1:shop/templates/web.yaml (rendered):2",
	} {
		t.Run(source, func(t *testing.T) { expect(t, collected(t, dir, source), want) })
	}
	for source, want := range map[string]string{
		"nope:deploy": "git knows no branch", "v1:nope": "there is no \"nope\" in v1", "v1:/etc": "take the leading slash away",
		"v1:../x": "leads out of the repository", "--output=x:y": "no such file",
	} {
		if got := failure(t, dir, source); !strings.Contains(got, want) {
			t.Errorf("%s: %s", source, got)
		}
	}
	if after, _ := os.ReadFile(filepath.Join(dir, ".git/index")); !bytes.Equal(before, after) {
		t.Error("the index was touched")
	}
	if _, err := os.Stat(filepath.Join(dir, "deploy")); err == nil {
		t.Error("the work tree was touched")
	}
}

func TestGitOutsideOfARepository(t *testing.T) {
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(t.TempDir()))
	if got := failure(t, t.TempDir(), "main:deploy"); !strings.Contains(got, "not a git repository") && !strings.Contains(got, "git is needed") {
		t.Error(got)
	}
	t.Setenv("PATH", "")
	if got := failure(t, t.TempDir(), "main:deploy"); !strings.Contains(got, "install git") {
		t.Error(got)
	}
}

func TestPathOnDiskWinsOverRef(t *testing.T) {
	dir := unpack(t, "-- main:a.yaml --\n"+namespaceYAML("disk")+"-- a.yaml --\n"+namespaceYAML("git"))
	withGit(t, dir)
	expect(t, collected(t, dir, "main:a.yaml"), "Namespace disk main:a.yaml:1")
}
