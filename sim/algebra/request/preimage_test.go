package request_test

import (
	"math/rand/v2"
	"testing"

	"github.com/netfate/netfate/sim/algebra/lang"
	"github.com/netfate/netfate/sim/algebra/request"
)

// TestPreimage compares the requests that are in a set once their path has a prefix
// with requests that are given one.
func TestPreimage(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 9))
		sp, err := request.NewSpace()
		if err != nil {
			t.Fatal(err)
		}
		a, _ := atom(sp, r)
		b, _ := atom(sp, r)
		c, _ := atom(sp, r)
		s := sp.Union(sp.Intersect(a, b), c)
		const with = "/a"
		got := sp.Preimage(s, request.Path, func(l lang.Lang) lang.Lang { return l.After(with) })
		for range 20 {
			x := someRequest(r)
			y := request.Request{}
			for k, v := range x {
				y[k] = v
			}
			path := "/"
			if v, ok := x["path"]; ok {
				path = v.Text()
			}
			y["path"] = request.Text(with + path)
			if sp.Contains(got, x) != sp.Contains(s, y) {
				t.Fatalf("seed %d: %v is in the preimage: %v, and changed in the set: %v", seed, x, sp.Contains(got, x), sp.Contains(s, y))
			}
		}
	}
	sp, err := request.NewSpace()
	if err != nil {
		t.Fatal(err)
	}
	if sp.Err(sp.Preimage(sp.All(), request.Token, func(l lang.Lang) lang.Lang { return l })) == nil {
		t.Error("a token is no scalar")
	}
}

// TestAfter compares what is in a set behind a text with the truth.
func TestAfter(t *testing.T) {
	l := lang.UnionAll(lang.Prefix("/a/b"), lang.Suffix("c"), lang.Literal("/a"))
	for _, s := range []string{"", "/", "/b", "/bx", "c", "/c", "a", "/a"} {
		if got, want := l.After("/a").Contains(s), l.Contains("/a"+s); got != want {
			t.Errorf("%q after /a: %v, want %v", s, got, want)
		}
	}
	if l := lang.Literal("/a").After("/b"); !l.IsEmpty() {
		t.Errorf("%v", l)
	}
}
