package admit

import (
	"maps"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/algebra/lang"
	"github.com/netfate/netfate/sim/algebra/request"
	"github.com/netfate/netfate/sim/model"
)

// Before returns the requests that are in b once a rewrite has changed them, as
// l7.Apply does it. What it changes in a way that no set tells is open, for a reason.
func (r *Routes) Before(b Bounds, w *model.Rewrite) (Bounds, []model.Reason) {
	if w == nil {
		return b, nil
	}
	var why []model.Reason
	if w.Unsettled != nil {
		why, b = append(why, *w.Unsettled), b.capped(r.sp, algebra.Maybe)
	}
	b, why = r.beforeHeaders(b, w, why)
	b, why = r.beforePath(b, w, why)
	if w.Host != "" {
		b = r.given(b, request.Host, request.Text(w.Host))
	}
	return b, why
}

// beforeHeaders undoes what is removed, added and set, in this order.
func (r *Routes) beforeHeaders(b Bounds, w *model.Rewrite, why []model.Reason) (Bounds, []model.Reason) {
	for _, k := range w.Remove {
		b = r.given(b, request.Header+strings.ToLower(k), request.Absent())
	}
	for _, k := range slices.Sorted(maps.Keys(w.Add)) {
		dim := request.Header + k
		switch v, set := w.Set[k]; {
		case !r.looksAt(b, dim):
		case set:
			b = r.given(b, dim, request.Text(v+","+w.Add[k]))
		default:
			b, why = r.whatever(b, dim), append(why, changed("adds to the header "+k, w))
		}
	}
	for _, k := range slices.Sorted(maps.Keys(w.Set)) {
		b = r.given(b, request.Header+k, request.Text(w.Set[k]))
	}
	return b, why
}

// beforePath undoes the change of a path.
func (r *Routes) beforePath(b Bounds, w *model.Rewrite, why []model.Reason) (Bounds, []model.Reason) {
	var of func(lang.Lang) lang.Lang
	switch {
	case w.Expr != "" && r.looksAt(b, request.Path):
		return r.whatever(b, request.Path), append(why, changed("changes the path by an expression", w))
	case w.Expr != "":
		return b, why
	case w.HasPrefix && w.Raw:
		of = func(l lang.Lang) lang.Lang { return lang.Concat(lang.Literal(w.Matched), l.After(w.Prefix)) }
	case w.HasPrefix:
		of = func(l lang.Lang) lang.Lang { return beforePrefix(l, w.Matched, w.Prefix) }
	case w.Path != "":
		return r.given(b, request.Path, request.Text(w.Path)), why
	default:
		return b, why
	}
	return Bounds{r.sp.Preimage(b.Sure, request.Path, of), r.sp.Preimage(b.May, request.Path, of)}, why
}

// beforePrefix returns the paths that are in l once an element-wise prefix has been
// replaced (Gateway API, HTTPPathModifier).
func beforePrefix(l lang.Lang, matched, prefix string) lang.Lang {
	matched, prefix = strings.TrimRight(matched, "/"), strings.TrimRight(prefix, "/")
	rest := l.After(prefix).Intersect(lang.Prefix("/"))
	if prefix == "" && l.Contains("/") || prefix != "" && l.Contains(prefix) {
		rest = rest.Union(lang.Literal(""))
	}
	return lang.Concat(lang.Literal(matched), rest)
}

func (r *Routes) given(b Bounds, dim string, v request.Value) Bounds {
	return Bounds{r.sp.Given(b.Sure, dim, v), r.sp.Given(b.May, dim, v)}
}

// looksAt tells whether it depends on a dimension what is in a set.
func (r *Routes) looksAt(b Bounds, dim string) bool {
	return slices.Contains(r.sp.Dims(b.Sure), dim) || slices.Contains(r.sp.Dims(b.May), dim)
}

// whatever is b where the value of a dimension is not known.
func (r *Routes) whatever(b Bounds, dim string) Bounds {
	sp := r.sp
	return Bounds{sp.Complement(sp.Exists(sp.Complement(b.Sure), dim)), sp.Exists(b.May, dim)}
}

func changed(what string, w *model.Rewrite) model.Reason {
	return model.Reason{Kind: model.UnreadInput, Confidence: model.Source, Origin: w.SetOrigins,
		Text: "the route " + what + ", at which the destination's policies look: which requests they let in is not computed"}
}
