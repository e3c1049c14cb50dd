package l7_test

import (
	"math/rand/v2"
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/l7"
	"github.com/netfate/netfate/sim/model"
)

// TestLanguageIsWhatMatches compares a pattern's language with its Matcher on
// strings of the language, on strings near them and on random ones.
func TestLanguageIsWhatMatches(t *testing.T) {
	values := []string{"", "/", "/a", "/a/", "/a/b", "/a/b.png", ".example.com", "ab", "A/b"}
	r := rand.New(rand.NewPCG(1, 2))
	var patterns []model.Pattern
	for kind := model.PatternExact; kind <= model.PatternHostSuffix; kind++ {
		for _, v := range values {
			patterns = append(patterns, model.Pattern{Kind: kind, Value: v}, model.Pattern{Kind: kind, Value: v, Fold: true})
		}
	}
	for _, v := range []string{"/a/{*}", "/{*}/b/{**}", "/a/{**}.png", "/{**}/b", "/a/{**}/x/y", "{*}", "/a{*}", "/{**}/{*}"} {
		patterns = append(patterns, model.Pattern{Kind: model.PatternTemplate, Value: v})
	}
	for _, v := range []string{"/v[0-9]+/.*", "a|b", "(", `\d{3}`} {
		patterns = append(patterns, model.Pattern{Kind: model.PatternRegexp, Value: v}, model.Pattern{Kind: model.PatternRegexp, Value: v, Fold: true})
	}
	for _, p := range patterns {
		l, err := l7.Language(p)
		m := l7.Compile(model.Match(model.AttrHeader, "x", p))
		probes := append(l.Sample(40), values...)
		for range 200 {
			probes = append(probes, near(r, probes[r.IntN(len(probes))]))
		}
		for _, v := range probes {
			got := m.Holds(&model.Seen{Request: &model.Request{Headers: map[string]string{"x": v}}})
			if err != nil {
				if got != algebra.Maybe {
					t.Errorf("%+v has no language (%v), and its matcher says %v", p, err, got)
				}
				continue
			}
			if algebra.TriOf(l.Contains(v)) != got {
				t.Errorf("%+v: %q: in the language %v, matcher %v", p, v, l.Contains(v), got)
			}
		}
	}
}

// near changes a string at one place.
func near(r *rand.Rand, s string) string {
	const letters = "ab/.AxZ09-{} *%"
	b := []byte(s)
	i := r.IntN(len(b) + 1)
	c := letters[r.IntN(len(letters))]
	switch {
	case r.IntN(3) == 0 && i < len(b):
		b[i] = c
	case r.IntN(2) == 0 && i < len(b):
		b = append(b[:i], b[i+1:]...)
	default:
		b = append(b[:i], append([]byte{c}, b[i:]...)...)
	}
	return string(b)
}
