package collect

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// directory adds a directory on disk: a chart, a kustomization, an unpacked snapshot or manifests.
func (r *resolver) directory(ctx context.Context, source, cluster string) error {
	root := r.path(source)
	switch {
	case exists(root, chartFile):
		t, err := r.walk(ctx, source, anyFile)
		if err != nil {
			return err
		}
		return r.chart(ctx, t, cluster)
	case kustomizationIn(root) != "":
		return r.kustomizeDisk(ctx, source, cluster)
	}
	t, err := r.walk(ctx, source, anyFile)
	if err != nil {
		return err
	}
	if t.file(snapshotFile) != nil {
		return r.loadSnapshot(ctx, t, cluster)
	}
	r.plainTree(t, cluster)
	return nil
}

func exists(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return err == nil
}

func kustomizationIn(dir string) string {
	for _, name := range [...]string{"kustomization.yaml", "kustomization.yml", "Kustomization"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && !info.IsDir() {
			return name
		}
	}
	return ""
}

func anyFile(string) bool { return true }

// prefixOf returns what the names of files below a directory start with, as the user typed it.
func prefixOf(source string) string {
	s := strings.TrimRight(filepath.ToSlash(source), "/")
	switch {
	case s == "" && source != "":
		return "/"
	case s == "." || s == "":
		return ""
	}
	return s + "/"
}

// walker lists the files below a directory.
type walker struct {
	r    *resolver
	t    *tree
	real string            // the root without links
	want func(string) bool // which paths below the root to list
	open map[string]bool   // real directories being walked, to see loops
}

// walk lists the files below a directory, sorted; hidden ones are left out, links followed while they
// stay inside.
func (r *resolver) walk(ctx context.Context, source string, want func(string) bool) (*tree, error) {
	w := &walker{r: r, t: &tree{prefix: prefixOf(source)}, real: realPath(r.path(source)), want: want, open: map[string]bool{}}
	if _, err := os.ReadDir(w.real); err != nil {
		return nil, fmt.Errorf("cannot read directory %s: %w", source, plain(err))
	}
	if err := w.dir(ctx, w.real, "", 0); err != nil {
		return nil, err
	}
	sort.SliceStable(w.t.files, func(i, j int) bool { return w.t.files[i].path < w.t.files[j].path })
	return w.t, nil
}

// dir lists one directory; real is where it is and rel the path to show, "" for the root.
func (w *walker) dir(ctx context.Context, real, rel string, depth int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if w.open[real] {
		w.r.problem(model.Warning, w.t.prefix+rel, "this symbolic link leads to a directory that contains it; not followed", "")
		return nil
	}
	if depth > w.r.o.Limits.Depth {
		w.r.lost(w.t.prefix+rel, fmt.Sprintf("directories are nested deeper than %d; the rest was not read", w.r.o.Limits.Depth), "")
		return nil
	}
	entries, err := os.ReadDir(real)
	if err != nil {
		w.r.lost(w.t.prefix+rel, "cannot read this directory: "+plain(err).Error(), "")
		return nil
	}
	w.open[real] = true
	defer delete(w.open, real)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") && e.Name() != helmIgnoreFile {
			continue
		}
		if err := w.entry(ctx, e, filepath.Join(real, e.Name()), joinPath(rel, e.Name()), depth); err != nil {
			return err
		}
	}
	return nil
}

func joinPath(dir, name string) string {
	if dir == "" {
		return name
	}
	return dir + "/" + name
}

func (w *walker) entry(ctx context.Context, e fs.DirEntry, real, rel string, depth int) error {
	mode := e.Type()
	if mode&fs.ModeSymlink != 0 {
		var ok bool
		if real, mode, ok = w.link(real, rel); !ok {
			return nil
		}
	}
	switch {
	case mode.IsDir():
		return w.dir(ctx, real, rel, depth+1)
	case !w.want(rel):
		return nil
	case mode.IsRegular():
		return w.file(real, rel)
	case isManifestName(rel):
		w.r.problem(model.Error, w.t.prefix+rel, "this is a device, a pipe or a socket, not a file; skipped", "")
	}
	return nil
}

// link returns where a link leads, when it is inside the root.
func (w *walker) link(path, rel string) (real string, mode fs.FileMode, ok bool) {
	real, err := filepath.EvalSymlinks(path)
	if err == nil {
		var info fs.FileInfo
		if info, err = os.Stat(real); err == nil {
			mode = info.Mode().Type()
		}
	}
	switch inside := strings.HasPrefix(real, strings.TrimSuffix(w.real, "/")+"/") || real == w.real; {
	case err != nil && isManifestName(rel):
		w.r.lost(w.t.prefix+rel, "this symbolic link leads nowhere: "+plain(err).Error(), "")
	case err != nil:
		w.r.problem(model.Warning, w.t.prefix+rel, "this symbolic link leads nowhere: "+plain(err).Error(), "")
	case inside:
		return real, mode, true
	case mode.IsDir() || isManifestName(rel):
		w.r.problem(model.Warning, w.t.prefix+rel, "this symbolic link leads out of the directory; not followed",
			"to read what it leads to, name that with -f")
	}
	return "", 0, false
}

func (w *walker) file(real, rel string) error {
	if len(w.t.files) >= w.r.o.Limits.Files {
		return fmt.Errorf("%s holds more than %d files: name a directory further down", w.t.title(), w.r.o.Limits.Files)
	}
	w.t.files = append(w.t.files, treeFile{path: rel, id: real, read: w.r.fileReader(real)})
	return nil
}
