package collect

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

var errReadOnly = errors.New("kustomizations are built without writing")

// guardedFS is the file system that kustomize is given: it reads only, reads no more than allowed, and
// refuses kustomizations that name something on the network.
type guardedFS struct {
	filesys.FileSystem
	ctx    context.Context //nolint:containedctx // kustomize's file system takes none
	limit  int64
	root   string
	disk   bool  // FileSystem is the disk
	mark   bool  // ask kustomize where each object comes from
	marked bool  // it was asked, and would not have told otherwise
	err    error // why a kustomization was refused: kustomize does not pass it on
}

func (g *guardedFS) Create(string) (filesys.File, error)    { return nil, errReadOnly }
func (g *guardedFS) Mkdir(string) error                     { return errReadOnly }
func (g *guardedFS) MkdirAll(string) error                  { return errReadOnly }
func (g *guardedFS) RemoveAll(string) error                 { return errReadOnly }
func (g *guardedFS) WriteFile(string, []byte) error         { return errReadOnly }
func (g *guardedFS) Open(name string) (filesys.File, error) { return nil, errReadOnly }

// ReadFile reads a file, and looks into it first when it is a kustomization.
func (g *guardedFS) ReadFile(name string) ([]byte, error) {
	if err := g.ctx.Err(); err != nil {
		return nil, err
	}
	if info, err := os.Stat(name); g.disk && err == nil && (!info.Mode().IsRegular() || info.Size() > g.limit) {
		return nil, fmt.Errorf("%s is no file, or %w", name, tooLarge(g.limit))
	}
	data, err := g.FileSystem.ReadFile(name)
	if err != nil || !isKustomizationName(filepath.Base(name)) {
		return data, err
	}
	var content map[string]any
	if yaml.Unmarshal(data, &content) != nil {
		return data, nil //nolint:nilerr // kustomize says it better
	}
	if url := remote(content, "", func(p string) bool { return g.Exists(filepath.Join(filepath.Dir(name), p)) }); url != "" {
		g.err = fmt.Errorf("%s refers to %q: nothing is fetched from the network; "+
			"run kustomize build where it can be fetched and give netfate its output, or vendor it", filepath.Base(name), url)
		return nil, g.err
	}
	if _, has := content["buildMetadata"]; g.mark && !has && filepath.Dir(name) == g.root {
		g.marked = true
		data = append(append([]byte{}, data...), "\nbuildMetadata: [originAnnotations]\n"...)
	}
	return data, nil
}

// remote returns the first thing in a kustomization that kustomize would fetch, or "".
func remote(v any, key string, exists func(string) bool) string {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range sortedKeys(v) {
			if found := remote(v[k], k, exists); found != "" {
				return found
			}
		}
	case []any:
		for _, item := range v {
			if found := remote(item, key, exists); found != "" {
				return found
			}
		}
	case string:
		if loads(key) && looksRemote(v, exists) {
			return v
		}
	}
	return ""
}

// loads tells whether the strings below a key of a kustomization name what is to be loaded.
func loads(key string) bool {
	switch key {
	case "resources", "bases", "components", "crds", "configurations", "transformers", "generators", "validators",
		"patchesStrategicMerge", "path", "files", "envs", "env":
		return true
	}
	return false
}

func looksRemote(s string, exists func(string) bool) bool {
	if strings.Contains(s, "\n") { // inline
		return false
	}
	lower := strings.ToLower(s)
	if strings.Contains(lower, "://") || strings.HasPrefix(lower, "github.com") {
		return true
	}
	return strings.ContainsAny(s, ":@?") && !exists(s) && !exists(s[strings.IndexByte(s, '=')+1:])
}

// treeFS is a tree of files, in memory or in a commit, as kustomize wants to see it; paths start at "/".
type treeFS struct {
	filesys.FileSystem                 // for what is not used: it is empty
	ctx                context.Context //nolint:containedctx // kustomize's file system takes none
	files              map[string]*treeFile
	dirs               map[string]bool
}

func newTreeFS(ctx context.Context, t *tree) *treeFS {
	x := &treeFS{
		FileSystem: filesys.MakeFsInMemory(), ctx: ctx,
		files: make(map[string]*treeFile, len(t.files)), dirs: map[string]bool{"/": true},
	}
	for i := range t.files {
		name := "/" + t.files[i].path
		x.files[name] = &t.files[i]
		for dir := filepath.Dir(name); !x.dirs[dir]; dir = filepath.Dir(dir) {
			x.dirs[dir] = true
		}
	}
	return x
}

func rooted(name string) string { return filepath.Clean("/" + name) }

func (x *treeFS) IsDir(name string) bool { return x.dirs[rooted(name)] }

func (x *treeFS) Exists(name string) bool {
	return x.dirs[rooted(name)] || x.files[rooted(name)] != nil
}

func (x *treeFS) ReadFile(name string) ([]byte, error) {
	f := x.files[rooted(name)]
	if f == nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return f.read(x.ctx)
}

// CleanedAbs returns the directory and the file of a path; the file is "" for a directory.
func (x *treeFS) CleanedAbs(name string) (filesys.ConfirmedDir, string, error) {
	name = rooted(name)
	switch {
	case x.dirs[name]:
		return filesys.ConfirmedDir(name), "", nil
	case x.files[name] != nil:
		return filesys.ConfirmedDir(filepath.Dir(name)), filepath.Base(name), nil
	}
	return "", "", &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// Glob returns the files that match a pattern.
func (x *treeFS) Glob(pattern string) ([]string, error) {
	var out []string
	for _, name := range sortedKeys(x.files) {
		ok, err := filepath.Match(rooted(pattern), name)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, name)
		}
	}
	return out, nil
}
