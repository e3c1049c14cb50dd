package lang_test

import (
	"fmt"
	"testing"

	"github.com/netfate/netfate/sim/algebra/lang"
)

// paths returns n sets of paths such as 1,000 rules have.
func paths(b *testing.B, n int) []lang.Lang {
	b.Helper()
	sets := make([]lang.Lang, n)
	for i := range sets {
		sets[i] = lang.PathPrefix(fmt.Sprintf("/team-%02d/service-%03d/v1", i%40, i))
	}
	return sets
}

func BenchmarkUnionAll1000PathPrefixes(b *testing.B) {
	sets := paths(b, 1000)
	b.ReportAllocs()
	for b.Loop() {
		b.ReportMetric(float64(lang.UnionAll(sets...).States()), "states")
	}
}

func BenchmarkOneOf1000(b *testing.B) {
	texts := make([]string, 1000)
	for i := range texts {
		texts[i] = fmt.Sprintf("/team-%02d/service-%03d/v1", i%40, i)
	}
	b.ReportAllocs()
	for b.Loop() {
		lang.OneOf(texts...)
	}
}

func BenchmarkUnionAll1000Suffixes(b *testing.B) {
	sets := make([]lang.Lang, 1000)
	for i := range sets {
		sets[i] = lang.HostWildcard(fmt.Sprintf("*.service-%03d.team-%02d.example.com", i, i%40))
	}
	b.ReportAllocs()
	for b.Loop() {
		b.ReportMetric(float64(lang.UnionAll(sets...).States()), "states")
	}
}

func BenchmarkIntersectSmall(b *testing.B) {
	l, k := lang.Prefix("/api/"), lang.Suffix(".png")
	b.ReportAllocs()
	for b.Loop() {
		l.Intersect(k)
	}
}

func BenchmarkMinusLarge(b *testing.B) {
	sets := paths(b, 1000)
	l, k := lang.UnionAll(sets...), lang.UnionAll(sets[100:]...)
	b.ReportAllocs()
	for b.Loop() {
		l.Minus(k)
	}
}

func BenchmarkWitnessLarge(b *testing.B) {
	sets := paths(b, 1000)
	l := lang.UnionAll(sets...)
	for b.Loop() {
		l.Witness()
	}
}

func BenchmarkRegexp(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := lang.Regexp(`/api/v[0-9]+/(users|orders)/[^/]+(/.*)?`, true); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkContains(b *testing.B) {
	l := lang.UnionAll(paths(b, 1000)...)
	b.ReportAllocs()
	for b.Loop() {
		l.Contains("/team-10/service-890/v1/things/1")
	}
}

func BenchmarkFormat(b *testing.B) {
	l, within := lang.PathPrefix("/api").Minus(lang.Literal("/api/admin")), lang.Prefix("/")
	for b.Loop() {
		_ = l.Format(within)
	}
}
