package collect

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzCollectBytes reads any bytes as a file, and as an archive. What was collected must survive a
// snapshot, and nothing may be lost without a word.
func FuzzCollectBytes(f *testing.F) {
	for _, seed := range []string{
		namespaceYAML("a"), namespaceYAML("a") + "---\n" + namespaceYAML("a"), "a: [", "{{ x }}", "- 1", "---\n---\n", "",
		`{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}},null,1]}`,
		"apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n", "a: &a [*a]", "\xff\xfe", "kind: {a: b}\napiVersion: []\nmetadata: 1\n",
		"apiVersion: v1\nkind: Pod\nmetadata:\n  name: [a]\n  namespace: {}\n", "apiVersion: networking.k8s.io/\nkind: NetworkPolicy\nmetadata: {name: a}\n",
		"apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: ..}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: }\n",
	} {
		f.Add([]byte(seed), false)
		f.Add(packed(f, entry("a.yaml", seed), entry("kustomization.yaml/../b.yaml", seed)), true)
	}
	f.Add(packed(f, entry(snapshotFile, `{"format":1}`), entry("objects/local/x/Pod.yaml", "kind: Pod")), true)
	f.Fuzz(func(t *testing.T, data []byte, archive bool) {
		dir, name := t.TempDir(), "a.yaml"
		if archive {
			name = "a.tar.gz"
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
		limits := Limits{FileBytes: 1 << 20, ArchiveBytes: 4 << 20, ArchiveEntries: 100}
		s, err := Collect(t.Context(), Options{Dir: dir, Sources: []string{name}, Kinds: testKinds(), Limits: limits})
		if err != nil {
			return
		}
		if text := describe(s); strings.Contains(text, internalError) {
			t.Fatal(text)
		}
		first := saved(t, s)
		if err := os.WriteFile(filepath.Join(dir, "s.tgz"), first, 0o644); err != nil {
			t.Fatal(err)
		}
		back, err := Collect(t.Context(), Options{Dir: dir, Sources: []string{"s.tgz"}, Kinds: testKinds()})
		if err != nil {
			t.Fatal(err)
		}
		if want, got := describe(s), describe(back); want != got {
			t.Fatalf("collected:\n%s\nfrom its snapshot:\n%s", want, got)
		}
		if !bytes.Equal(first, saved(t, back)) {
			t.Fatal("saved again, the bytes differ")
		}
	})
}
