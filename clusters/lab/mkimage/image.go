package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// write makes the archive out; a file that is there is replaced when the new one is whole.
func write(out, name, dir string, entrypoint []string) (err error) {
	layer, digest, err := writeLayer(out+".layer", dir)
	if err != nil {
		return err
	}
	defer func() { _, _ = layer.Close(), os.Remove(layer.Name()) }()
	config, err := json.Marshal(configOf(digest, entrypoint))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(config)
	configName, layerName := hex.EncodeToString(sum[:])+".json", digest+"/layer.tar"
	manifest, err := json.Marshal([]map[string]any{{"Config": configName, "RepoTags": []string{name}, "Layers": []string{layerName}}})
	if err != nil {
		return err
	}
	f, err := os.Create(out + ".tmp")
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // closed below as well, where the error counts
	w := tar.NewWriter(f)
	size, err := layer.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := layer.Seek(0, io.SeekStart); err != nil {
		return err
	}
	for _, e := range []struct {
		name string
		size int64
		from io.Reader
	}{
		{configName, int64(len(config)), bytes.NewReader(config)},
		{"manifest.json", int64(len(manifest)), bytes.NewReader(manifest)},
		{layerName, size, layer},
	} {
		if err := w.WriteHeader(&tar.Header{Name: e.name, Mode: 0o644, Size: e.size, ModTime: time.Unix(0, 0)}); err != nil {
			return err
		}
		if _, err := io.Copy(w, e.from); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), out)
}

// configOf returns the image's configuration, with the digest of its only layer.
func configOf(digest string, entrypoint []string) map[string]any {
	const epoch = "1970-01-01T00:00:00Z"
	return map[string]any{
		"architecture": runtime.GOARCH, "os": "linux", "created": epoch,
		"config": map[string]any{
			"Env":        []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
			"Entrypoint": entrypoint, "WorkingDir": "/",
		},
		"rootfs":  map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + digest}},
		"history": []map[string]string{{"created": epoch, "created_by": "mkimage"}},
	}
}

// writeLayer packs a directory into a file, which it returns with its SHA-256.
func writeLayer(path, dir string) (_ *os.File, digest string, err error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, "", err
	}
	h := sha256.New()
	w := tar.NewWriter(io.MultiWriter(f, h))
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		return add(w, path, rel, e)
	})
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		_, _ = f.Close(), os.Remove(path) // the first error counts
		return nil, "", fmt.Errorf("packing %s: %w", dir, err)
	}
	return f, hex.EncodeToString(h.Sum(nil)), nil
}

// add writes one directory, file or link.
func add(w *tar.Writer, path, name string, e fs.DirEntry) error {
	info, err := e.Info()
	if err != nil {
		return err
	}
	target := ""
	if info.Mode()&fs.ModeSymlink != 0 {
		if target, err = os.Readlink(path); err != nil {
			return err
		}
	}
	h, err := tar.FileInfoHeader(info, target)
	if err != nil {
		return err
	}
	h.Name, h.ModTime, h.AccessTime, h.ChangeTime = name, time.Unix(0, 0), time.Time{}, time.Time{}
	h.Uid, h.Gid, h.Uname, h.Gname = 0, 0, "", ""
	if e.IsDir() {
		h.Name += "/"
	}
	if err := w.WriteHeader(h); err != nil || !info.Mode().IsRegular() {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // it was only read
	_, err = io.Copy(w, f)
	return err
}
