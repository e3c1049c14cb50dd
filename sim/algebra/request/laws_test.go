package request_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/algebra/lang"
	"github.com/netfate/netfate/sim/algebra/request"
)

// truth is a set as a slow and simple question.
type truth func(r request.Request) bool

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// atom returns a condition and its truth.
func atom(sp *request.Space, r *rand.Rand) (request.Set, truth) {
	dim := pick(r, "path", "path", "method", "host", "header:x", "query:q", "principal", "claim:g", "audiences", "token")
	if r.IntN(6) == 0 && dim != "path" && dim != "method" && dim != "host" {
		return sp.Absent(dim), func(q request.Request) bool { return !q[dim].Present() }
	}
	l, in := values(r, dim)
	return sp.Atom(dim, l), func(q request.Request) bool {
		v, ok := q[dim]
		if !ok {
			v = request.Text(map[string]string{"path": "/", "method": "GET"}[dim])
			if dim != "path" && dim != "method" && dim != "host" {
				return false
			}
		}
		return slices.ContainsFunc(v.Elements(), in)
	}
}

// values returns a language that fits a dimension.
func values(r *rand.Rand, dim string) (lang.Lang, func(string) bool) {
	w := word(r, dim)
	switch r.IntN(4) {
	case 0:
		return lang.Literal(w), func(s string) bool { return s == w }
	case 1:
		w = w[:min(len(w), 2)]
		return lang.Prefix(w), func(s string) bool { return strings.HasPrefix(s, w) }
	case 2:
		w = w[len(w)/2:]
		return lang.Suffix(w), func(s string) bool { return strings.HasSuffix(s, w) }
	default:
		v := word(r, dim)
		return lang.OneOf(v, w), func(s string) bool { return s == v || s == w }
	}
}

// word returns a value such as requests and rules of a dimension share.
func word(r *rand.Rand, dim string) string {
	switch dim {
	case "path":
		return pick(r, "/", "/a", "/a/b", "/ab", "/b")
	case "method":
		return pick(r, "GET", "POST", "PUT")
	case "token":
		return pick(r, "a", "b", "a/b") + "\x01" + pick(r, "a", "b")
	}
	return pick(r, "a", "ab", "b", "ba", "td/ns/a/sa/b")
}

// someRequest returns a random request.
func someRequest(r *rand.Rand) request.Request {
	q := request.Request{}
	for _, dim := range []string{"path", "method", "host", "header:x", "query:q", "principal", "claim:g", "audiences", "token"} {
		switch {
		case r.IntN(3) == 0:
		case dim == "claim:g" || dim == "audiences":
			var list []string
			for range r.IntN(4) {
				list = append(list, word(r, dim))
			}
			q[dim] = request.Elements(list...)
		default:
			q[dim] = request.Text(word(r, dim))
		}
	}
	return q
}

func random(sp *request.Space, r *rand.Rand, depth int) (request.Set, truth) {
	if depth == 0 {
		return atom(sp, r)
	}
	a, inA := random(sp, r, depth-1)
	b, inB := random(sp, r, depth-1)
	switch r.IntN(4) {
	case 0:
		return sp.Union(a, b), func(q request.Request) bool { return inA(q) || inB(q) }
	case 1:
		return sp.Intersect(a, b), func(q request.Request) bool { return inA(q) && inB(q) }
	case 2:
		return sp.Minus(a, b), func(q request.Request) bool { return inA(q) && !inB(q) }
	default:
		return sp.Complement(a), func(q request.Request) bool { return !inA(q) }
	}
}

// TestBruteForce compares random sets with their truth on random requests, and their witnesses, boxes and
// dimensions with what they hold.
func TestBruteForce(t *testing.T) {
	sp := space(t)
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(1, seed))
		s, in := random(sp, r, r.IntN(4))
		known(t, sp, s)
		boxes, complete := sp.Boxes(s, 200)
		for range 100 {
			q := someRequest(r)
			if sp.Contains(s, q) != in(q) {
				t.Fatalf("seed %d: %s is in: %v", seed, sp.FormatRequest(q), !in(q))
			}
			if complete {
				checkBoxes(t, boxes, q, in(q))
			}
			checkDims(t, sp, s, q, r)
			checkGiven(t, sp, s, q, r)
		}
		w, ok := sp.Witness(s)
		if ok == s.IsEmpty() || ok && (!sp.Contains(s, w) || !in(w)) {
			t.Fatalf("seed %d: witness %v, %v", seed, w, ok)
		}
	}
}

// checkBoxes asserts that a request is in one box exactly when it is in the set, and never in two.
func checkBoxes(t *testing.T, boxes []request.Box, q request.Request, in bool) {
	t.Helper()
	hits := 0
	for _, b := range boxes {
		if !slices.ContainsFunc(b, func(term request.Term) bool { return !fulfils(term, q) }) {
			hits++
		}
	}
	if in != (hits == 1) || hits > 1 {
		t.Fatalf("%v is in %d boxes and in the set: %v", q, hits, in)
	}
}

func fulfils(t request.Term, q request.Request) bool {
	v, ok := q[t.Dim]
	if !ok && (t.Dim == "path" || t.Dim == "method" || t.Dim == "host") {
		v = request.Text(map[string]string{"path": "/", "method": "GET"}[t.Dim])
	}
	if t.Other {
		code := ""
		for _, e := range v.Elements() {
			code += e + "\x00"
		}
		return t.Codes.Contains(code)
	}
	if !v.Present() {
		return t.Absent
	}
	return t.Lacks != slices.ContainsFunc(v.Elements(), t.Values.Contains)
}

