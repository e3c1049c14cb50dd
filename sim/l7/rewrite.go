package l7

import (
	"maps"
	"regexp"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// Apply returns the request after a rewrite; the given one is not changed. A nil
// rewrite changes nothing.
func Apply(r *model.Request, w *model.Rewrite) *model.Request {
	if r == nil || w == nil {
		return r
	}
	out := *r
	if w.Host != "" {
		out.Host, out.HostPort = w.Host, 0
	}
	switch {
	case w.Expr != "":
		out.Path = replaceExpr(orElse(r.Path, "/"), w.Expr, w.Subst)
	case w.HasPrefix && w.Raw:
		path := orElse(r.Path, "/")
		out.Path = w.Prefix + path[min(len(w.Matched), len(path)):]
	case w.HasPrefix:
		out.Path = replacePrefix(orElse(r.Path, "/"), w.Matched, w.Prefix)
	case w.Path != "":
		out.Path = w.Path
	}
	if len(w.Set)+len(w.Add)+len(w.Remove) > 0 {
		out.Headers = ChangeHeaders(r.Headers, &model.HeaderChange{Set: w.Set, Add: w.Add, Remove: w.Remove})
	}
	return &out
}

// replacePrefix replaces an element-wise prefix of a path; between what replaces
// it and the rest there is exactly one slash (Gateway API, HTTPPathModifier).
func replacePrefix(path, matched, prefix string) string {
	rest := strings.TrimPrefix(path, strings.TrimRight(matched, "/"))
	out := strings.TrimRight(prefix, "/")
	if rest != "" && !strings.HasPrefix(rest, "/") {
		rest = "/" + rest
	}
	if out += rest; out == "" {
		return "/"
	}
	return out
}

// ChangeHeaders returns headers, by lower-case names, after a change; the given
// ones stay as they are.
func ChangeHeaders(in map[string]string, w *model.HeaderChange) map[string]string {
	out := map[string]string{}
	maps.Copy(out, in)
	maps.Copy(out, w.Set)
	for k, v := range w.Add {
		if old, ok := out[k]; ok {
			v = old + "," + v
		}
		out[k] = v
	}
	for _, k := range w.Remove {
		delete(out, lower(k))
	}
	return out
}

// replaceExpr replaces every match of an expression (Envoy RegexMatchAndSubstitute);
// one that cannot be compiled replaces nothing.
func replaceExpr(path, expr, subst string) string {
	re, err := regexp.Compile(expr)
	if err != nil {
		return path
	}
	var b strings.Builder
	for i := 0; i < len(subst); i++ {
		switch c := subst[i]; {
		case c == '$':
			b.WriteString("$$")
		case c == '\\' && i+1 < len(subst) && subst[i+1] >= '0' && subst[i+1] <= '9':
			b.WriteString("${" + subst[i+1:i+2] + "}")
			i++
		case c == '\\' && i+1 < len(subst) && subst[i+1] == '\\':
			b.WriteByte('\\')
			i++
		default:
			b.WriteByte(c)
		}
	}
	return re.ReplaceAllString(path, b.String())
}
