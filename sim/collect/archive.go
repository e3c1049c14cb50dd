package collect

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"sort"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// archive adds a .tar, .tar.gz or .tgz: a snapshot, a chart, a kustomization or manifests.
func (r *resolver) archive(ctx context.Context, source, cluster string) error {
	id := "archive\x00" + cluster + "\x00" + realPath(r.path(source))
	if r.seen[id] {
		return nil
	}
	r.seen[id] = true
	f, err := os.Open(r.path(source))
	if err != nil {
		return fmt.Errorf("cannot read %s: %w", source, plain(err))
	}
	defer f.Close() //nolint:errcheck // only read
	t, err := r.untar(ctx, source, f)
	if err != nil {
		return fmt.Errorf("cannot read archive %s: %w", source, err)
	}
	return r.tree(ctx, t, cluster)
}

// tree adds the files of an archive or of a commit, according to what they are together.
func (r *resolver) tree(ctx context.Context, t *tree, cluster string) error {
	if dir := t.onlyDir(); dir != "" {
		if sub := t.below(dir); sub.file(chartFile) != nil || sub.kustomization() != "" || sub.file(snapshotFile) != nil {
			t = sub
		}
	}
	switch {
	case t.file(chartFile) != nil:
		return r.chart(ctx, t, cluster)
	case t.file(snapshotFile) != nil:
		return r.loadSnapshot(ctx, t, cluster)
	case t.kustomization() != "":
		return r.kustomizeTree(ctx, t, ".", cluster)
	}
	r.plainTree(t, cluster)
	return nil
}

// kustomization returns the name of the kustomization file at the root, or "".
func (t *tree) kustomization() string {
	for _, f := range t.files {
		if isKustomizationName(f.path) {
			return f.path
		}
	}
	return ""
}

// untar reads an archive into memory, within the limits. Nothing is written to disk.
func (r *resolver) untar(ctx context.Context, source string, in io.Reader) (*tree, error) {
	b := bufio.NewReaderSize(in, 64<<10)
	var stream io.Reader = b
	if magic, _ := b.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, err
		}
		stream = z
	}
	u := &unpacker{
		r: r, t: &tree{prefix: source + "!"}, source: source, links: map[string]string{}, have: map[string]int{},
		in: &budget{in: stream, ctx: ctx, left: r.o.Limits.ArchiveBytes, limit: r.o.Limits.ArchiveBytes},
	}
	if err := u.all(); err != nil {
		return nil, err
	}
	u.resolveLinks()
	sort.Slice(u.t.files, func(i, j int) bool { return u.t.files[i].path < u.t.files[j].path })
	return u.t, nil
}

// budget is a reader that ends with an error after so many bytes, or when the context is done.
type budget struct {
	in          io.Reader
	ctx         context.Context //nolint:containedctx // an io.Reader takes none
	left, limit int64
}

func (b *budget) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	if b.left <= 0 {
		return 0, fmt.Errorf("it expands to more than %s", byteCount(b.limit))
	}
	n, err := b.in.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// maxOther is the largest file kept of an archive or a commit that is no manifest: Helm's own limit.
const maxOther = 5 << 20

// unpacker is the state of reading one archive.
type unpacker struct {
	r      *resolver
	t      *tree
	source string
	in     *budget
	links  map[string]string // path to target
	have   map[string]int    // path to index in t.files
}

func (u *unpacker) all() error {
	tr := tar.NewReader(u.in)
	for n := 0; ; n++ {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if n >= u.r.o.Limits.ArchiveEntries {
			return fmt.Errorf("it has more than %d entries", u.r.o.Limits.ArchiveEntries)
		}
		if err := u.entry(h, tr); err != nil {
			return err
		}
	}
}

func (u *unpacker) entry(h *tar.Header, tr *tar.Reader) error {
	name := path.Clean(strings.ReplaceAll(h.Name, "\\", "/"))
	if badArchivePath(h.Name) {
		u.r.lost(u.source+"!"+h.Name, "this entry would be outside of the archive; rejected", "make the archive anew, from inside the directory: tar czf all.tar.gz .")
		return nil
	}
	switch h.Typeflag {
	case tar.TypeReg:
		return u.file(name, h.Size, tr)
	case tar.TypeSymlink:
		u.links[name] = path.Join(path.Dir(name), h.Linkname)
		if path.IsAbs(h.Linkname) {
			u.links[name] = ".."
		}
	case tar.TypeLink:
		u.links[name] = path.Clean(h.Linkname)
	case tar.TypeDir, tar.TypeXGlobalHeader:
	default:
		u.r.problem(model.Error, u.source+"!"+name, "this entry is a device or a pipe, not a file; skipped", "")
	}
	return nil
}

// badArchivePath tells whether an entry's name leads out of the archive.
func badArchivePath(name string) bool {
	name = strings.ReplaceAll(name, "\\", "/")
	if path.IsAbs(name) || (len(name) > 1 && name[1] == ':') || strings.ContainsRune(name, 0) {
		return true
	}
	for s := range strings.SplitSeq(name, "/") {
		if s == ".." {
			return true
		}
	}
	return false
}

func (u *unpacker) file(name string, size int64, tr *tar.Reader) error {
	if hiddenPath(name) {
		return nil
	}
	if size > u.r.o.Limits.FileBytes {
		if isManifestName(name) {
			u.r.lost(u.source+"!"+name, tooLarge(u.r.o.Limits.FileBytes).Error(), "")
		}
		return nil
	}
	if size > maxOther && !isManifestName(name) && !isArchiveName(name) {
		return nil // no part of a chart either
	}
	var b bytes.Buffer
	b.Grow(int(min(size, maxOther)) + bytes.MinRead) // a header that lies about more gets it as it comes
	if _, err := b.ReadFrom(tr); err != nil {
		return err
	}
	u.put(name, b.Bytes())
	return nil
}

// put keeps a file; as when unpacking, the last of one name wins.
func (u *unpacker) put(name string, data []byte) {
	f := treeFile{path: name, size: int64(len(data)), read: func(context.Context) ([]byte, error) { return data, nil }}
	if i, ok := u.have[name]; ok {
		u.t.files[i] = f
		return
	}
	u.have[name] = len(u.t.files)
	u.t.files = append(u.t.files, f)
}

// resolveLinks gives links to files of the archive the content of those.
func (u *unpacker) resolveLinks() {
	for _, name := range sortedKeys(u.links) {
		if hiddenPath(name) {
			continue
		}
		target := name
		for range 16 { // links to links
			next, ok := u.links[target]
			if !ok {
				break
			}
			target = next
		}
		if i, ok := u.have[target]; ok {
			f := u.t.files[i]
			f.path = name
			u.t.files = append(u.t.files, f)
			continue
		}
		if isManifestName(name) || path.Ext(name) == "" {
			u.r.problem(model.Warning, u.source+"!"+name, "this link leads to no file of the archive; not followed", "")
		}
	}
}

// hiddenPath tells whether a file or a directory above it is hidden; .helmignore is not, for charts.
func hiddenPath(name string) bool {
	for s := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(s, ".") && s != "." && s != helmIgnoreFile {
			return true
		}
	}
	return false
}
