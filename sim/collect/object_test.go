package collect

import (
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/model"
)

// one collects a single file.
func one(t *testing.T, text string) *model.Snapshot {
	t.Helper()
	return collected(t, unpack(t, "-- a.yaml --\n"+text), "a.yaml")
}

func TestObjects(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"broken between good ones": {namespaceYAML("a") + "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: p\n  namespace: shop\nspec: [\n---\n" + namespaceYAML("b"), `
Namespace a a.yaml:1
Namespace b a.yaml:13
error: a.yaml:...
broken: "NetworkPolicy" shop/p a.yaml:...`},
		"broken of a kind nobody reads": {namespaceYAML("a") + "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: p\ndata: [\n", `
Namespace a a.yaml:1
error: a.yaml:...
unread: v1 ConfigMap 1`},
		"duplicate": {namespaceYAML("a") + "---\n" + namespaceYAML("a"), `
Namespace a a.yaml:1
error: a.yaml:6:1: Namespace a: already exists (first at a.yaml:1) (the first one counts; remove or rename one of the two)`},
		"unknown kinds": {"apiVersion: x/v1\nkind: B\n---\napiVersion: x/v1\nkind: A\n---\napiVersion: x/v1\nkind: B\n", `
unread: x/v1 A 1
unread: x/v1 B 2`},
		"another version of a policy": {"apiVersion: networking.k8s.io/v1beta1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\n", `
warning: a.yaml:1:1: NetworkPolicy shop/p: apiVersion: NetworkPolicy is not read in version networking.k8s.io/v1beta1 (read are: networking.k8s.io/v1)
broken: "NetworkPolicy" shop/p a.yaml:1`},
		"a policy without its group": {"apiVersion: v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\n", `
warning: a.yaml:1:1: NetworkPolicy shop/p: apiVersion: NetworkPolicy is not read in version v1 (read are: networking.k8s.io/v1)
broken: "NetworkPolicy" shop/p a.yaml:1`},
		"a policy of another API": {"apiVersion: crd.projectcalico.org/v1\nkind: NetworkPolicy\nmetadata: {name: p}\n", `
unread: crd.projectcalico.org/v1 NetworkPolicy 1`},
		"another version of a workload": {"apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: p}\n---\napiVersion: apps/v1beta1\nkind: Deployment\nmetadata: {name: p}\n", `
warning: a.yaml:5:1: Deployment default/p: apiVersion: Deployment is not read in version apps/v1beta1 (read are: apps/v1)
unread: apps/v1beta1 Deployment 1
unread: extensions/v1beta1 Deployment 1`},
		"no kind": {"apiVersion: v1\nmetadata: {name: p}\n", `
error: a.yaml:1:1: kind: kind is missing (say which kind of object this is)`},
		"no apiVersion": {"kind: Pod\nmetadata: {name: p}\n", `
error: a.yaml:1:1: Pod p: apiVersion: apiVersion is missing (add it, for example apiVersion: networking.k8s.io/v1)`},
		"no name": {"apiVersion: v1\nkind: Pod\nmetadata: {generateName: p-}\n---\napiVersion: v1\nkind: Pod\n", `
error: a.yaml:1:1: Pod default/: metadata.name: metadata.name is missing (generateName alone cannot be applied; give the object a name)
error: a.yaml:5:1: Pod default/: metadata.name: metadata.name is missing`},
		"a number for a name": {"apiVersion: v1\nkind: Pod\nmetadata: {name: 123}\n", `
error: a.yaml:1:1: Pod default/123: metadata.name: metadata.name is a number, not a string (quote it: "123")`},
		"no object": {"a: 1\n---\n- 1\n", `
warning: a.yaml:1:1: not a Kubernetes object: it has no apiVersion and no kind; skipped
warning: a.yaml:3:1: not a Kubernetes object: it is a list, not a map; skipped`},
		"a template": {"apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}-web\n---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: \"{{ .x }}\"\n", `
error: a.yaml:...
error: a.yaml:...
broken: "Pod" /...`},
		"a comment": {"# nothing\n---\n" + namespaceYAML("a"), "Namespace a a.yaml:3"},
	} {
		t.Run(name, func(t *testing.T) { expect(t, one(t, c.text), c.want) })
	}
}

