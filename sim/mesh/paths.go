package mesh

import (
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// NormalizePath returns a path as the mesh's proxies make it before policies see
// it (istio.io/api mesh/v1alpha1 ProxyPathNormalization).
func (v *View) NormalizePath(path string) string {
	mode := v.mesh.Normalize
	if path == "" {
		path = "/"
	}
	if mode >= model.NormalizeDecodeSlashes {
		for _, x := range [][2]string{{"%2F", "/"}, {"%2f", "/"}, {"%5C", "\\"}, {"%5c", "\\"}} {
			path = strings.ReplaceAll(path, x[0], x[1])
		}
	}
	if mode >= model.NormalizeBase {
		path = dotSegments(strings.ReplaceAll(path, "\\", "/"))
	}
	if mode >= model.NormalizeMergeSlashes {
		for strings.Contains(path, "//") {
			path = strings.ReplaceAll(path, "//", "/")
		}
	}
	return path
}

// dotSegments removes "." and ".." as RFC 3986 5.2.4 does, also where their dots
// are written %2e; doubled slashes stay.
func dotSegments(path string) string {
	if !hasDots(path) {
		return path
	}
	parts := strings.Split(path, "/")
	var out []string
	for i, p := range parts {
		last := i == len(parts)-1
		switch strings.ReplaceAll(strings.ToLower(p), "%2e", ".") {
		case ".":
			if last {
				out = append(out, "")
			}
		case "..":
			if len(out) > 1 {
				out = out[:len(out)-1]
			}
			if last {
				out = append(out, "")
			}
		default:
			out = append(out, p)
		}
	}
	return strings.Join(out, "/")
}

// hasDots tells whether a segment of a path may begin with a dot.
func hasDots(path string) bool {
	start := true
	for i := range len(path) {
		if start && (path[i] == '.' || path[i] == '%') {
			return true
		}
		start = path[i] == '/'
	}
	return false
}
