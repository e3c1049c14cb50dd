package request

import "github.com/netfate/netfate/sim/algebra/lang"

// dimension is a Dim made ready: with the languages over codes that all questions about it need.
type dimension struct {
	Dim
	value   lang.Lang // the values, for a list those of one element
	present lang.Lang // codes of values that are not absent
	absent  lang.Lang // codes that stand for no value
	codes   lang.Lang // both
	domain  lang.Map  // 0 for codes, and outside
}

func newDimension(d Dim) (dimension, error) {
	out := dimension{Dim: d, value: d.Domain.Intersect(text())}
	out.present = out.value
	switch d.Kind {
	case Optional:
		out.absent = lang.Literal(none)
	case List:
		element := lang.Concat(out.value, lang.Literal(none))
		out.present = lang.Concat(element, lang.Star(element))
		out.absent = lang.Literal("")
	}
	out.codes = out.present.Union(out.absent)
	var err error
	out.domain, err = lang.Choose(out.codes, 0, outside)
	return out, err
}

// holding returns the codes with a value in l.
func (d *dimension) holding(l lang.Lang) lang.Lang {
	if d.Kind != List {
		return d.value.Intersect(l)
	}
	return SomeElement(d.value.Intersect(l)).Intersect(d.codes)
}
