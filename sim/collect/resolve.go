package collect

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// resolver turns sources into inputs, in the order of the sources.
type resolver struct {
	o         Options
	names     []string // sources as given, for messages
	inputs    []input
	problems  []model.Problem
	broken    []model.Broken
	unread    []model.KindCount
	snapshots []*snapshot
	seen      map[string]bool // ids of inputs
	added     int             // how many inputs were named, the same ones again included
	hollow    []string        // sources that exist and hold nothing
	others    int             // files that are no manifests by their names
}

func newResolver(o Options) *resolver {
	o.Limits = o.Limits.withDefaults()
	if o.Release == "" {
		o.Release = "release-name"
	}
	if o.ReleaseNamespace == "" {
		o.ReleaseNamespace = "default"
	}
	return &resolver{o: o, seen: map[string]bool{}}
}

// source adds the inputs of one source and notes when there are none.
func (r *resolver) source(ctx context.Context, source, cluster string) error {
	added, problems, snapshots := r.added, len(r.problems), len(r.snapshots)
	if err := r.open(ctx, source, cluster); err != nil {
		return err
	}
	if r.added == added && len(r.problems) == problems && len(r.snapshots) == snapshots { // a snapshot may hold nothing
		r.hollow = append(r.hollow, source)
	}
	return nil
}

// open finds out what a source is.
func (r *resolver) open(ctx context.Context, source, cluster string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r.names = append(r.names, source)
	if source == "-" {
		return r.stdin(cluster)
	}
	if source == "" {
		return fmt.Errorf("an empty source was given: name a directory, a file or \"-\"")
	}
	info, err := os.Stat(r.path(source))
	switch {
	case err == nil && info.IsDir():
		return r.directory(ctx, source, cluster)
	case err == nil:
		return r.single(ctx, source, info, cluster)
	case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errNotDir):
		return fmt.Errorf("cannot read %s: %w", source, plain(err))
	}
	if ref, path, ok := cutRef(source); ok {
		return r.git(ctx, source, ref, path, cluster)
	}
	if hasGlob(source) {
		return r.glob(ctx, source, cluster)
	}
	if isURL(source) {
		return fmt.Errorf("%s: nothing is fetched from the network: download it, or pipe it in: curl -sSL %s | netfate ... -f -", source, source)
	}
	return fmt.Errorf("%s: no such file or directory (a path at a git ref is written REF:PATH, as in main:%s)", source, source)
}

// path returns where a relative path is on disk.
func (r *resolver) path(name string) string {
	if r.o.Dir == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(r.o.Dir, name)
}

// add adds an input, unless the same text is already among them.
func (r *resolver) add(in input) {
	r.added++
	if in.id != "" {
		id := in.cluster + "\x00" + in.id
		if r.seen[id] {
			return
		}
		r.seen[id] = true
	}
	r.inputs = append(r.inputs, in)
}

// problem records that something below a source was left out.
func (r *resolver) problem(sev model.Severity, file, message, hint string) {
	r.problems = append(r.problems, model.Problem{Severity: sev, File: file, Message: message, Hint: hint})
}

// lost records a file that may have held objects and cannot be read.
func (r *resolver) lost(file, message, hint string) {
	r.problem(model.Error, file, message, hint)
	r.broken = append(r.broken, model.Broken{File: file, Why: message})
}

// single adds a file that was named by its own path, of whatever extension.
func (r *resolver) single(ctx context.Context, source string, info fs.FileInfo, cluster string) error {
	path := r.path(source)
	if mode := info.Mode(); !mode.IsRegular() && mode&fs.ModeNamedPipe == 0 {
		return fmt.Errorf("%s is a device or a socket, not a file", source)
	}
	if isArchiveName(source) {
		return r.archive(ctx, source, cluster)
	}
	if strings.EqualFold(filepath.Ext(source), ".zip") {
		return fmt.Errorf("%s: zip archives are not read: pack it as .tar.gz, or unpack it and name the directory", source)
	}
	in := input{name: source, id: realPath(path), cluster: cluster, read: r.fileReader(path)}
	if !info.Mode().IsRegular() {
		in.id = "" // a pipe can be read once only, and is never the same
	}
	r.add(in)
	return nil
}

// stdin adds standard input.
func (r *resolver) stdin(cluster string) error {
	if r.o.Stdin == nil {
		return fmt.Errorf("\"-\" was given and there is no standard input")
	}
	in := r.o.Stdin
	r.add(input{name: "<stdin>", id: "<stdin>", cluster: cluster, read: func(ctx context.Context) ([]byte, error) {
		return readLimited(ctx, in, 0, r.o.Limits.FileBytes)
	}})
	return nil
}

// plainTree adds the manifests of a tree that is neither chart nor kustomization nor snapshot.
func (r *resolver) plainTree(t *tree, cluster string) {
	skip := r.nested(t)
	for _, f := range t.files {
		dir, name := splitPath(f.path)
		switch {
		case underAny(dir, skip) || isKustomizationName(name):
		case !isManifestName(name):
			r.others++
		default:
			r.add(input{name: t.prefix + f.path, id: f.id, cluster: cluster, read: f.read})
		}
	}
}

// nested warns about the charts and kustomizations inside a plain tree and returns the directories of
// the charts, whose templates are not manifests.
func (r *resolver) nested(t *tree) (charts map[string]bool) {
	charts = map[string]bool{}
	for _, f := range t.files {
		if dir, name := splitPath(f.path); name == chartFile && dir != "" {
			charts[dir] = true
		}
	}
	for _, f := range t.files {
		dir, name := splitPath(f.path)
		switch {
		case name == chartFile && charts[dir] && !underAny(parent(dir), charts):
			r.problem(model.Warning, t.prefix+dir, "this Helm chart was left out: inside a plain directory charts are not rendered",
				"to render it: -f "+t.prefix+dir)
		case isKustomizationName(name) && !underAny(dir, charts):
			r.problem(model.Warning, t.prefix+f.path, "this kustomization was not built: the manifests beside it were read as they are",
				"to build it: -f "+strings.TrimSuffix(t.prefix+dir, "/"))
		}
	}
	return charts
}

// underAny tells whether dir is one of dirs or below one.
func underAny(dir string, dirs map[string]bool) bool {
	for ; dir != ""; dir = parent(dir) {
		if dirs[dir] {
			return true
		}
	}
	return false
}

func splitPath(p string) (dir, name string) {
	if i := strings.LastIndexByte(p, '/'); i >= 0 {
		return p[:i], p[i+1:]
	}
	return "", p
}

func parent(dir string) string {
	dir, _ = splitPath(dir)
	return dir
}
