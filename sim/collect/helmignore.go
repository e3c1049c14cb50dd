package collect

import (
	"path"
	"strings"
)

const helmIgnoreFile = ".helmignore"

// ignoreRules are the lines of a .helmignore file: patterns for the base name, or for the whole path
// when they hold a slash; "/" at the end means directories, "!" in front what must not be left out.
type ignoreRules []ignoreRule

type ignoreRule struct {
	pattern             string
	negate, dirs, whole bool
}

func parseIgnore(text string) ignoreRules {
	var out ignoreRules
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		var r ignoreRule
		line, r.negate = strings.CutPrefix(line, "!")
		line, r.dirs = strings.CutSuffix(line, "/")
		r.whole = strings.Contains(line, "/")
		r.pattern = strings.TrimPrefix(line, "/")
		out = append(out, r)
	}
	return out
}

// match tells whether a file of the chart is left out, by itself or with a directory above it.
func (rules ignoreRules) match(file string) bool {
	parts := strings.Split(file, "/")
	for i := range parts {
		if rules.one(strings.Join(parts[:i+1], "/"), parts[i], i < len(parts)-1) {
			return true
		}
	}
	return false
}

func (rules ignoreRules) one(p, base string, dir bool) bool {
	for _, r := range rules {
		name := base
		if r.whole {
			name = p
		}
		matched, err := path.Match(r.pattern, name)
		matched = matched && (dir || !r.dirs)
		if err == nil && r.negate != matched {
			return true
		}
	}
	return false
}
