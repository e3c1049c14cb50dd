package collect

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

func hasGlob(s string) bool { return strings.ContainsAny(s, "*?[") }

// glob adds all that a pattern matches: files, and directories as if each were named. "**" matches any
// number of directories.
func (r *resolver) glob(ctx context.Context, pattern, cluster string) error {
	base, rest := splitGlob(filepath.ToSlash(pattern))
	segments := strings.Split(rest, "/")
	for _, s := range segments {
		if _, err := path.Match(s, ""); err != nil {
			return fmt.Errorf("%s: the pattern is wrong: a \"[\" has no \"]\"", pattern)
		}
	}
	from := base
	if from == "" {
		from = "."
	}
	if info, err := os.Stat(r.path(from)); err != nil || !info.IsDir() {
		return fmt.Errorf("%s: matches nothing: there is no directory %s", pattern, from)
	}
	dirs := map[string]bool{}
	deep := segments[len(segments)-1] == "**"
	t, err := r.walk(ctx, from, func(rel string) bool {
		for dir := parent(rel); dir != "" && !deep; dir = parent(dir) {
			if matchSegments(segments, strings.Split(dir, "/")) {
				dirs[dir] = true // each on its own: it may be a chart
				return false
			}
		}
		return matchSegments(segments, strings.Split(rel, "/")) && wantedMatch(rest, rel)
	})
	if err != nil {
		return err
	}
	if len(t.files)+len(dirs) == 0 {
		return fmt.Errorf("%s: matches no file and no directory", pattern)
	}
	return r.matches(ctx, t, dirs, cluster)
}

// matches adds the matched directories, and the files as if each were named.
func (r *resolver) matches(ctx context.Context, t *tree, dirs map[string]bool, cluster string) error {
	for _, dir := range sortedKeys(dirs) {
		if !underAny(parent(dir), dirs) {
			if err := r.directory(ctx, t.prefix+dir, cluster); err != nil {
				return err
			}
		}
	}
	for _, f := range t.files {
		if isArchiveName(f.path) {
			if err := r.archive(ctx, t.prefix+f.path, cluster); err != nil {
				return err
			}
			continue
		}
		r.add(input{name: t.prefix + f.path, id: f.id, cluster: cluster, read: f.read})
	}
	return nil
}

// splitGlob cuts off the directories that hold no pattern.
func splitGlob(pattern string) (base, rest string) {
	at := strings.IndexAny(pattern, "*?[")
	if i := strings.LastIndexByte(pattern[:at], '/'); i >= 0 {
		if i == 0 {
			return "/", pattern[1:]
		}
		return pattern[:i], pattern[i+1:]
	}
	return "", pattern
}

// wantedMatch tells whether a matched file is meant: manifests, archives, and what the pattern names by
// its extension ("*.tmpl"); "deploy/*" does not mean README.md.
func wantedMatch(pattern, name string) bool {
	ext := path.Ext(pattern)
	return isManifestName(name) || isArchiveName(name) ||
		(ext != "" && !hasGlob(ext) && ext == path.Ext(name))
}

// matchSegments matches path segments with a pattern in which "**" stands for any number of them. It
// goes back to the last "**" only, so that it takes at most len(pattern)*len(name) steps.
func matchSegments(pattern, name []string) bool {
	p, n, star, mark := 0, 0, -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == "**":
			star, mark = p, n
			p++
		case p < len(pattern) && matchOne(pattern[p], name[n]):
			p++
			n++
		case star >= 0:
			mark++
			p, n = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == "**" {
		p++
	}
	return p == len(pattern)
}

func matchOne(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
