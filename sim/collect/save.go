package collect

import (
	"archive/tar"
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
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed) // the default costs more for a seventh less
	if err != nil {
		return fmt.Errorf("cannot write the snapshot: %w", err)
	}
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
	tar     *tar.Writer
	meta    Meta
	digest  hash.Hash
	yaml    text     // of one file after the other
	origins text     // of all objects, in the order in which they are written
	lines   [][]byte // of origins, in the order of the snapshot
	packer  packer
}

// all writes the objects file by file, their origins, and at last what is known of all.
func (sv *saver) all(s *model.Snapshot) error {
	sv.lines = make([][]byte, len(s.Objects))
	counts := map[string]int{}
	for _, g := range groupsOf(s.Objects) {
		counts[kindName(s.Objects[g.objects[0]])] += len(g.objects)
		if err := sv.group(g, s.Objects); err != nil {
			return err
		}
	}
	if err := sv.file(originsFile, sv.lines); err != nil {
		return err
	}
	return sv.manifest(s, counts)
}

// group writes one file. The stripped tree of an object is needed twice, and lives no longer than
// that: all of them together would be as large as the snapshot.
func (sv *saver) group(g *group, objects []*model.Object) error {
	sv.yaml.reset()
	for i, at := range g.objects {
		o := objects[at]
		root := &manifest.Node{}
		if o.Root.Kind == manifest.Map {
			root = strip(withNamespace(o), o.Kind)
		}
		b := sv.yaml.open()
		if i > 0 {
			b = append(b, "---\n"...)
		}
		sv.yaml.close(appendYAML(b, root))
		sv.lines[at] = sv.origin(o, root)
	}
	return sv.file(g.path, sv.yaml.pieces)
}

// origin returns the line that says where an object and, in its stripped tree, each value came from.
func (sv *saver) origin(o *model.Object, root *manifest.Node) []byte {
	line := originJSON{refJSON: refJSON(o.Ref), Cluster: o.Cluster, File: o.File, Line: o.Line, Col: o.Col}
	if o.Line > 0 {
		line.At = sv.packer.pack(root)
	}
	b := sv.origins.open()
	start := len(b)
	b = line.append(b)
	sv.origins.close(b)
	return b[start:]
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
	return sv.file(snapshotFile, [][]byte{text, {'\n'}})
}

// file writes one file, which comes in pieces.
func (sv *saver) file(name string, pieces [][]byte) error {
	size := int64(0)
	for _, p := range pieces {
		size += int64(len(p))
	}
	beginDigest(sv.digest, name, size)
	h := &tar.Header{Name: name, Size: size, Mode: 0o644, ModTime: sv.meta.Created.UTC().Truncate(1e9), Format: tar.FormatPAX}
	if err := sv.tar.WriteHeader(h); err != nil {
		return err
	}
	for _, p := range pieces {
		sv.digest.Write(p) //nolint:gosec // a hash takes everything
		if _, err := sv.tar.Write(p); err != nil {
			return err
		}
	}
	return nil
}

// beginDigest begins a file in the digest of all files; its bytes follow.
func beginDigest(h hash.Hash, name string, size int64) {
	fmt.Fprintf(h, "%s\x00%d\x00", name, size) //nolint:errcheck // a hash takes everything
}

// group is what one file holds: objects of one cluster, namespace and kind, by their index.
type group struct {
	path    string
	objects []int
}

// groupsOf returns the files that the objects make, by path, the objects in each in their order.
func groupsOf(objects []*model.Object) []*group {
	byPath, known := map[string]*group{}, map[objectKey]*group{}
	for i, o := range objects {
		if o.Kind == "Secret" || o.Kind == "ConfigMap" && !settings(o.Kind, o.Name) || o.Root == nil {
			continue
		}
		key := keyOf(o)
		key.name = ""
		g := known[key] // paths are made once for each group: escaping names costs more than this
		if g == nil {
			path := objectPath(o)
			if g = byPath[path]; g == nil {
				g = &group{path: path}
				byPath[path] = g
			}
			known[key] = g
		}
		g.objects = append(g.objects, i)
	}
	groups := make([]*group, 0, len(byPath))
	for _, path := range sortedKeys(byPath) {
		groups = append(groups, byPath[path])
	}
	return groups
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
