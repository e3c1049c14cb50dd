package collect

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const plainFiles = `
-- deploy/b.yaml --
# only a comment
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
---
# and another
-- deploy/a.json --
{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
-- deploy/deep/c.yml --
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  metadata: {name: one}
- apiVersion: v1
  kind: Secret
  metadata: {name: hush}
  data: {a: c2VjcmV0}
-- deploy/.hidden/d.yaml --
apiVersion: v1
kind: Pod
metadata: {name: hidden}
-- deploy/README.md --
# not a manifest
-- other.txt --
apiVersion: v1
kind: Node
metadata: {name: n1, namespace: ignored}
`

const plainWant = `
Namespace shop deploy/a.json:1
Pod shop/web deploy/b.yaml:3
Pod default/one deploy/deep/c.yml:4
unread: v1 Secret 1`

func TestDirectory(t *testing.T) {
	dir := unpack(t, plainFiles)
	for _, source := range []string{"deploy", "deploy/", "deploy//"} {
		expect(t, collected(t, dir, source), plainWant)
	}
	expect(t, collected(t, dir, "./deploy"), strings.ReplaceAll(plainWant, " deploy/", " ./deploy/"))
	expect(t, collected(t, filepath.Join(dir, "deploy"), "."), strings.ReplaceAll(plainWant, " deploy/", " "))
	expect(t, collected(t, dir, "deploy", "deploy/b.yaml", filepath.Join(dir, "deploy/deep")), plainWant)
}

func TestSingleFileOfAnyName(t *testing.T) {
	dir := unpack(t, plainFiles)
	expect(t, collected(t, dir, "other.txt"), "Node n1 other.txt:1")
}

func TestGlob(t *testing.T) {
	dir := unpack(t, plainFiles)
	for pattern, want := range map[string]string{
		"deploy/*.yaml":        "Pod shop/web deploy/b.yaml:3",
		"*.txt":                "Node n1 other.txt:1",
		"**/*.y*ml":            "Pod shop/web deploy/b.yaml:3\nPod default/one deploy/deep/c.yml:4\nunread: v1 Secret 1",
		"deploy/**":            plainWant,
		"deploy/d*":            "Pod default/one deploy/deep/c.yml:4\nunread: v1 Secret 1",
		"deploy/[ab].*":        "Namespace shop deploy/a.json:1\nPod shop/web deploy/b.yaml:3",
		"**/deep/*.yml":        "Pod default/one deploy/deep/c.yml:4\nunread: v1 Secret 1",
		dir + "/deploy/*.json": "Namespace shop " + dir + "/deploy/a.json:1",
	} {
		t.Run(pattern, func(t *testing.T) { expect(t, collected(t, dir, pattern), want) })
	}
	for pattern, want := range map[string]string{
		"deploy/*.yml": "matches no file", "nowhere/*.yaml": "no directory nowhere", "deploy/[*.yaml": "no \"]\"",
	} {
		if got := failure(t, dir, pattern); !strings.Contains(got, want) {
			t.Errorf("%s: %s", pattern, got)
		}
	}
}

func TestMatchSegments(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"**", "a/b/c", true}, {"**/c", "a/b/c", true}, {"a/**/c", "a/c", true}, {"a/**/b/**/c", "a/x/b/y/z/c", true},
		{"a/*/c", "a/b/b/c", false}, {"**/b", "a/b/c", false}, {"a/**", "b/a", false}, {"*.go", "a/x.go", false},
	} {
		if got := matchSegments(strings.Split(c.pattern, "/"), strings.Split(c.name, "/")); got != c.want {
			t.Errorf("%s with %s: %v", c.pattern, c.name, got)
		}
	}
}

func TestStdin(t *testing.T) {
	s, err := Collect(t.Context(), Options{Sources: []string{"-", "-"}, Stdin: strings.NewReader(namespaceYAML("a"))})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, s, "Namespace a <stdin>:1")
}

func TestRemoteClusters(t *testing.T) {
	dir := unpack(t, plainFiles)
	s, err := Collect(t.Context(), Options{Dir: dir, Sources: []string{"other.txt"},
		Remote: map[string][]string{"west": {"deploy/a.json"}, "east": {"deploy/a.json", "deploy/b.yaml"}}})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, s, `
Node n1 other.txt:1
[east] Namespace shop deploy/a.json:1
[east] Pod shop/web deploy/b.yaml:3
[west] Namespace shop deploy/a.json:1`)
}

func TestNoSuchSource(t *testing.T) {
	dir := unpack(t, plainFiles+"-- empty/notes.txt --\nnothing\n-- z.zip --\nPK\n")
	for source, want := range map[string]string{
		"nope":                  "nope: no such file or directory",
		"":                      "an empty source",
		"-":                     "no standard input",
		"https://example.com/x": "nothing is fetched",
		"z.zip":                 "zip archives are not read",
		"C:x":                   "no such file",
		"deploy/b.yaml/nope":    "no such file",
		"empty":                 "no manifests in empty (1 other files were not read): looked for",
	} {
		if got := failure(t, dir, source); !strings.Contains(got, want) {
			t.Errorf("%q: %s", source, got)
		}
	}
	expect(t, collected(t, dir, "other.txt", "empty"), "Node n1 other.txt:1\nwarning: empty: no manifests here: no file ends in .yaml, .yml or .json")
	var empty *EmptyError
	if _, err := Collect(t.Context(), Options{Dir: dir, Sources: []string{"empty"}}); !errors.As(err, &empty) {
		t.Errorf("no EmptyError: %v", err)
	}
	if _, err := Collect(t.Context(), Options{}); err == nil {
		t.Error("no sources, no error")
	}
	if _, err := Collect(cancelled(), Options{Dir: dir, Sources: []string{"deploy"}}); err == nil {
		t.Error("cancelled, no error")
	}
}

