package admit_test

import (
	"math/rand/v2"
	"testing"

	"github.com/netfate/netfate/sim/admit"
	"github.com/netfate/netfate/sim/algebra/lang"
	"github.com/netfate/netfate/sim/algebra/request"
	"github.com/netfate/netfate/sim/l7"
	"github.com/netfate/netfate/sim/model"
)

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// someSet is a random set of requests over what rewrites change.
func someSet(sp *request.Space, r *rand.Rand) request.Set {
	atom := func() request.Set {
		switch r.IntN(5) {
		case 0:
			return sp.Atom(request.Host, lang.Literal(pick(r, "a", "b")))
		case 1:
			return sp.Atom(request.Header+"x", lang.Literal(pick(r, "1", "2", "1,2")))
		case 2:
			return sp.Atom(request.Path, lang.PathPrefix(pick(r, "/a", "/a/b", "/c")))
		case 3:
			return sp.Absent(request.Header + "x")
		}
		return sp.Atom(request.Path, lang.Literal(pick(r, "/", "/a", "/a/", "/a/b", "/b")))
	}
	s := sp.Union(sp.Intersect(atom(), atom()), atom())
	if r.IntN(3) == 0 {
		return sp.Complement(s)
	}
	return s
}

func someRewrite(r *rand.Rand) *model.Rewrite {
	w := &model.Rewrite{}
	if r.IntN(3) == 0 {
		w.Host = pick(r, "a", "b")
	}
	switch r.IntN(4) {
	case 0:
		w.HasPrefix, w.Matched, w.Prefix = true, pick(r, "/", "/a", "/a/"), pick(r, "/", "/a", "/c/", "")
	case 1:
		w.HasPrefix, w.Raw, w.Matched, w.Prefix = true, true, pick(r, "/", "/a", "/b"), pick(r, "/", "/a", "/a/")
	case 2:
		w.Path = pick(r, "/", "/a", "/a/b")
	}
	if r.IntN(3) == 0 {
		w.Set = map[string]string{"x": pick(r, "1", "2")}
	}
	if r.IntN(4) == 0 {
		w.Add = map[string]string{"x": "2"}
	}
	if r.IntN(6) == 0 {
		w.Remove = []string{"X"}
	}
	return w
}

func someRequest(r *rand.Rand) *model.Request {
	x := &model.Request{Method: "GET", Host: pick(r, "a", "b", "c"), Path: pick(r, "/", "/a", "/a/", "/ab", "/a/b", "/a/b/c", "/b", "/c/a", "/a/a/b")}
	if r.IntN(2) == 0 {
		x.Headers = map[string]string{"x": pick(r, "1", "2", "1,2", "3")}
	}
	return x
}

// TestBeforeIsApply compares the requests that are in a set once they are rewritten with
// requests that are.
func TestBeforeIsApply(t *testing.T) {
	asked, in, open := 0, 0, 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 3))
		sp, err := admit.NewSpace()
		if err != nil {
			t.Fatal(err)
		}
		s, w := someSet(sp, r), someRewrite(r)
		b, why := admit.NewRoutes(sp).Before(admit.Bounds{Sure: s, May: s}, w)
		if b.Settled() != (len(why) == 0) && !b.Settled() {
			t.Fatalf("seed %d: open without a reason", seed)
		}
		for range 30 {
			x := someRequest(r)
			if w.HasPrefix && !takesPrefix(w, x.Path) {
				continue // the route is not for it
			}
			after := sp.ContainsFunc(s, admit.Values(l7.Apply(x, w)))
			sure, may := sp.ContainsFunc(b.Sure, admit.Values(x)), sp.ContainsFunc(b.May, admit.Values(x))
			if asked++; after {
				in++
			}
			if sure != may {
				open++
			}
			if sure && !after || after && !may {
				t.Fatalf("seed %d: %+v by %+v: rewritten in the set: %v; before: sure %v, may %v", seed, x, w, after, sure, may)
			}
		}
	}
	t.Logf("%d requests, %d in the set, %d open", asked, in, open)
	if in*5 < asked || in*5 > 4*asked || open*5 > asked {
		t.Error("the test says little")
	}
}

func takesPrefix(w *model.Rewrite, path string) bool {
	p := model.Pattern{Kind: model.PatternPathPrefix, Value: w.Matched}
	if w.Raw {
		p.Kind = model.PatternPrefix
	}
	l, err := l7.Language(p)
	return err == nil && l.Contains(path)
}
