package probeimage

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
)

// Path is where the binary is in the image, and its entry point.
const Path = "/netfate-probe"

// The media types of the image specification.
const (
	typeIndex    = "application/vnd.oci.image.index.v1+json"
	typeManifest = "application/vnd.oci.image.manifest.v1+json"
	typeConfig   = "application/vnd.oci.image.config.v1+json"
	typeLayer    = "application/vnd.oci.image.layer.v1.tar+gzip"
)

type descriptor struct {
	MediaType   string            `json:"mediaType"`
	Digest      string            `json:"digest"`
	Size        int               `json:"size"`
	Platform    map[string]string `json:"platform,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

// blob is content by its digest.
type blob struct {
	digest string // without "sha256:"
	data   []byte
}

func newBlob(data []byte) blob {
	sum := sha256.Sum256(data)
	return blob{digest: hex.EncodeToString(sum[:]), data: data}
}

func (b blob) path() string { return "blobs/sha256/" + b.digest }

func (b blob) as(mediaType string) descriptor {
	return descriptor{MediaType: mediaType, Digest: "sha256:" + b.digest, Size: len(b.data)}
}

// Write writes the archive of an image with the name ref, such as "netfate.dev/probe:0123456789ab". The error
// is that of the binary (Arch) or of the output.
func Write(out io.Writer, binary []byte, ref string) error {
	arch, err := Arch(bytes.NewReader(binary))
	if err != nil {
		return err
	}
	plain, err := layer(binary)
	if err != nil {
		return err
	}
	packed, err := compress(plain)
	if err != nil {
		return err
	}
	content := newBlob(packed)
	config, err := marshal(map[string]any{
		"architecture": arch, "os": "linux", "created": "1970-01-01T00:00:00Z",
		"config":  map[string]any{"Entrypoint": []string{Path}, "WorkingDir": "/"},
		"rootfs":  map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + newBlob(plain).digest}},
		"history": []any{map[string]any{"created": "1970-01-01T00:00:00Z", "created_by": "netfate"}},
	})
	if err != nil {
		return err
	}
	manifest, err := marshal(map[string]any{
		"schemaVersion": 2, "mediaType": typeManifest, "config": config.as(typeConfig), "layers": []descriptor{content.as(typeLayer)},
	})
	if err != nil {
		return err
	}
	return layout(out, ref, arch, content, config, manifest)
}

// layout writes the files of the archive.
func layout(out io.Writer, ref, arch string, content, config, manifest blob) error {
	d := manifest.as(typeManifest)
	d.Platform = map[string]string{"architecture": arch, "os": "linux"}
	d.Annotations = map[string]string{"io.containerd.image.name": ref, "org.opencontainers.image.ref.name": ref[strings.LastIndexByte(ref, ':')+1:]}
	index, err := marshal(map[string]any{"schemaVersion": 2, "mediaType": typeIndex, "manifests": []descriptor{d}})
	if err != nil {
		return err
	}
	docker, err := marshal([]any{map[string]any{"Config": config.path(), "RepoTags": []string{ref}, "Layers": []string{content.path()}}})
	if err != nil {
		return err
	}
	files := map[string][]byte{
		content.path(): content.data, config.path(): config.data, manifest.path(): manifest.data,
		"index.json": index.data, "manifest.json": docker.data, "oci-layout": []byte(`{"imageLayoutVersion":"1.0.0"}`),
	}
	w := tar.NewWriter(out)
	for _, dir := range []string{"blobs/", "blobs/sha256/"} {
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: dir, Mode: 0o755, ModTime: time.Unix(0, 0)}); err != nil {
			return fmt.Errorf("cannot write the image: %w", err)
		}
	}
	for _, name := range sortedKeys(files) {
		if err := file(w, name, files[name], 0o644); err != nil {
			return fmt.Errorf("cannot write the image: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("cannot write the image: %w", err)
	}
	return nil
}

// layer is a file system with the binary alone.
func layer(binary []byte) ([]byte, error) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := file(w, path.Base(Path), binary, 0o755); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}

func file(w *tar.Writer, name string, data []byte, mode int64) error {
	if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(data)), Mode: mode, ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR}); err != nil {
		return err
	}
	_, err := w.Write(data)
	return err
}

// compress packs without a name or a time.
func compress(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}

func marshal(v any) (blob, error) {
	data, err := json.Marshal(v)
	return newBlob(data), err
}
