package lang

import (
	"fmt"
	"strings"
)

const (
	maxPieces = 8   // the patterns that a description lists
	maxRegexp = 160 // the bytes of an expression that is still read
)

// String describes l within all strings: see [Lang.Format].
func (l Lang) String() string { return l.Format(All()) }

// Format describes l for people, where only strings of within are of interest:
//
//	none, any                    nothing and everything
//	GET,HEAD                     the strings themselves, "" in quotes
//	/api/*  *.png  *secret*      * stands for any text, none included; after it "." for a host's labels
//	/a/{*}/b  /a/{**}            path templates: see [Template]; {*} is also one label of a host
//	/a/?*                        ? stands for one byte
//	/api/* except /api/admin     a difference
//	not GET                      a complement, where that is shorter
//	~/v[0-9]+                    a regular expression, where nothing simpler says it
//	as /x; 200 states            an example, where the expression would be too long
//
// Descriptions are for reading: two sets that differ only in strings that nobody writes, such as a
// host that begins with a dot, may have one description.
func (l Lang) Format(within Lang) string {
	l = l.Intersect(within)
	switch {
	case l.err != nil:
		return "undetermined (" + l.err.Error() + ")"
	case l.IsEmpty():
		return "none"
	case l.Equal(within):
		return "any"
	}
	if s, ok := describe(l, within, true); ok {
		return strings.Join(s, ",")
	}
	if s, ok := describe(within.Minus(l), within, true); ok {
		if len(s) == 1 {
			return "not " + s[0]
		}
		return "not (" + strings.Join(s, ",") + ")"
	}
	if s, ok := describe(l, within, false); ok {
		return strings.Join(s, ",")
	}
	if s, ok := l.expression(maxRegexp); ok {
		return "~" + s
	}
	w, _ := l.Witness()
	return fmt.Sprintf("as %s; %d states", quote(w), l.States())
}

// describe lists patterns whose union within a set is l, and false when there is no short list.
// Plain patterns are no differences.
func describe(l, within Lang, plain bool) ([]string, bool) {
	d := describer{l: l.m, w: within.m, plain: plain}
	if !d.walk(place{}, "", maxPieces) {
		return nil, false
	}
	return d.pieces, true
}

// describer walks a set and what it is within side by side.
type describer struct {
	l, w   *machine
	pieces []string
	plain  bool // without differences
	raw    bool // texts are parts of a longer one, and not put in quotes
}

// place is a state of both.
type place struct{ l, w int32 }

// walk lists the strings that go on from a place, which text led to.
func (d *describer) walk(at place, text string, budget int) bool {
	if d.l.sink(at.l) && d.l.out[at.l] == 0 {
		return true
	}
	rest, within := of(d.l.from(at.l)), of(d.w.from(at.w))
	if rest.IsEmpty() {
		return true
	}
	looping := d.looping(at.l)
	to, token, whole := d.segment(at)
	if looping || !whole && d.wide(at.l) {
		s, ok := tail(rest, within, d.plain)
		return ok && d.emit(text, s, budget)
	}
	if d.l.out[at.l] == 1 && !d.emit(text, "", budget) {
		return false
	}
	if !whole {
		return d.leave(at, text, budget)
	}
	if d.l.out[to.l] == 1 && !d.emit(text+token, "", budget) {
		return false
	}
	return d.leave(to, text+token, budget)
}

// wide tells whether many bytes lead from a state to one other that does not reject for ever.
func (d *describer) wide(s int32) bool {
	count := map[int32]int{}
	for b := range 256 {
		t := d.l.step(s, byte(b))
		if count[t]++; count[t] > maxPieces && !(d.l.sink(t) && d.l.out[t] == 0) {
			return true
		}
	}
	return false
}

// looping tells whether a state can be reached again from itself.
func (d *describer) looping(s int32) bool {
	seen := make([]bool, len(d.l.out))
	todo := []int32{s}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for lo, hi := d.l.span(at); lo < hi; lo++ {
			t := d.l.to[lo]
			if t == s {
				return true
			}
			if !seen[t] {
				seen[t] = true
				todo = append(todo, t)
			}
		}
	}
	return false
}

// emit adds a text, or the pattern in which it stands for each "\x00".
func (d *describer) emit(text, pattern string, budget int) bool {
	switch {
	case pattern == "" && d.raw:
		d.pieces = append(d.pieces, strings.Trim(fmt.Sprintf("%q", text), `"`))
	case pattern == "":
		d.pieces = append(d.pieces, quote(text))
	default:
		d.pieces = append(d.pieces, strings.ReplaceAll(pattern, "\x00", text))
	}
	return len(d.pieces) <= budget
}

// segment recognises one whole segment at a place: some bytes, at least one, that lead to a state which
// the same bytes do not leave. It returns that state's place.
func (d *describer) segment(at place) (to place, token string, ok bool) {
	first := -1
	var class [256]bool
	for b := range 256 {
		t := d.l.step(at.l, byte(b))
		if d.l.sink(t) && d.l.out[t] == 0 {
			continue
		}
		if first < 0 {
			first = b
			to = place{t, d.w.step(at.w, byte(b))}
		}
		if t != to.l {
			return place{}, "", false
		}
		class[b] = true
	}
	if first < 0 || d.l.sink(to.l) {
		return place{}, "", false
	}
	for b := range 256 {
		if class[b] != (d.l.step(to.l, byte(b)) == to.l) {
			return place{}, "", false
		}
	}
	return to, "{*}", class['a'] && class['0'] && class['-'] && !(class['/'] && class['.'])
}

// leave walks on from a place by the bytes that lead away from it.
func (d *describer) leave(at place, text string, budget int) bool {
	for b := range 256 {
		next := place{d.l.step(at.l, byte(b)), d.w.step(at.w, byte(b))}
		if next.l == at.l {
			continue
		}
		if len(d.pieces) > budget || !d.walk(next, text+string([]byte{byte(b)}), budget) {
			return false
		}
	}
	return true
}

// quote shows a text as it is, or in quotes where it could be misread.
func quote(s string) string {
	plain := s != ""
	for i := range len(s) {
		plain = plain && s[i] > ' ' && s[i] < 0x7f && s[i] != ',' && s[i] != '"'
	}
	if plain {
		return s
	}
	return fmt.Sprintf("%q", s)
}