// checkDims asserts that dimensions which a set does not name do not matter.
func checkDims(t *testing.T, sp *request.Space, s request.Set, q request.Request, r *rand.Rand) {
	t.Helper()
	other := someRequest(r)
	for _, d := range sp.Dims(s) {
		delete(other, d)
		if v, ok := q[d]; ok {
			other[d] = v
		}
	}
	if sp.Contains(s, q) != sp.Contains(s, other) {
		t.Fatalf("%v and %v differ in dimensions other than %v", q, other, sp.Dims(s))
	}
}

// checkGiven asserts that a dimension which is given no longer matters, and otherwise nothing changed.
func checkGiven(t *testing.T, sp *request.Space, s request.Set, q request.Request, r *rand.Rand) {
	t.Helper()
	dim := pick(r, "path", "principal", "claim:g")
	v, ok := q[dim]
	if !ok {
		return
	}
	given := sp.Given(s, dim, v)
	if sp.Contains(given, q) != sp.Contains(s, q) || slices.Contains(sp.Dims(given), dim) {
		t.Fatalf("%s given as %v", dim, v)
	}
	if sp.Contains(s, q) && !sp.Contains(sp.Exists(s, dim), q) {
		t.Fatalf("%v is not among what exists for some %s", q, dim)
	}
}

// TestLaws asserts the laws of sets as ==.
func TestLaws(t *testing.T) {
	sp := space(t)
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(2, seed))
		a, _ := random(sp, r, r.IntN(3))
		b, _ := random(sp, r, r.IntN(3))
		c, _ := random(sp, r, r.IntN(3))
		or, and, not := sp.Union, sp.Intersect, sp.Complement
		for name, sides := range map[string][2]request.Set{
			"union commutes":          {or(a, b), or(b, a)},
			"intersection commutes":   {and(a, b), and(b, a)},
			"union associates":        {or(or(a, b), c), or(a, or(b, c))},
			"intersection associates": {and(and(a, b), c), and(a, and(b, c))},
			"distribution":            {and(a, or(b, c)), or(and(a, b), and(a, c))},
			"dual distribution":       {or(a, and(b, c)), and(or(a, b), or(a, c))},
			"De Morgan":               {not(or(a, b)), and(not(a), not(b))},
			"dual De Morgan":          {not(and(a, b)), or(not(a), not(b))},
			"difference":              {sp.Minus(a, b), and(a, not(b))},
			"parts":                   {or(sp.Minus(a, b), and(a, b)), a},
			"double complement":       {not(not(a)), a},
			"complement":              {or(a, not(a)), sp.All()},
			"absorption":              {or(a, and(a, b)), a},
			"all of them":             {sp.UnionAll(a, b, c), or(c, or(b, a))},
			"each of them":            {sp.IntersectAll(a, b, c), and(c, and(b, a))},
			"exists distributes":      {sp.Exists(or(a, b), "path"), or(sp.Exists(a, "path"), sp.Exists(b, "path"))},
		} {
			if known(t, sp, sides[0]) != sides[1] {
				t.Fatalf("seed %d: %s: %s\nis not %s", seed, name, sp.Format(sides[0], 5), sp.Format(sides[1], 5))
			}
		}
		if !and(sp.Minus(a, b), b).IsEmpty() || sp.Subset(a, b) != (or(a, b) == b) {
			t.Fatalf("seed %d: difference or subset", seed)
		}
	}
}

// TestLists asserts the laws of lists as languages.
func TestLists(t *testing.T) {
	sp := space(t)
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(3, seed))
		l, _ := values(r, "claim:g")
		k, _ := values(r, "claim:g")
		has := func(l lang.Lang) request.Set { return sp.Atom("claim:g", l) }
		if sp.Union(has(l), has(k)) != has(l.Union(k)) {
			t.Fatal("an element of either is an element of one")
		}
		if sp.Union(has(l), has(l.Complement())) != sp.Complement(sp.Absent("claim:g")) {
			t.Fatal("a list that is not empty has an element that is or is not")
		}
		if !request.NoElement(l).Equal(request.SomeElement(l).Complement().Intersect(request.NoElement(lang.Empty()))) {
			t.Fatal("no element is not some element")
		}
	}
}

// TestOrder asserts that what a set says does not depend on how it was built.
func TestOrder(t *testing.T) {
	build := func(order []int) string {
		sp := space(t)
		sp.Atom("header:b", lang.All()) // the same dimensions in the same order
		sp.Atom("header:a", lang.All())
		sets := []request.Set{
			sp.Intersect(rule(sp, lang.Prefix("/a/"), "GET"), header(sp, "a", "1")),
			sp.Intersect(rule(sp, lang.Prefix("/a/b/"), "PUT"), header(sp, "b", "2")),
			rule(sp, lang.Literal("/z"), "GET", "PUT"), header(sp, "a", "3"),
		}
		out := sp.None()
		for _, i := range order {
			out = sp.Union(out, sets[i])
		}
		w, _ := sp.Witness(out)
		return sp.Format(out, 20) + sp.FormatRequest(w)
	}
	want := build([]int{0, 1, 2, 3})
	for _, order := range [][]int{{3, 2, 1, 0}, {1, 3, 0, 2}, {2, 0, 3, 1}} {
		if got := build(order); got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
}
