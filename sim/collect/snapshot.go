package collect

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// snapshot is a snapshot archive that is being read. It is read-only while inputs are parsed.
type snapshot struct {
	facts   model.Facts
	origins map[objectKey]origin
}

type origin struct {
	originJSON
	rank int // position among the objects of the snapshot
}

// loadSnapshot adds the objects of a snapshot and what it says of them.
func (r *resolver) loadSnapshot(ctx context.Context, t *tree, cluster string) error {
	data, err := t.file(snapshotFile).read(ctx)
	if err != nil {
		return fmt.Errorf("snapshot %s: %w", t.title(), err)
	}
	var m manifestJSON
	if err := json.Unmarshal(data, &m); err != nil {
		return fmt.Errorf("snapshot %s: %s is damaged: %w; collect it again", t.title(), snapshotFile, err)
	}
	if m.Format != snapshotFormat {
		return fmt.Errorf("snapshot %s has format %d, this version reads %d: collect it again, or use the version that wrote it (%s)",
			t.title(), m.Format, snapshotFormat, quoteOr(m.Tool, "unknown"))
	}
	if err := r.checkDigest(ctx, t, m.Digest); err != nil {
		return err
	}
	s := &snapshot{facts: model.Facts(m.Facts), origins: map[objectKey]origin{}}
	if err := s.readOrigins(ctx, t, cluster); err != nil {
		return fmt.Errorf("snapshot %s: %w; collect it again", t.title(), err)
	}
	r.snapshots = append(r.snapshots, s)
	r.problems = append(r.problems, fromProblems(m.Problems)...)
	r.broken = append(r.broken, fromBroken(m.Broken)...)
	for _, c := range m.Unread {
		r.unread = append(r.unread, model.KindCount(c))
	}
	for _, f := range t.files {
		parts := strings.Split(f.path, "/")
		if len(parts) == 4 && parts[0] == objectsDir && isManifestName(f.path) {
			r.add(input{name: t.prefix + f.path, id: f.id, cluster: clusterOf(parts[1], cluster), snapshot: s, read: f.read})
		}
	}
	return nil
}

// clusterOf returns the cluster of a directory of the archive; what was local when the snapshot was
// taken belongs to the cluster that it is read for.
func clusterOf(dir, cluster string) string {
	if name, ok := strings.CutPrefix(dir, remotePrefix); ok {
		if plain, err := url.PathUnescape(name); err == nil {
			return plain
		}
		return name
	}
	return cluster
}

// checkDigest warns when somebody changed the files of a snapshot.
func (r *resolver) checkDigest(ctx context.Context, t *tree, want string) error {
	files := slices.Clone(t.files)
	slices.SortStableFunc(files, func(a, b treeFile) int { return compareInArchive(a.path, b.path) })
	h := sha256.New()
	for _, f := range files {
		if f.path != originsFile && !strings.HasPrefix(f.path, objectsDir+"/") {
			continue
		}
		data, err := f.read(ctx)
		if err != nil {
			return fmt.Errorf("snapshot %s: %s: %w", t.title(), f.path, err)
		}
		beginDigest(h, f.path, int64(len(data)))
		h.Write(data) //nolint:gosec // a hash takes everything
	}
	if got := "sha256:" + hex.EncodeToString(h.Sum(nil)); got != want {
		r.problem(model.Warning, t.title(), "this snapshot was changed after it was taken", "its digest does not fit its files")
	}
	return nil
}

// compareInArchive orders files as Save writes them: objects by name, then origins.
func compareInArchive(a, b string) int {
	switch {
	case a == originsFile:
		return 1
	case b == originsFile:
		return -1
	}
	return strings.Compare(a, b)
}

func (s *snapshot) readOrigins(ctx context.Context, t *tree, cluster string) error {
	f := t.file(originsFile)
	if f == nil {
		return nil
	}
	data, err := f.read(ctx)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	for rank := 0; d.More(); rank++ {
		o := origin{rank: rank}
		if err := d.Decode(&o.originJSON); err != nil {
			return fmt.Errorf("%s is damaged: %w", originsFile, err)
		}
		if o.Cluster == "" {
			o.Cluster = cluster
		}
		s.origins[objectKey{o.Cluster, groupOf(o.APIVersion), o.Kind, o.Namespace, o.Name}] = o
	}
	return nil
}

func keyOf(o *model.Object) objectKey {
	return objectKey{o.Cluster, groupOf(o.APIVersion), o.Kind, o.Namespace, o.Name}
}

// place gives an object of the snapshot the origin it had when the snapshot was taken; one that
// somebody added to the archive keeps its place there.
func (s *snapshot) place(o *model.Object) {
	if from, ok := s.origins[keyOf(o)]; ok {
		o.File, o.Line, o.Col = from.File, from.Line, from.Col
		unpackPositions(o.Root, from.At)
	}
}

// joinSnapshots puts the objects of each snapshot into their old order, in the part of its first input.
func joinSnapshots(inputs []input, parts []part) {
	for first := 0; first < len(inputs); {
		s, end := inputs[first].snapshot, first+1
		for s != nil && end < len(inputs) && inputs[end].snapshot == s {
			parts[first].objects = append(parts[first].objects, parts[end].objects...)
			parts[end].objects = nil
			end++
		}
		if s != nil {
			slices.SortStableFunc(parts[first].objects, func(a, b model.Object) int { return s.rank(&a) - s.rank(&b) })
		}
		first = end
	}
}

func (s *snapshot) rank(o *model.Object) int {
	if from, ok := s.origins[keyOf(o)]; ok {
		return from.rank
	}
	return len(s.origins)
}
