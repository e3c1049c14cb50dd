package probeimage

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Image is an agent's image.
type Image struct {
	Ref     string // its name, for a pod's specification
	Archive string // the archive to load into nodes; empty: nodes have it or pull it
}

// Resolve turns what --probe-image says into an image: an archive's file, a name, or, if empty, the image of
// the binary that Find finds, written into dir.
func Resolve(ctx context.Context, said string, p Places, dir string) (Image, error) {
	if said != "" {
		if info, err := os.Stat(said); err == nil && info.Mode().IsRegular() {
			ref, err := archiveRef(said)
			return Image{Ref: ref, Archive: said}, err
		}
		if strings.HasPrefix(said, "/") || strings.HasPrefix(said, ".") || strings.HasSuffix(said, ".tar") {
			return Image{}, fmt.Errorf("there is no image archive %s", said)
		}
		return Image{Ref: said}, nil
	}
	binary, err := Find(ctx, p)
	if err != nil {
		return Image{}, err
	}
	img := Image{Ref: Ref(binary), Archive: filepath.Join(dir, "netfate-probe.tar")}
	return img, WriteFile(img.Archive, binary, img.Ref)
}

// WriteFile is Write into a file, which is whole or not there.
func WriteFile(name string, binary []byte, ref string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("cannot write the image: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".netfate-probe-*")
	if err != nil {
		return fmt.Errorf("cannot write the image: %w", err)
	}
	err = errors.Join(Write(f, binary, ref), f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// archiveRef reads the name of the one image in an archive.
func archiveRef(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close() //nolint:errcheck // it was only read
	for r := tar.NewReader(f); ; {
		h, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return "", fmt.Errorf("%s is no image archive: it has no manifest.json (docker save writes one)", name)
		case err != nil:
			return "", fmt.Errorf("%s is no image archive: %w", name, err)
		case h.Name != "manifest.json":
			continue
		}
		var list []struct{ RepoTags []string }
		if err := json.NewDecoder(io.LimitReader(r, 1<<20)).Decode(&list); err != nil || len(list) != 1 || len(list[0].RepoTags) == 0 {
			return "", fmt.Errorf("%s: its manifest.json does not name one image with one tag", name)
		}
		return list[0].RepoTags[0], nil
	}
}
