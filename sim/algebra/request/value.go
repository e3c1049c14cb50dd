package request

import (
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/algebra/lang"
)

// Value is what a request has in one dimension. The zero Value is absent.
type Value struct {
	present bool
	text    string
	list    []string
}

// Absent returns the value of a request that has none.
func Absent() Value { return Value{} }

// Text returns a present value, which may be empty. In a list it is the only element.
func Text(s string) Value { return Value{present: true, text: s} }

// Elements returns the values of a list; of none it is absent. It keeps the slice. Where a dimension
// is no list, the values are one, joined by "," as those of a header are.
func Elements(list ...string) Value { return Value{present: len(list) > 0, list: list} }

// Present tells whether there is a value.
func (v Value) Present() bool { return v.present }

// Text returns the value, or the elements of a list joined by ",".
func (v Value) Text() string {
	if v.list != nil {
		return strings.Join(v.list, ",")
	}
	return v.text
}

// Elements returns the elements of a list.
func (v Value) Elements() []string {
	if v.list == nil && v.present {
		return []string{v.text}
	}
	return v.list
}

// Request is one request: the values of its dimensions by name. A dimension that it lacks has its default.
type Request map[string]Value

// Equal tells whether two requests say the same.
func (r Request) Equal(o Request) bool {
	if len(r) != len(o) {
		return false
	}
	for name, v := range r {
		w, ok := o[name]
		if !ok || v.present != w.present || !slices.Equal(v.Elements(), w.Elements()) {
			return false
		}
	}
	return true
}

// initial is the state of a map in which nothing was read.
const initial = int32(0)

// classify returns the number that f gives to the code of v in d, and false when v has no code. It
// does not allocate, but for several values where one is expected.
func (d *Dim) classify(f lang.Map, v Value) (int32, bool) {
	if d.Kind != List {
		code := v.Text()
		if v.present && strings.IndexByte(code, 0) >= 0 {
			return 0, false
		}
		if !v.present && d.Kind == Optional {
			code = none
		}
		return f.At(code), true
	}
	if v.list == nil {
		if !v.present {
			return f.At(""), true
		}
		return f.End(f.Walk(f.Walk(initial, v.text), none)), strings.IndexByte(v.text, 0) < 0
	}
	state := initial
	for _, e := range v.list {
		if strings.IndexByte(e, 0) >= 0 {
			return 0, false
		}
		state = f.Walk(f.Walk(state, e), none)
	}
	return f.End(state), true
}

// initially returns the value of a request that does not say d.
func (d *Dim) initially() Value {
	if d.Kind == Scalar {
		return Text(d.Default)
	}
	return Absent()
}

// decode returns the value with a code.
func (d *Dim) decode(code string) Value {
	switch {
	case d.Kind == List && code == "", d.Kind == Optional && code == none:
		return Absent()
	case d.Kind == List:
		return Elements(strings.Split(strings.TrimSuffix(code, none), none)...)
	}
	return Text(code)
}
