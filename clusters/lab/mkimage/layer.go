package main

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// writeLayer packs a directory into a file, which it returns at its end, with its SHA-256.
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
