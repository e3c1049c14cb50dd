package lang_test

import (
	"math/rand/v2"
	"testing"

	"github.com/netfate/netfate/sim/algebra/lang"
)

// TestBruteForce compares random sets with their truth on all short texts, and what they say of
// themselves with what they hold.
func TestBruteForce(t *testing.T) {
	all := words(6)
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(1, seed))
		l, in := random(r, r.IntN(4))
		if l.Err() != nil {
			t.Fatal(l.Err())
		}
		for _, s := range all {
			if l.Contains(s) != in(s) {
				t.Fatalf("seed %d: %q is in: %v, want %v", seed, s, l.Contains(s), in(s))
			}
		}
		checkWitness(t, l, all)
		checkSample(t, l)
	}
}

func checkWitness(t *testing.T, l lang.Lang, all []string) {
	t.Helper()
	w, ok := l.Witness()
	if ok == l.IsEmpty() || ok && !l.Contains(w) {
		t.Fatalf("witness %q, %v of %v", w, ok, l)
	}
	for _, s := range all {
		if l.Contains(s) && len(s) < len(w) {
			t.Fatalf("%q is shorter than the witness %q", s, w)
		}
	}
}

// checkSample asserts that a sample has distinct members in order of length.
func checkSample(t *testing.T, l lang.Lang) {
	t.Helper()
	seen := map[string]bool{}
	last := ""
	for _, s := range l.Sample(20) {
		if !l.Contains(s) || seen[s] || len(s) < len(last) {
			t.Fatalf("sample %q after %q of %v", s, last, l)
		}
		seen[s], last = true, s
	}
}

// TestLaws asserts the laws of sets as equality of representations.
func TestLaws(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(2, seed))
		a, _ := random(r, r.IntN(3))
		b, _ := random(r, r.IntN(3))
		c, _ := random(r, r.IntN(3))
		not := lang.Lang.Complement
		for name, sides := range map[string][2]lang.Lang{
			"union commutes":           {a.Union(b), b.Union(a)},
			"intersection commutes":    {a.Intersect(b), b.Intersect(a)},
			"union associates":         {a.Union(b).Union(c), a.Union(b.Union(c))},
			"intersection associates":  {a.Intersect(b).Intersect(c), a.Intersect(b.Intersect(c))},
			"distribution":             {a.Intersect(b.Union(c)), a.Intersect(b).Union(a.Intersect(c))},
			"dual distribution":        {a.Union(b.Intersect(c)), a.Union(b).Intersect(a.Union(c))},
			"De Morgan":                {not(a.Union(b)), not(a).Intersect(not(b))},
			"dual De Morgan":           {not(a.Intersect(b)), not(a).Union(not(b))},
			"difference":               {a.Minus(b), a.Intersect(not(b))},
			"parts":                    {a.Minus(b).Union(a.Intersect(b)), a},
			"double complement":        {not(not(a)), a},
			"complement":               {a.Union(not(a)), lang.All()},
			"absorption":               {a.Union(a.Intersect(b)), a},
			"idempotence":              {a.Union(a), a},
			"concatenation associates": {lang.Concat(a, lang.Concat(b, c)), lang.Concat(lang.Concat(a, b), c)},
			"concatenation distributes": {lang.Concat(a, b.Union(c)),
				lang.Concat(a, b).Union(lang.Concat(a, c))},
			"star":      {lang.Star(lang.Star(a)), lang.Star(a)},
			"union all": {lang.UnionAll(a, b, c), c.Union(b).Union(a)},
		} {
			if !sides[0].Equal(sides[1]) || sides[0].Hash() != sides[1].Hash() {
				t.Fatalf("seed %d: %s: %v is not %v", seed, name, sides[0], sides[1])
			}
		}
		if !a.Minus(b).Intersect(b).IsEmpty() || a.SubsetOf(b) != a.Union(b).Equal(b) || a.Overlaps(b) != !a.Intersect(b).IsEmpty() {
			t.Fatalf("seed %d: difference, subset or overlap", seed)
		}
	}
}

// TestMinimal asserts that an automaton has as many states as its set has distinct futures among
// short texts, which is never more than the least number.
func TestMinimal(t *testing.T) {
	heads, tails := words(5), words(4)
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(3, seed))
		l, _ := leaf(r)
		k, _ := leaf(r)
		l = l.Union(k)
		futures := map[string]bool{}
		for _, h := range append(heads, "x", "ax", "/x") {
			future := make([]byte, len(tails))
			for i, s := range tails {
				if l.Contains(h + s) {
					future[i] = 1
				}
			}
			futures[string(future)] = true
		}
		if l.States() != len(futures) {
			t.Fatalf("seed %d: %d states, %d futures: %v", seed, l.States(), len(futures), l)
		}
	}
}

func TestMapLaws(t *testing.T) {
	all := words(5)
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(4, seed))
		f, fAt := randomMap(t, r)
		g, gAt := randomMap(t, r)
		join := func(x, y int32) int32 { return (x*7 + y*3) % 5 }
		h, _, err := lang.Join(f, g, join, lang.MaxStates)
		if err != nil {
			t.Fatal(err)
		}
		least, _, err := lang.Join(f, g, func(x, y int32) int32 { return min(x, y) }, lang.MaxStates)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range all {
			if f.At(s) != fAt(s) || h.At(s) != join(fAt(s), gAt(s)) || least.At(s) != min(fAt(s), gAt(s)) {
				t.Fatalf("seed %d: %q", seed, s)
			}
			if f.End(f.Walk(f.Walk(0, s), "a/")) != f.At(s+"a/") {
				t.Fatalf("seed %d: %q in two pieces", seed, s)
			}
		}
		var parts []lang.Lang
		for _, v := range h.Values() {
			parts = append(parts, h.Lang(v))
		}
		for i, p := range parts {
			if p.IsEmpty() || i > 0 && p.Overlaps(lang.UnionAll(parts[:i]...)) {
				t.Fatalf("seed %d: the classes are not a division", seed)
			}
		}
		if !lang.UnionAll(parts...).IsAll() {
			t.Fatalf("seed %d: the classes lack something", seed)
		}
	}
	if _, spent, err := lang.Join(lang.Constant(1), lang.Constant(2), func(x, y int32) int32 { return x }, 0); err == nil || spent != 1 {
		t.Errorf("a join past its limit: spent %d, error %v", spent, err)
	}
}

// randomMap gives a string the number of the first of three sets that holds it.
func randomMap(t *testing.T, r *rand.Rand) (lang.Map, func(string) int32) {
	t.Helper()
	f, at := lang.Constant(0), func(string) int32 { return 0 }
	for v := range int32(3) {
		l, in := random(r, 1)
		g, err := lang.Choose(l, v+1, 0)
		if err != nil {
			t.Fatal(err)
		}
		first := func(x, y int32) int32 {
			if x != 0 {
				return x
			}
			return y
		}
		if f, _, err = lang.Join(f, g, first, lang.MaxStates); err != nil {
			t.Fatal(err)
		}
		before := at
		at = func(s string) int32 {
			if x := before(s); x != 0 {
				return x
			}
			if in(s) {
				return v + 1
			}
			return 0
		}
	}
	return f, at
}
