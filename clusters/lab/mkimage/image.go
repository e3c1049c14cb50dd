package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"
)

// part is one file of an archive.
type part struct {
	name string
	size int64
	from io.Reader
}

// write makes the archive out; a file that is there is replaced when the new one is whole.
func write(out, name, dir string, entrypoint []string) error {
	layer, digest, err := writeLayer(out+".layer", dir)
	if err != nil {
		return err
	}
	defer func() { _, _ = layer.Close(), os.Remove(layer.Name()) }()
	size, err := layer.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := layer.Seek(0, io.SeekStart); err != nil {
		return err
	}
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
	return writeParts(out, []part{
		{configName, int64(len(config)), bytes.NewReader(config)},
		{"manifest.json", int64(len(manifest)), bytes.NewReader(manifest)},
		{layerName, size, layer},
	})
}

// writeParts writes an archive under another name first.
func writeParts(out string, parts []part) error {
	f, err := os.Create(out + ".tmp")
	if err != nil {
		return err
	}
	w := tar.NewWriter(f)
	for _, p := range parts {
		if err == nil {
			err = w.WriteHeader(&tar.Header{Name: p.name, Mode: 0o644, Size: p.size, ModTime: time.Unix(0, 0)})
		}
		if err == nil {
			_, err = io.Copy(w, p.from)
		}
	}
	if err = errors.Join(err, w.Close(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", out, err), os.Remove(f.Name()))
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
