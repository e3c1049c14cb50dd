package collect

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"strconv"
	"strings"
)

// cutRef splits "REF:path". A single letter is a Windows drive, a URL's scheme no ref.
func cutRef(source string) (ref, p string, ok bool) {
	ref, p, ok = strings.Cut(source, ":")
	if !ok || len(ref) < 2 || strings.HasPrefix(p, "//") || strings.HasPrefix(ref, "-") {
		return "", "", false
	}
	return ref, p, true
}

// git adds a path at a ref. As git itself has it, the path starts at the repository's root, and at the
// working directory when it starts with "./" or "../".
func (r *resolver) git(ctx context.Context, source, ref, p, cluster string) error {
	g, err := r.openRepo(ctx, ref, source)
	if err != nil {
		return err
	}
	clean, err := g.clean(p)
	if err != nil {
		return fmt.Errorf("%s: %w", source, err)
	}
	base, pattern := clean, ""
	if hasGlob(clean) {
		base, pattern = splitGlob(clean)
	}
	blobs, err := g.list(ctx, base, r.o.Limits)
	if err != nil {
		return fmt.Errorf("%s: %w", source, err)
	}
	if len(blobs) == 0 {
		return fmt.Errorf("%s: there is no %s in %s: paths at a ref start at the repository's root; write %s:./%s to start at the working directory",
			source, quoteOr(p, "file"), ref, ref, p)
	}
	if base == blobs[0].path && len(blobs) == 1 {
		return r.gitFile(ctx, g, source, &blobs[0], cluster)
	}
	return r.gitTree(ctx, g, blobs, gitPlace{prefix: gitPrefix(ref, p, pattern), base: base, pattern: pattern}, cluster)
}

// gitPlace is where in a commit a source is.
type gitPlace struct{ prefix, base, pattern string }

func gitPrefix(ref, p, pattern string) string {
	if pattern != "" {
		p = strings.TrimSuffix(p, pattern)
	}
	return ref + ":" + prefixOf(p)
}

func quoteOr(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return strconv.Quote(s)
}

// gitTree adds a directory of a commit.
func (r *resolver) gitTree(ctx context.Context, g *repo, blobs []blob, at gitPlace, cluster string) error {
	t := &tree{prefix: at.prefix}
	for _, b := range blobs {
		rel := b.path
		if at.base != "" {
			rel = strings.TrimPrefix(b.path, at.base+"/")
		}
		keep := !hiddenPath(rel)
		if at.pattern != "" {
			keep = keep && matchSegments(strings.Split(at.pattern, "/"), strings.Split(rel, "/")) && wantedMatch(at.pattern, rel)
		}
		if keep {
			t.files = append(t.files, g.lazy(r, b, rel))
		}
	}
	if at.pattern == "" && t.file(chartFile) == nil && t.kustomization() != "" {
		return r.gitKustomize(ctx, g, at, cluster)
	}
	if err := r.fetch(ctx, g, blobs, t, at.base); err != nil {
		return fmt.Errorf("%s: %w", t.title(), err)
	}
	return r.tree(ctx, t, cluster)
}

// gitKustomize builds a kustomization of a commit; its bases may be anywhere in the repository.
func (r *resolver) gitKustomize(ctx context.Context, g *repo, at gitPlace, cluster string) error {
	blobs, err := g.list(ctx, "", r.o.Limits)
	if err != nil {
		return err
	}
	t := &tree{prefix: g.ref + ":"}
	for _, b := range blobs {
		t.files = append(t.files, g.lazy(r, b, b.path))
	}
	return r.kustomizeTree(ctx, t, orDot(at.base), cluster)
}

func orDot(s string) string {
	if s == "" {
		return "."
	}
	return s
}

// gitFile adds a single file of a commit.
func (r *resolver) gitFile(ctx context.Context, g *repo, source string, b *blob, cluster string) error {
	f := g.lazy(r, *b, b.path)
	if !isArchiveName(b.path) {
		r.add(input{name: source, id: f.id, cluster: cluster, read: f.read})
		return nil
	}
	data, err := f.read(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", source, err)
	}
	t, err := r.untar(ctx, source, bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("cannot read archive %s: %w", source, err)
	}
	return r.tree(ctx, t, cluster)
}

// lazy returns a file that runs git when it is read.
func (g *repo) lazy(r *resolver, b blob, rel string) treeFile {
	limit := r.o.Limits.FileBytes
	return treeFile{path: rel, size: b.size, id: "git\x00" + b.id + "\x00" + b.path, read: func(ctx context.Context) ([]byte, error) {
		if b.size > limit {
			return nil, tooLarge(limit)
		}
		return g.run(ctx, nil, "cat-file", "blob", b.id)
	}}
}

// fetch reads the files of a tree that will be parsed, with one run of git.
func (r *resolver) fetch(ctx context.Context, g *repo, blobs []blob, t *tree, base string) error {
	isChart, total := t.file(chartFile) != nil, int64(0)
	index := map[string]int{}
	for i, f := range t.files {
		index[joinPath(base, f.path)] = i
	}
	var want []blob
	for _, b := range blobs {
		i, ok := index[b.path]
		switch {
		case !ok:
		case b.link:
			r.gitLink(t, i, b, index)
		case b.size <= r.o.Limits.FileBytes && (isManifestName(b.path) || isChart && b.size <= maxOther):
			want = append(want, b)
			total += b.size
		}
	}
	if total > r.o.Limits.TotalBytes {
		return fmt.Errorf("holds more than %s", byteCount(r.o.Limits.TotalBytes))
	}
	return g.cat(ctx, want, func(b blob, data []byte) {
		t.files[index[b.path]].read = func(context.Context) ([]byte, error) { return data, nil }
	})
}

// gitLink makes a link of a commit read what it leads to, when that is a file of the same tree.
func (r *resolver) gitLink(t *tree, i int, b blob, index map[string]int) {
	f := t.files[i]
	t.files[i].read = func(ctx context.Context) ([]byte, error) {
		target, err := f.read(ctx)
		if err != nil {
			return nil, err
		}
		j, ok := index[path.Join(path.Dir(b.path), string(target))]
		if !ok || j == i {
			return nil, fmt.Errorf("this symbolic link leads to %s, which is not below the source", target)
		}
		return t.files[j].read(ctx)
	}
}
