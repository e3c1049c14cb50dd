package request

import (
	"fmt"
	"strings"

	"github.com/netfate/netfate/sim/algebra/lang"
)

// Format describes a set for people by at most limit boxes, those of the set or of what it lacks,
// whichever are fewer: "GET,HEAD /api/*; * /healthz", "any request but GET /admin". With more of them it
// ends in "; and more". See [lang.Lang.Format] for the patterns.
func (sp *Space) Format(s Set, limit int) string {
	switch {
	case sp.Err(s) != nil:
		return "undetermined: " + sp.Err(s).Error()
	case s.IsEmpty():
		return "no request"
	case s.IsAll():
		return "any request"
	}
	in, complete := sp.Boxes(s, limit)
	out, simple := sp.lacking(s, limit)
	if simple && (!complete || len(out) < len(in)) {
		return "any request but " + sp.lines(out)
	}
	text := sp.lines(in)
	if !complete {
		text = strings.TrimPrefix(text+"; and more", "; ")
	}
	return text
}

func (sp *Space) lines(boxes []Box) string {
	lines := make([]string, len(boxes))
	for i, b := range boxes {
		lines[i] = sp.FormatBox(b)
	}
	return strings.Join(lines, "; ")
}

// FormatBox describes one box: method and path, and then the other terms in the space's order, such as
// "GET /api/* on shop.example.com with header x-env: prod from cluster.local/ns/shop/sa/web".
func (sp *Space) FormatBox(b Box) string {
	method, path := "*", "/*"
	var rest []string
	for _, t := range b {
		n, ok := sp.index[t.Dim]
		if !ok {
			continue // a box of another space
		}
		d := &sp.dims[n]
		switch t.Dim {
		case Method:
			method = t.Values.Format(d.present)
		case Path:
			path = t.Values.Format(d.present)
		default:
			rest = append(rest, d.describe(t))
		}
	}
	return strings.Join(append([]string{method + " " + path}, rest...), " ")
}

// describe says a term in words.
func (d *dimension) describe(t Term) string {
	kind, name, ok := strings.Cut(d.Name, ":")
	label := kind
	if ok {
		label += " " + name
	}
	if d.Kind == List {
		return d.describeList(label, t)
	}
	values := t.Values.Format(d.present)
	if d.Name == Token {
		values = strings.ReplaceAll(strings.ReplaceAll(values, `\x01`, "/"), `"`, "")
	}
	anything := t.Values.Equal(d.present)
	switch {
	case d.Kind == Scalar:
		return preposition(d.Name) + " " + values
	case t.Values.IsEmpty():
		return "without " + label
	case t.Absent:
		return "with " + label + " " + values + " or absent"
	case anything:
		return "with " + label
	case d.Name == Principal:
		return "from " + values
	case d.Name == Token:
		return "as " + values
	}
	return "with " + label + ": " + values
}

func preposition(dim string) string {
	switch dim {
	case Host:
		return "on"
	case Scheme:
		return "over"
	}
	return "with " + dim
}

func (d *dimension) describeList(label string, t Term) string {
	all := t.Values.Equal(d.value)
	values := t.Values.Format(d.value)
	switch {
	case t.Other:
		return "with " + label + " " + d.example(t.Codes)
	case t.Lacks && all:
		return "without " + label
	case t.Lacks:
		return "with " + label + " lacking " + values
	case all:
		return "with " + label
	}
	return "with " + label + " having " + values
}

// example shows one list of those that a condition on several elements takes.
func (d *dimension) example(codes lang.Lang) string {
	code, ok := d.pick(codes)
	if !ok {
		return "as no list"
	}
	return fmt.Sprintf("such as %q", d.decode(code).Elements())
}
