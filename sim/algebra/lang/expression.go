package lang

import (
	"fmt"
	"slices"
	"strings"
)

// maxEliminated is how many states an automaton may have whose expression is looked for.
const maxEliminated = 24

// expression returns a regular expression for l over bytes, which matches the whole string, and false
// when it would be longer than limit. States are eliminated one by one, those with fewest paths first.
func (l Lang) expression(limit int) (string, bool) {
	if l.m == nil || len(l.m.out) > maxEliminated {
		return "", false
	}
	n := len(l.m.out)
	e := elimination{arcs: map[arc]string{}, start: n, end: n + 1, limit: limit}
	for s, out := range l.m.out {
		e.arcsOf(l.m, int32(s))
		if out == 1 {
			e.arcs[arc{s, e.end}] = ""
		}
	}
	e.arcs[arc{e.start, 0}] = ""
	left := make([]int, n)
	for s := range left {
		left[s] = s
	}
	for len(left) > 0 {
		i := e.cheapest(left)
		if !e.remove(left[i]) {
			return "", false
		}
		left = slices.Delete(left, i, i+1)
	}
	s := e.arcs[arc{e.start, e.end}]
	return s, len(s) <= limit
}

type arc struct{ from, to int }

// elimination holds expressions between the states that are left.
type elimination struct {
	arcs       map[arc]string
	start, end int
	limit      int
}

// arcsOf adds the classes of bytes between a state and the next ones.
func (e *elimination) arcsOf(m *machine, s int32) {
	classes := map[int32]*[256]bool{}
	for b := range 256 {
		t := m.step(s, byte(b))
		if m.sink(t) && m.out[t] == 0 {
			continue
		}
		if classes[t] == nil {
			classes[t] = &[256]bool{}
		}
		classes[t][b] = true
	}
	for t, c := range classes {
		e.arcs[arc{int(s), int(t)}] = class(c)
	}
}

// cheapest returns the place of the state whose removal makes fewest paths.
func (e *elimination) cheapest(left []int) int {
	best, cost := 0, -1
	for i, s := range left {
		in, out := 0, 0
		for a := range e.arcs {
			if a.to == s && a.from != s {
				in++
			}
			if a.from == s && a.to != s {
				out++
			}
		}
		if c := in * out; cost < 0 || c < cost {
			best, cost = i, c
		}
	}
	return best
}

// remove joins the arcs through a state. It reports false once an expression is too long.
func (e *elimination) remove(s int) bool {
	loop, ok := e.arcs[arc{s, s}]
	if ok {
		loop = group(loop, true) + "*"
	}
	var in, out []arc
	for a := range e.arcs {
		if a.to == s && a.from != s {
			in = append(in, a)
		}
		if a.from == s && a.to != s {
			out = append(out, a)
		}
	}
	byEnds := func(a, b arc) int { return (a.from-b.from)<<16 + a.to - b.to }
	slices.SortFunc(in, byEnds)
	slices.SortFunc(out, byEnds)
	for _, i := range in {
		for _, o := range out {
			text := group(e.arcs[i], false) + loop + group(e.arcs[o], false)
			through := arc{i.from, o.to}
			if old, ok := e.arcs[through]; ok {
				text = either(old, text)
			}
			if len(text) > 2*e.limit {
				return false
			}
			e.arcs[through] = text
		}
	}
	for _, a := range append(in, out...) {
		delete(e.arcs, a)
	}
	delete(e.arcs, arc{s, s})
	return true
}

// either joins two alternatives.
func either(a, b string) string {
	switch {
	case a == b:
		return a
	case a == "":
		return group(b, true) + "?"
	case b == "":
		return group(a, true) + "?"
	}
	return a + "|" + b
}

// group puts brackets around an expression where it would bind otherwise: always around alternatives,
// and around more than one element when it is repeated.
func group(s string, repeated bool) string {
	single := len(s) == 1 || len(s) == 2 && s[0] == '\\' ||
		strings.HasPrefix(s, "[") && strings.IndexByte(s, ']') == len(s)-1
	if single || !repeated && !strings.Contains(s, "|") {
		return s
	}
	return "(" + s + ")"
}

// class writes a set of bytes.
func class(c *[256]bool) string {
	count := 0
	for _, in := range c {
		if in {
			count++
		}
	}
	switch {
	case count == 256:
		return "."
	case count == 1:
		return escape(byte(slices.Index(c[:], true)), `\.+*?()|[]{}^$`)
	case count > 128:
		return "[^" + spans(c, false) + "]"
	}
	return "[" + spans(c, true) + "]"
}

// spans writes the runs of bytes that are in or not.
func spans(c *[256]bool, in bool) string {
	var b strings.Builder
	for lo := 0; lo < 256; lo++ {
		if c[lo] != in {
			continue
		}
		hi := lo
		for hi < 255 && c[hi+1] == in {
			hi++
		}
		b.WriteString(escape(byte(lo), `\]^-`))
		if hi > lo+1 {
			b.WriteByte('-')
		}
		if hi > lo {
			b.WriteString(escape(byte(hi), `\]^-`))
		}
		lo = hi
	}
	return b.String()
}

func escape(b byte, special string) string {
	switch {
	case b < ' ' || b >= 0x7f:
		return fmt.Sprintf(`\x%02x`, b)
	case strings.IndexByte(special, b) >= 0:
		return `\` + string([]byte{b})
	}
	return string([]byte{b})
}
