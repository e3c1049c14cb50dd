package manifest

import (
	"strconv"
	"strings"
)

// fail records an error at n.
func (w *walker) fail(n *Node, msg, hint string) {
	w.errs = append(w.errs, Error{File: w.file, Line: int(n.Line), Col: int(n.Col), Path: w.where(), Msg: msg, Hint: hint})
}

// wrongKind records that n should be something else.
func (w *walker) wrongKind(n *Node, want string) {
	got := n.Kind.String()
	if n.Value != "" && len(n.Value) <= 40 && n.Kind != String {
		got += " (" + n.Value + ")"
	}
	hint := ""
	switch {
	case strings.Contains(want, "string") && n.Kind != String:
		hint = quoteHint(n)
	case n.Kind == String && want != "a map" && want != "a list":
		hint = unquoteHint(n, want)
	case want == "a list" && n.Kind == Map:
		hint = `start each item with "- "`
	case want == "a list" && n.Kind == String:
		hint = "write [" + n.Value + "]"
	case want == "a map" && n.Kind == List:
		hint = `remove the "- "`
	}
	w.fail(n, "must be "+want+", but this is "+got, hint)
}

// quoteHint says how to make a string of n.
func quoteHint(n *Node) string {
	switch n.Kind {
	case Bool:
		return "y, n, yes, no, on, off, true and false without quotes are booleans; quote it"
	case Int, Float:
		return "quote it: " + strconv.Quote(n.Value)
	}
	return ""
}

// unquoteHint says that a quoted value would do without its quotes.
func unquoteHint(n *Node, want string) string {
	kind, _, ok := resolvePlain(n.Value)
	if ok && (want == "a boolean" && kind == Bool || want != "a boolean" && (kind == Int || kind == Float)) {
		return "remove the quotes"
	}
	return ""
}

// unknown records a field that the type does not have.
func (w *walker) unknown(k *Key, p *plan) {
	e := Error{
		File: w.file, Line: int(k.Line), Col: int(k.Col), Path: w.where(), Warning: w.lenient,
		Msg: "unknown field " + strconv.Quote(k.Name),
	}
	if near := nearest(k.Name, p.fields); near != "" {
		e.Hint = "did you mean " + strconv.Quote(near) + "?"
	} else if owner := w.ownerOf(k.Name, p); owner != "" {
		e.Hint = "it is a field of " + owner + "; check the indentation"
	}
	w.errs = append(w.errs, e)
}

// ownerOf returns where near the current struct, of plan p, the field name belongs: in one of its
// fields or in one of the structs around it. "" when nowhere.
func (w *walker) ownerOf(name string, p *plan) string {
	for i := range p.fields {
		sub := p.fields[i].plan
		for sub.op == opPointer || sub.op == opSlice {
			sub = sub.elem
		}
		if _, ok := sub.index[name]; ok && sub.op == opStruct {
			return strconv.Quote(p.fields[i].name)
		}
	}
	for i := len(w.path) - 2; i >= 0; i-- {
		owner := w.path[i].owner
		if owner == nil {
			continue
		}
		if _, ok := owner.index[name]; ok && i == 0 {
			return "the top level"
		} else if ok {
			return pathText(w.path[:i])
		}
	}
	return ""
}

// nearest returns the field whose name differs from name in case only, or else in at most two letters
// and fewer than half of them; "" when there is none.
func nearest(name string, fields []field) string {
	best, least := "", 3
	for i := range fields {
		f := fields[i].name
		if strings.EqualFold(f, name) {
			return f
		}
		if d := distance(name, f, least); d < least && d*2 < max(len(name), len(f)) {
			best, least = f, d
		}
	}
	return best
}

// distance returns the number of insertions, deletions, replacements and swaps of neighbours that turn
// a into b, or limit when it is not below limit.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit || len(a) > 64 {
		return limit
	}
	var rows [3][67]int // a is at most 64 long, b two longer
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	before, prev, cur := &rows[2], &rows[0], &rows[1]
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], before[j-2]+1)
			}
		}
		before, prev, cur = prev, cur, before
	}
	return min(prev[len(b)], limit)
}
