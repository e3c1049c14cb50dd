package collect

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// Save writes a snapshot as a .tar.gz archive that Collect reads: YAML by cluster, namespace and kind,
// where each object came from, facts, problems and a digest. Objects are stripped as Strip does, Secrets
// and ConfigMaps are left out. Equal snapshots and Meta give equal bytes. The error is the writer's.
func Save(w io.Writer, s *model.Snapshot, meta Meta) error {
	z := gzip.NewWriter(w)
	sv := &saver{tar: tar.NewWriter(z), meta: meta, digest: sha256.New()}
	if err := sv.all(s); err != nil {
		return fmt.Errorf("cannot write the snapshot: %w", err)
	}
	if err := sv.tar.Close(); err != nil {
		return fmt.Errorf("cannot write the snapshot: %w", err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("cannot write the snapshot: %w", err)
	}
	return nil
}

type saver struct {
	tar    *tar.Writer
	meta   Meta
	digest hash.Hash
}

// all writes the objects file by file, their origins, and at last what is known of all.
func (sv *saver) all(s *model.Snapshot) error {
	groups, counts := map[string][]manifest.Node{}, map[string]int{}
	var origins bytes.Buffer
	for _, o := range s.Objects {
		if o.Kind == "Secret" || o.Kind == "ConfigMap" || o.Root == nil {
			continue
		}
		root, name := Strip(withNamespace(o), o.Kind), objectPath(o)
		groups[name] = append(groups[name], root)
		counts[kindName(o)]++
		if err := writeOrigin(&origins, o, &root); err != nil {
			return err
		}
	}
	for _, name := range sortedKeys(groups) {
		var b bytes.Buffer
		for i := range groups[name] {
			if i > 0 {
				b.WriteString("---\n")
			}
			writeYAML(&b, &groups[name][i])
		}
		if err := sv.file(name, b.Bytes()); err != nil {
			return err
		}
	}
	if err := sv.file(originsFile, origins.Bytes()); err != nil {
		return err
	}
	return sv.manifest(s, counts)
}

func (sv *saver) manifest(s *model.Snapshot, counts map[string]int) error {
	text, err := json.MarshalIndent(manifestJSON{
		Format: snapshotFormat, Created: sv.meta.Created.UTC(), Tool: sv.meta.Tool, Sources: slices.Clone(sv.meta.Sources),
		Facts: factsJSON(s.Facts), Counts: counts, Unread: toCounts(s.Unread), Problems: toProblems(s.Problems),
		Broken: toBroken(s.Broken), Digest: "sha256:" + hex.EncodeToString(sv.digest.Sum(nil)),
	}, "", "  ")
	if err != nil {
		return err
	}
	return sv.file(snapshotFile, append(text, '\n'))
}

func (sv *saver) file(name string, data []byte) error {
	addDigest(sv.digest, name, data)
	h := &tar.Header{Name: name, Size: int64(len(data)), Mode: 0o644, ModTime: sv.meta.Created.UTC().Truncate(1e9), Format: tar.FormatPAX}
	if err := sv.tar.WriteHeader(h); err != nil {
		return err
	}
	_, err := sv.tar.Write(data)
	return err
}

func addDigest(h hash.Hash, name string, data []byte) {
	fmt.Fprintf(h, "%s\x00%d\x00", name, len(data)) //nolint:errcheck // a hash takes everything
	h.Write(data)                                   //nolint:errcheck,gosec // the same
}

func kindName(o *model.Object) string {
	if g := groupOf(o.APIVersion); g != "" {
		return o.Kind + "." + g
	}
	return o.Kind
}

func objectPath(o *model.Object) string {
	cluster, namespace := localCluster, noNamespaceDir
	if o.Cluster != "" {
		cluster = remotePrefix + pathName(o.Cluster)
	}
	if o.Namespace != "" {
		namespace = pathName(o.Namespace)
	}
	return objectsDir + "/" + cluster + "/" + namespace + "/" + pathName(kindName(o)) + ".yaml"
}

// pathName returns a name as one element of a path that is neither hidden nor leads anywhere else.
func pathName(s string) string {
	s = url.PathEscape(s)
	if rest, ok := strings.CutPrefix(s, "."); ok {
		return "%2E" + rest
	}
	return s
}

// writeOrigin writes where an object and, in its stripped tree, each value came from.
func writeOrigin(b *bytes.Buffer, o *model.Object, root *manifest.Node) error {
	line := originJSON{refJSON: refJSON(o.Ref), Cluster: o.Cluster, File: o.File, Line: o.Line, Col: o.Col}
	if o.Line > 0 {
		line.At = packPositions(root)
	}
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	b.Write(text)
	b.WriteByte('\n')
	return nil
}
