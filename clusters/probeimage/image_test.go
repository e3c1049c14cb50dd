package probeimage

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// built returns a static binary: the smallest that Go makes.
func built(t *testing.T, env ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	src := filepath.Join(dir, "main.go")
	if err := os.WriteFile(src, []byte("package main\nfunc main() {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", filepath.Join(dir, "out"), src)
	cmd.Env = append(append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux"), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	data, err := os.ReadFile(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func files(t *testing.T, archive []byte) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
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
		out[h.Name] = data
	}
}

func decode(t *testing.T, data []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
}

// TestArchive follows an archive as its two kinds of reader do, down to the binary, checking each digest.
func TestArchive(t *testing.T) {
	binary := built(t)
	var a, b bytes.Buffer
	for _, out := range []*bytes.Buffer{&a, &b} {
		if err := Write(out, binary, "x.y/z:1"); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two archives of one binary differ")
	}
	all := files(t, a.Bytes())
	for name, data := range all {
		if d, ok := strings.CutPrefix(name, "blobs/sha256/"); ok && d != "" && d != fmt.Sprintf("%x", sha256.Sum256(data)) {
			t.Errorf("%s has another digest", name)
		}
	}
	at := func(digest string) []byte { return all["blobs/"+strings.Replace(digest, ":", "/", 1)] }
	var docker []struct {
		Config           string
		RepoTags, Layers []string
	}
	decode(t, all["manifest.json"], &docker)
	var index struct{ Manifests []descriptor }
	decode(t, all["index.json"], &index)
	var manifest struct {
		Config descriptor
		Layers []descriptor
	}
	decode(t, at(index.Manifests[0].Digest), &manifest)
	if docker[0].RepoTags[0] != "x.y/z:1" || index.Manifests[0].Annotations["io.containerd.image.name"] != "x.y/z:1" ||
		"blobs/"+strings.Replace(manifest.Config.Digest, ":", "/", 1) != docker[0].Config || !bytes.Equal(at(manifest.Layers[0].Digest), all[docker[0].Layers[0]]) {
		t.Errorf("the two manifests differ: %+v %+v %+v", docker, index, manifest)
	}
	var config struct {
		Architecture string
		Rootfs       struct {
			DiffIDs []string `json:"diff_ids"`
		}
	}
	decode(t, at(manifest.Config.Digest), &config)
	z, err := gzip.NewReader(bytes.NewReader(at(manifest.Layers[0].Digest)))
	if err != nil {
		t.Fatal(err)
	}
	layer, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if config.Architecture != runtime.GOARCH || config.Rootfs.DiffIDs[0] != fmt.Sprintf("sha256:%x", sha256.Sum256(layer)) {
		t.Errorf("config %+v", config)
	}
	if got := files(t, layer); len(got) != 1 || !bytes.Equal(got["netfate-probe"], binary) {
		t.Errorf("the layer has %d files", len(got))
	}
}

func TestArchErrors(t *testing.T) {
	if _, err := Arch(bytes.NewReader([]byte("#!/bin/sh"))); err == nil || !strings.Contains(err.Error(), "GOOS=linux") {
		t.Errorf("a script: %v", err)
	}
	if data, err := os.ReadFile("/bin/ls"); err == nil && runtime.GOOS == "linux" {
		if _, err := Arch(bytes.NewReader(data)); err == nil || !strings.Contains(err.Error(), "CGO_ENABLED=0") {
			t.Errorf("a dynamic program: %v", err)
		}
	}
	if arch, err := Arch(bytes.NewReader(built(t, "GOARCH=arm64"))); err != nil || arch != "arm64" {
		t.Errorf("%s %v", arch, err)
	}
}

// TestFind asserts where the binary is looked for, and that each failure says what to do.
func TestFind(t *testing.T) {
	dir, ctx := t.TempDir(), context.Background()
	p := Places{Executable: filepath.Join(dir, "netfate"), Dir: dir}
	if _, err := Find(ctx, p); err == nil || !strings.Contains(err.Error(), "go install") || !strings.Contains(err.Error(), "--probe-image") {
		t.Errorf("nothing there: %v", err)
	}
	beside := filepath.Join(dir, BinaryName)
	if err := os.WriteFile(beside, []byte("no program"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(ctx, p); err == nil || !strings.Contains(err.Error(), beside) {
		t.Errorf("no program: %v", err)
	}
	if err := os.WriteFile(beside, built(t, "GOARCH=arm64"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Arch = "amd64"
	if _, err := Find(ctx, p); err == nil || !strings.Contains(err.Error(), "GOARCH=amd64") {
		t.Errorf("another architecture: %v", err)
	}
	p.Arch = "arm64"
	if _, err := Find(ctx, p); err != nil {
		t.Errorf("there: %v", err)
	}
}

// TestResolve builds the real agent in this checkout, and reads names and archives.
func TestResolve(t *testing.T) {
	dir, ctx := t.TempDir(), context.Background()
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	img, err := Resolve(ctx, "", Places{Dir: wd, Cache: dir}, dir)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Resolve(ctx, img.Archive, Places{}, "")
	if err != nil || again != img || !strings.HasPrefix(img.Ref, Repository+":") {
		t.Errorf("%+v %+v %v", img, again, err)
	}
	if named, err := Resolve(ctx, "registry.example/probe:1", Places{}, ""); err != nil || named.Archive != "" || named.Ref != "registry.example/probe:1" {
		t.Errorf("%+v %v", named, err)
	}
	if _, err := Resolve(ctx, filepath.Join(wd, "image_test.go"), Places{}, ""); err == nil {
		t.Error("a Go file as an archive")
	}
	for _, name := range []string{"./gone", "/gone", "gone.tar"} {
		if _, err := Resolve(ctx, name, Places{}, ""); err == nil || !strings.Contains(err.Error(), "there is no image archive "+name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
