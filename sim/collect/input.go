package collect

import (
	"context"
	"path"
	"strings"

	"github.com/netfate/netfate/sim/manifest"
)

// input is one text to parse, or documents that a renderer made.
type input struct {
	name      string // what origins show
	id        string // what is the same text has the same id, however it was named; "" is unique
	cluster   string
	namespace string // for namespaced objects that name none; "default" when empty
	rendered  bool   // by Helm: test hooks are no part of the release
	snapshot  *snapshot
	read      func(ctx context.Context) ([]byte, error)
	docs      []manifest.Document // instead of read
}

// tree is a set of files below one root: a directory, an archive, a commit. Paths are slash-separated
// and relative to the root.
type tree struct {
	prefix string // what origins put before a path: "deploy/", "main:deploy/", "all.tar.gz!"
	files  []treeFile
}

type treeFile struct {
	path string
	size int64
	id   string
	read func(ctx context.Context) ([]byte, error)
}

// title names the tree as a whole.
func (t *tree) title() string {
	if s := strings.TrimRight(t.prefix, "/!"); s != "" {
		return s
	}
	return "."
}

// file returns the file at a path, or nil.
func (t *tree) file(name string) *treeFile {
	for i := range t.files {
		if t.files[i].path == name {
			return &t.files[i]
		}
	}
	return nil
}

// below returns the files under a directory as a tree of its own.
func (t *tree) below(dir string) *tree {
	out := &tree{prefix: t.prefix + dir + "/"}
	for _, f := range t.files {
		if rel, ok := strings.CutPrefix(f.path, dir+"/"); ok {
			f.path = rel
			out.files = append(out.files, f)
		}
	}
	return out
}

// onlyDir returns the one directory that holds all files, "" when there is none: archives of charts
// and of repositories have one.
func (t *tree) onlyDir() string {
	first := ""
	for i, f := range t.files {
		dir, _, ok := strings.Cut(f.path, "/")
		if !ok || (i > 0 && dir != first) {
			return ""
		}
		first = dir
	}
	return first
}

func isManifestName(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}

func isArchiveName(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, ".tar.gz") || strings.HasSuffix(name, ".tgz") || strings.HasSuffix(name, ".tar")
}

const chartFile = "Chart.yaml"

func isKustomizationName(name string) bool {
	return name == "kustomization.yaml" || name == "kustomization.yml" || name == "Kustomization"
}