func TestSymlinks(t *testing.T) {
	dir := unpack(t, "-- in/a.yaml --\n"+namespaceYAML("a")+"-- in/sub/b.yaml --\n"+namespaceYAML("b")+
		"-- out/c.yaml --\n"+namespaceYAML("c"))
	for link, target := range map[string]string{
		"in/sub/loop": "..", "in/self": "self", "in/same.yaml": "a.yaml", "in/out.yaml": "../out/c.yaml",
		"in/outdir": "../out", "in/gone.yaml": "nowhere.yaml", "in/twice": "sub",
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip("SKIPPED: no symbolic links here: ", err)
		}
	}
	expect(t, collected(t, dir, "in"), `
Namespace a in/a.yaml:1
Namespace b in/sub/b.yaml:1
error: in/gone.yaml: this symbolic link leads nowhere...
warning: in/out.yaml: this symbolic link leads out of the directory; not followed...
warning: in/outdir: this symbolic link leads out of the directory; not followed...
warning: in/self: this symbolic link leads nowhere...
warning: in/sub/loop: this symbolic link leads to a directory that contains it; not followed
warning: in/twice/loop: this symbolic link leads to a directory that contains it; not followed
broken: "" / in/gone.yaml:0`)
}

// packed returns a .tar.gz of headers with their contents.
func packed(t testing.TB, entries ...tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, h := range entries {
		data := []byte(h.PAXRecords["netfate.data"])
		h.PAXRecords = nil
		h.Mode, h.Size = 0o644, int64(len(data))
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	z.Close()
	return b.Bytes()
}

func entry(name, data string) tar.Header {
	return tar.Header{Name: name, Typeflag: tar.TypeReg, PAXRecords: map[string]string{"netfate.data": data}}
}

func TestArchive(t *testing.T) {
	dir := t.TempDir()
	data := packed(t, entry("./x/a.yaml", namespaceYAML("a")), entry("x/b.txt", "no"), entry("x/.c.yaml", "no"),
		tar.Header{Name: "x/link.yaml", Linkname: "a.yaml", Typeflag: tar.TypeSymlink})
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var plain bytes.Buffer
	if _, err := plain.ReadFrom(z); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"s.tar.gz": data, "s.tgz": data, "s.tar": plain.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
		expect(t, collected(t, dir, name), "Namespace a "+name+`!x/a.yaml:1
error: `+name+"!x/link.yaml:1:1: Namespace a: already exists...")
	}
}

func TestArchiveAttacks(t *testing.T) {
	good := entry("a.yaml", namespaceYAML("a"))
	bomb := strings.Repeat("# 0123456789abcdef\n", 1<<16)
	for name, c := range map[string]struct {
		data []byte
		want string // of the description, or of the error after "!"
	}{
		"traversal": {packed(t, good, entry("../../etc/b.yaml", "x")), "this entry would be outside of the archive"},
		"absolute":  {packed(t, good, entry("/etc/b.yaml", "x")), "this entry would be outside of the archive"},
		"backslash": {packed(t, good, entry(`..\b.yaml`, "x")), "this entry would be outside of the archive"},
		"link out":  {packed(t, good, tar.Header{Name: "l.yaml", Linkname: "../../etc/passwd", Typeflag: tar.TypeSymlink}), "leads to no file of the archive"},
		"link loop": {packed(t, good, tar.Header{Name: "l.yaml", Linkname: "l.yaml", Typeflag: tar.TypeSymlink}), "leads to no file of the archive"},
		"device":    {packed(t, good, tar.Header{Name: "d.yaml", Typeflag: tar.TypeChar}), "is a device or a pipe"},
		"large":     {packed(t, good, entry("b.yaml", bomb[:600<<10])), "larger than the limit"},
		"bomb":      {packed(t, good, entry("b.yaml", bomb[:400<<10]), entry("c.yaml", bomb[:400<<10]), entry("d.yaml", bomb[:400<<10])), "!expands to more than 1 MiB"},
		"many":      {packed(t, good, good, good, good, good, good), "!more than 5 entries"},
		"not gzip":  {[]byte("\x1f\x8bgarbage"), "!cannot read archive"},
		"cut off":   {packed(t, good)[:60], "!unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "s.tar.gz"), c.data, 0o644); err != nil {
				t.Fatal(err)
			}
			s, err := Collect(t.Context(), Options{Dir: dir, Sources: []string{"s.tar.gz"},
				Limits: Limits{FileBytes: 500 << 10, ArchiveBytes: 1 << 20, ArchiveEntries: 5}})
			if want, fails := strings.CutPrefix(c.want, "!"); fails {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("error %v, want %s", err, want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := describe(s); !strings.Contains(got, c.want) || !strings.HasPrefix(got, "Namespace a ") {
				t.Errorf("got:\n%s\nwant %s", got, c.want)
			}
		})
	}
}
