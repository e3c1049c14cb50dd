package collect

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/netfate/netfate/sim/manifest"
)

// kustomizeLock guards the schema that kustomize keeps in a global.
var kustomizeLock sync.Mutex //nolint:gochecknoglobals // what it guards is one

// kustomizeDisk builds a kustomization on disk.
func (r *resolver) kustomizeDisk(ctx context.Context, source, cluster string) error {
	dir := realPath(r.path(source))
	show := func(p string) string { return path.Join(prefixOf(source), filepath.ToSlash(p)) }
	return r.build(ctx, filesys.MakeFsOnDisk(), dir, kustomized{title: source, show: show, cluster: cluster, disk: true})
}

// kustomizeTree builds the kustomization in a directory of an archive or a commit.
func (r *resolver) kustomizeTree(ctx context.Context, t *tree, dir, cluster string) error {
	show := func(p string) string { return t.prefix + path.Join(dir, p) }
	title := strings.TrimSuffix(t.prefix+strings.TrimPrefix(dir, "."), "/")
	return r.build(ctx, newTreeFS(ctx, t), "/"+strings.TrimPrefix(dir, "."), kustomized{title: title, show: show, cluster: cluster})
}

// kustomized is how the result of a build is named.
type kustomized struct {
	title   string
	show    func(rel string) string // a path relative to the kustomization
	cluster string
	disk    bool
}

// build runs kustomize in process and adds what it makes as one input. Origins are those of the files
// that the objects come from.
func (r *resolver) build(ctx context.Context, fsys filesys.FileSystem, dir string, k kustomized) error {
	id := "kustomization\x00" + k.cluster + "\x00" + k.title
	if r.seen[id] {
		return nil
	}
	r.seen[id] = true
	guard := &guardedFS{FileSystem: fsys, ctx: ctx, limit: r.o.Limits.FileBytes, root: filepath.Clean(dir), mark: true, disk: k.disk}
	docs, err := guarded(ctx, func() ([]manifest.Document, error) {
		kustomizeLock.Lock()
		defer kustomizeLock.Unlock()
		res, err := runKustomize(guard, dir)
		if err != nil && guard.err == nil && guard.mark { // perhaps the mark is what it stumbled over
			guard.mark = false
			res, err = runKustomize(guard, dir)
		}
		if guard.err != nil {
			return nil, guard.err
		}
		if err != nil {
			return nil, err
		}
		return k.documents(guard, dir, res, r.o.Limits)
	})
	if err != nil {
		return fmt.Errorf("kustomization %s: %w", k.title, err)
	}
	r.add(input{name: k.title + " (rendered)", cluster: k.cluster, docs: docs})
	return nil
}

func runKustomize(fsys filesys.FileSystem, dir string) (resmap.ResMap, error) {
	o := krusty.MakeDefaultOptions() // files below the root only, no plugins, no Helm
	o.LoadRestrictions = types.LoadRestrictionsRootOnly
	o.Reorder = krusty.ReorderOptionNone
	return krusty.MakeKustomizer(o).Run(fsys, dir)
}

// documents returns the built objects with the positions of the text that each was made of.
func (k kustomized) documents(fsys *guardedFS, dir string, res resmap.ResMap, lim Limits) ([]manifest.Document, error) {
	sources := map[string][]manifest.Document{}
	var out []manifest.Document
	for i, one := range res.Resources() {
		from := ""
		if o, err := one.GetOrigin(); err == nil && o != nil && o.Repo == "" {
			from = o.Path
		}
		if fsys.marked {
			if err := one.SetOrigin(nil); err != nil {
				return nil, err
			}
		}
		text, err := one.AsYAML()
		if err != nil {
			return nil, err
		}
		docs, errs := manifest.Parse(k.title+" (rendered)", text, lim.parser())
		if len(errs) > 0 {
			return nil, errs[0]
		}
		for _, d := range docs {
			d.Index = i
			if orig := k.original(fsys, filepath.Join(dir, from), sources, one, lim); from != "" && orig != nil {
				transplant(d.Root, orig, orig.Line, orig.Col)
				d.File, d.Line = k.show(from), int(orig.Line)
			}
			out = append(out, d)
		}
	}
	return out, nil
}

// original returns the object that a resource was before kustomize changed it, or nil: of the objects of
// its kind in the file the only one, or the one with the longest name that the new name still holds.
func (k kustomized) original(fsys *guardedFS, file string, sources map[string][]manifest.Document, one *resource.Resource, lim Limits) *manifest.Node {
	docs, ok := sources[file]
	if !ok {
		docs = objectsIn(fsys, file, lim)
		sources[file] = docs
	}
	var best *manifest.Node
	same, longest := 0, -1
	for _, d := range docs {
		if d.Root.Get("kind").Str() != one.GetKind() || groupOf(d.Root.Get("apiVersion").Str()) != one.GetGvk().Group {
			continue
		}
		same++
		name := d.Root.At("metadata", "name").Str()
		if strings.Contains(one.GetName(), name) && len(name) > longest {
			best, longest = d.Root, len(name)
		} else if same == 1 {
			best = d.Root
		}
	}
	if same > 1 && longest < 0 {
		return nil
	}
	return best
}

func objectsIn(fsys *guardedFS, file string, lim Limits) (docs []manifest.Document) {
	data, err := fsys.FileSystem.ReadFile(file)
	if err != nil {
		return nil
	}
	parsed, _ := manifest.Parse(file, data, lim.parser())
	for _, d := range parsed {
		if d.Root != nil {
			docs = append(docs, manifest.Expand(d)...)
		}
	}
	return docs
}

// transplant gives each value of a tree the position of the value at the same path of another tree, and
// those that have none there the position of what holds them.
func transplant(n, from *manifest.Node, line, col uint32) {
	if from != nil {
		line, col = from.Line, from.Col
	}
	n.Line, n.Col = line, col
	for i := range n.Items {
		var item *manifest.Node
		itemLine, itemCol := line, col
		switch {
		case n.Kind == manifest.Map:
			n.Keys[i].Line, n.Keys[i].Col = line, col
			if j := keyIndex(from, n.Keys[i].Name); j >= 0 {
				item = &from.Items[j]
				n.Keys[i] = from.Keys[j]
			}
		case from != nil && from.Kind == manifest.List && i < len(from.Items):
			item = &from.Items[i]
		}
		transplant(&n.Items[i], item, itemLine, itemCol)
	}
}

func keyIndex(n *manifest.Node, name string) int {
	if n == nil || n.Kind != manifest.Map {
		return -1
	}
	for i := range n.Keys {
		if n.Keys[i].Name == name {
			return i
		}
	}
	return -1
}
