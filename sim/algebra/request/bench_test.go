package request_test

import (
	"fmt"
	"testing"

	"github.com/netfate/netfate/sim/algebra/lang"
	"github.com/netfate/netfate/sim/algebra/request"
)

// rules returns n rules of distinct hosts and paths, such as n routes have.
func rules(sp *request.Space, n int) []request.Set {
	sets := make([]request.Set, n)
	for i := range sets {
		host := lang.Literal(fmt.Sprintf("shop-%02d.example.com", i%40))
		path := lang.PathPrefix(fmt.Sprintf("/team-%02d/service-%03d/v1", i%40, i))
		sets[i] = sp.Intersect(sp.Atom(request.Host, host), rule(sp, path, "GET", [...]string{"POST", "PUT", "HEAD"}[i%3]))
	}
	return sets
}

// policies returns n rules of distinct peers and paths, such as n policies of one workload have.
func policies(sp *request.Space, n int) []request.Set {
	sets := make([]request.Set, n)
	for i := range sets {
		peer := lang.Literal(fmt.Sprintf("cluster.local/ns/team-%02d/sa/client-%03d", i%40, i))
		path := lang.Prefix(fmt.Sprintf("/api/v%d/things-%03d/", i%3, i))
		sets[i] = sp.Intersect(sp.Atom(request.Principal, peer), rule(sp, path, "GET"))
	}
	return sets
}

func BenchmarkNewSpace(b *testing.B) {
	for b.Loop() {
		space(b)
	}
}

func BenchmarkRules1000(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		rules(space(b), 1000)
	}
}

func BenchmarkUnionAll1000(b *testing.B) {
	for name, make := range map[string]func(*request.Space, int) []request.Set{"hosts": rules, "principals": policies} {
		b.Run(name, func(b *testing.B) {
			sp := space(b)
			sets := make(sp, 1000)
			b.ReportAllocs()
			for b.Loop() {
				one := sp.Clone()
				s := one.UnionAll(sets...)
				b.ReportMetric(float64(one.Nodes(s)), "nodes")
			}
		})
	}
}

func BenchmarkMinus(b *testing.B) {
	sp := space(b)
	sets := rules(sp, 1000)
	all, most := sp.UnionAll(sets...), sp.UnionAll(sets[:990]...)
	b.ReportAllocs()
	for b.Loop() {
		if one := sp.Clone(); one.Minus(all, most).IsEmpty() {
			b.Fatal("empty")
		}
	}
}

func BenchmarkWitness(b *testing.B) {
	sp := space(b)
	s := sp.UnionAll(rules(sp, 1000)...)
	b.ReportAllocs()
	for b.Loop() {
		sp.Witness(s)
	}
}

func BenchmarkContains(b *testing.B) {
	sp := space(b)
	s := sp.UnionAll(rules(sp, 1000)...)
	r := request.Request{"host": request.Text("shop-10.example.com"), "path": request.Text("/team-10/service-890/v1/x")}
	if !sp.Contains(s, r) {
		b.Fatal("not contained")
	}
	b.ReportAllocs()
	for b.Loop() {
		sp.Contains(s, r)
	}
}

// BenchmarkFormat is one line of a matrix.
func BenchmarkFormat(b *testing.B) {
	sp := space(b)
	s := sp.UnionAll(rule(sp, lang.Prefix("/api/"), "GET", "HEAD"), rule(sp, lang.Literal("/healthz")))
	for b.Loop() {
		_ = sp.Format(s, 4)
	}
}

// BenchmarkSmall builds and combines what one workload's policies say.
func BenchmarkSmall(b *testing.B) {
	sp := space(b)
	b.ReportAllocs()
	for b.Loop() {
		one := sp.Clone()
		allowed := one.UnionAll(policies(one, 5)...)
		one.Minus(allowed, rule(one, lang.PathPrefix("/api/v1/admin")))
	}
}

func TestContainsDoesNotAllocate(t *testing.T) {
	sp := space(t)
	s := sp.Intersect(sp.UnionAll(rules(sp, 10)...), sp.Atom("claim:g", lang.Literal("b")))
	r := request.Request{"host": request.Text("shop-02.example.com"), "path": request.Text("/team-02/service-002/v1/x"),
		"claim:g": request.Elements("a", "b")}
	if !sp.Contains(s, r) {
		t.Fatal("not contained")
	}
	if n := testing.AllocsPerRun(100, func() { sp.Contains(s, r) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