func TestTemplateHint(t *testing.T) {
	s := one(t, "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}-web\n---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: \"{{ .x }}\"\n---\n{{- if .Values.x }}\nkind: Pod\n{{- end }}\n")
	for _, p := range s.Problems {
		if p.Hint != templateHint {
			t.Errorf("no hint: %s", p.Error())
		}
	}
}

func TestRejected(t *testing.T) {
	for _, p := range one(t, namespaceYAML("a")+"---\n"+namespaceYAML("a")).Problems {
		if !p.Rejected {
			t.Errorf("not rejected: %s", p.Error())
		}
	}
}

func TestSecretsAreNotKept(t *testing.T) {
	s := one(t, namespaceYAML("a")+"---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: hush}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: hush]\n")
	if strings.Contains(describe(s), "hush") {
		t.Error(describe(s))
	}
	if len(s.Objects) != 1 || len(s.Unread) != 1 || s.Unread[0].Count != 2 || len(s.Broken) != 0 {
		t.Error(describe(s))
	}
}

func TestLimits(t *testing.T) {
	dir := unpack(t, "-- d/a.yaml --\n"+namespaceYAML("a")+"-- d/b.yaml --\n"+namespaceYAML("b")+strings.Repeat("#\n", 200))
	for name, c := range map[string]struct {
		limits Limits
		want   string
	}{
		"file":      {Limits{FileBytes: 100}, "Namespace a d/a.yaml:1\nerror: d/b.yaml: larger than the limit of 100 bytes for one file\nbroken: \"\" / d/b.yaml:0"},
		"total":     {Limits{TotalBytes: 100}, "Namespace a d/a.yaml:1\nerror: d/b.yaml: not read: the sources hold more than 100 bytes in all\nbroken: \"\" / d/b.yaml:0"},
		"documents": {Limits{Documents: 1}, "Namespace a d/a.yaml:1\nerror: d/b.yaml: not read: the sources hold more than 1 documents\nbroken: \"\" / d/b.yaml:0"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Collect(t.Context(), Options{Dir: dir, Sources: []string{"d/a.yaml", "d/b.yaml"}, Limits: c.limits})
			if err != nil {
				t.Fatal(err)
			}
			if got := describe(s); !strings.Contains(got, "error: d/") || len(s.Objects) > 1 { // with both at once, none may be within the limit
				t.Errorf("got:\n%s", got)
			}
		})
	}
	if _, err := Collect(t.Context(), Options{Dir: dir, Sources: []string{"d"}, Limits: Limits{Files: 1}}); err == nil {
		t.Error("more files than allowed, no error")
	}
}

func TestFromObject(t *testing.T) {
	o, err := FromObject(map[string]any{
		"apiVersion": "v1", "kind": "Pod",
		"metadata": map[string]any{"name": "a", "namespace": "b", "managedFields": []any{}},
		"spec":     map[string]any{"containers": []any{map[string]any{"name": "c", "env": []any{}}}},
	}, "west", testKinds())
	if err != nil {
		t.Fatal(err)
	}
	if o.Cluster != "west" || o.String() != "Pod b/a" || o.File != "" || o.Line != 0 {
		t.Errorf("%+v", o)
	}
	if got, want := string(o.Root.JSON()), `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"b"},"spec":{"containers":[{"name":"c"}]}}`; got != want {
		t.Errorf("got %s", got)
	}
	if o, err := FromObject(map[string]any{"apiVersion": "v1", "kind": "Secret", "metadata": map[string]any{"name": "a"}}, "", nil); o != nil || err != nil {
		t.Errorf("%v, %v", o, err)
	}
	if _, err := FromObject(map[string]any{"kind": "Pod"}, "", nil); err == nil {
		t.Error("no apiVersion, no error")
	}
}

func TestProgress(t *testing.T) {
	var last Progress
	_, err := Collect(t.Context(), Options{Dir: unpack(t, plainFiles), Sources: []string{"deploy"}, Progress: func(p Progress) { last = p }})
	if err != nil {
		t.Fatal(err)
	}
	if last.Files != 3 || last.Done != 3 || last.Objects != 3 || last.Bytes == 0 {
		t.Errorf("%+v", last)
	}
}
