package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestWrite: the archive names the image, its layer has the digest that the
// configuration says, holds the files as root's, and is the same each time.
func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "root")
	if err := errors.Join(
		os.MkdirAll(filepath.Join(dir, "bin"), 0o755), os.WriteFile(filepath.Join(dir, "bin/tool"), []byte("tool"), 0o755),
		os.Symlink("tool", filepath.Join(dir, "bin/link")),
	); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "image.tar")
	var first []byte
	for range 2 {
		if err := write(out, "lab/test:v1", dir, []string{"/bin/tool"}); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if first != nil && !bytes.Equal(first, data) {
			t.Error("a second image of the same directory differs")
		}
		first = data
	}
	files := entries(t, first)
	var manifest []struct {
		Config   string
		RepoTags []string
		Layers   []string
	}
	if err := json.Unmarshal(files["manifest.json"].data, &manifest); err != nil {
		t.Fatal(err)
	}
	if len(manifest) != 1 || len(manifest[0].Layers) != 1 || manifest[0].RepoTags[0] != "lab/test:v1" {
		t.Fatalf("manifest is %+v", manifest)
	}
	layer := files[manifest[0].Layers[0]].data
	sum := sha256.Sum256(layer)
	want := `"diff_ids":["sha256:` + hex.EncodeToString(sum[:]) + `"]`
	if config := files[manifest[0].Config].data; !bytes.Contains(config, []byte(want)) {
		t.Errorf("configuration %s has no %s", config, want)
	}
	in := entries(t, layer)
	if f := in["bin/tool"]; string(f.data) != "tool" || f.Mode != 0o755 || f.Uid != 0 || f.ModTime.Unix() != 0 {
		t.Errorf("bin/tool is %q, %+v", f.data, f.Header)
	}
	if f := in["bin/link"]; f.Typeflag != tar.TypeSymlink || f.Linkname != "tool" {
		t.Errorf("bin/link is %+v", f.Header)
	}
	if _, ok := in["bin/"]; !ok {
		t.Error("no entry for bin/")
	}
}

// TestWriteNothing: without the directory there is an error, and no file is left.
func TestWriteNothing(t *testing.T) {
	dir := t.TempDir()
	if err := write(filepath.Join(dir, "image.tar"), "lab/test:v1", filepath.Join(dir, "none"), nil); err == nil {
		t.Error("no error")
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}

type entry struct {
	*tar.Header
	data []byte
}

func entries(t *testing.T, archive []byte) map[string]entry {
	t.Helper()
	out := map[string]entry{}
	for r := tar.NewReader(bytes.NewReader(archive)); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[h.Name] = entry{h, data}
	}
}
