package l7_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/l7"
	"github.com/netfate/netfate/sim/model"
)

func TestPatterns(t *testing.T) {
	for _, x := range []struct {
		kind    model.PatternKind
		pattern string
		fold    bool
		yes, no []string
	}{
		{model.PatternExact, "GET", false, []string{"GET"}, []string{"get", "GETS", ""}},
		{model.PatternExact, "Foo.Example", true, []string{"foo.example", "FOO.example"}, []string{"foo.examples"}},
		{model.PatternPrefix, "/api", false, []string{"/api", "/apis", "/api/x"}, []string{"/ap", "/Api"}},
		{model.PatternSuffix, ".txt", false, []string{"a.txt", ".txt"}, []string{".txt/"}},
		{model.PatternContains, "b", false, []string{"abc", "b"}, []string{"ac"}},
		{model.PatternPresent, "", false, []string{"x"}, []string{""}},
		{model.PatternAny, "", false, []string{"", "x"}, nil},
		{model.PatternPathPrefix, "/foo/", false, []string{"/foo", "/foo/", "/foo/bar"}, []string{"/foobar", "/fo"}},
		{model.PatternPathPrefix, "/", false, []string{"/", "/x"}, nil},
		{model.PatternHostSuffix, ".example.com", false, []string{"a.example.com", "a.b.example.com"}, []string{"example.com", ".example.com"}},
		{model.PatternTemplate, "/a/{*}/b", false, []string{"/a/x/b"}, []string{"/a/x y/b", "/a/*/b", "/a//b", "/a/x/y/b", "/a/x/b/", "/a/b"}},
		{model.PatternTemplate, "/a/{**}", false, []string{"/a/", "/a/x", "/a/x/y"}, []string{"/a", "/b/x", "/a/x/[y]"}},
		{model.PatternTemplate, "/{**}/end", false, []string{"/x/end", "/x/y/end", "//end"}, []string{"/end", "/x/ends"}},
		{model.PatternTemplate, "/{*}", false, []string{"/x"}, []string{"/", "/x/"}},
		{model.PatternRegexp, "a+b|c", false, []string{"aab", "c"}, []string{"aabx", "xc", ""}},
	} {
		m := l7.Compile(model.Match(model.AttrPath, "", model.Pattern{Kind: x.kind, Value: x.pattern, Fold: x.fold}))
		host := l7.Compile(model.Match(model.AttrHeader, "h", model.Pattern{Kind: x.kind, Value: x.pattern, Fold: x.fold}))
		check := func(v string, want algebra.Tri) {
			t.Helper()
			s := &model.Seen{Request: &model.Request{Path: v, Headers: map[string]string{"h": v}}}
			if got := host.Holds(s); got != want {
				t.Errorf("kind %d %q of %q: %v, want %v", x.kind, x.pattern, v, got, want)
			}
			if got := m.Holds(s); v != "" && got != want {
				t.Errorf("path: kind %d %q of %q: %v, want %v", x.kind, x.pattern, v, got, want)
			}
		}
		for _, v := range x.yes {
			check(v, algebra.Yes)
		}
		for _, v := range x.no {
			check(v, algebra.No)
		}
	}
}

// TestThreeValues holds the logic of conditions where something is not known.
func TestThreeValues(t *testing.T) {
	in := algebra.PrefixSet(netip.MustParsePrefix("10.0.0.0/8"))
	addr, get := model.MatchAddrs(model.AttrPeerAddr, in), model.Match(model.AttrMethod, "", model.Pattern{Value: "GET"})
	unknown := &model.Seen{Request: &model.Request{}}
	known := &model.Seen{Request: &model.Request{Method: "POST"}, Peer: netip.MustParseAddr("10.1.1.1")}
	for i, x := range []struct {
		cond *model.Cond
		seen *model.Seen
		want algebra.Tri
	}{
		{nil, unknown, algebra.Yes},
		{addr, unknown, algebra.Maybe},
		{addr, known, algebra.Yes},
		{model.NotCond(addr), unknown, algebra.Maybe},
		{model.AllOf(addr, model.NotCond(get)), unknown, algebra.No},
		{model.AnyOf(addr, get), unknown, algebra.Yes},
		{model.AnyOf(), known, algebra.No},
		{model.NotCond(nil), known, algebra.No},
		{model.Match(model.AttrPrincipal, "", model.Pattern{Kind: model.PatternPresent}), known, algebra.No},
		{model.NotCond(model.Match(model.AttrPrincipal, "", model.Pattern{Kind: model.PatternPresent})), known, algebra.Yes},
		{model.Match(model.AttrPath, "", model.Pattern{Kind: model.PatternRegexp, Value: "("}), known, algebra.Maybe},
	} {
		m := l7.Compile(x.cond)
		if got := m.Holds(x.seen); got != x.want {
			t.Errorf("%d: %s: %v, want %v", i, l7.CondText(x.cond), got, x.want)
		}
		if got := len(m.Reasons(x.seen)) > 0; got != (x.want == algebra.Maybe) {
			t.Errorf("%d: reasons %v", i, m.Reasons(x.seen))
		}
		if got := m.Why(x.seen) != ""; got != (x.want != algebra.Yes) {
			t.Errorf("%d: why %q", i, m.Why(x.seen))
		}
	}
}

// TestRouterIndexAgreesWithAScan compares the indexed choice with the first rule
// that matches, over many paths and hosts.
func TestRouterIndexAgreesWithAScan(t *testing.T) {
	kinds := []model.PatternKind{model.PatternExact, model.PatternPathPrefix, model.PatternPrefix}
	parts := []string{"/", "/a", "/a/b", "/a/bc", "/b", "/b/", "/a/b/c"}
	table := &model.RouteTable{NoMatch: model.RouteAction{Kind: model.RouteRespond, Status: 404}}
	for _, h := range []model.Pattern{{Value: "x.example.com"}, {Kind: model.PatternHostSuffix, Value: ".example.com"}, {Kind: model.PatternAny}} {
		hr := model.HostRoutes{Host: h}
		for i := range 20 {
			p := model.Pattern{Kind: kinds[i%3], Value: parts[(i*5+len(h.Value))%len(parts)]}
			hr.Rules = append(hr.Rules, model.RouteRule{When: model.Match(model.AttrPath, "", p), Order: fmt.Sprint(i)})
		}
		table.Hosts = append(table.Hosts, hr)
	}
	r := l7.NewRouter(table)
	for _, host := range []string{"x.example.com", "y.example.com", "X.Example.com", "example.com", "other"} {
		for _, path := range append(parts, "/c", "/a/", "/a/bcd", "/b/x/y") {
			s := &model.Seen{Request: &model.Request{Host: host, Path: path}}
			got := r.Decide(host, s, nil)
			want := scan(table, host, s)
			if len(got) != 1 || got[0].Rule != want {
				t.Errorf("%s%s: %v, want rule %v", host, path, got, want)
			}
		}
	}
}

func scan(t *model.RouteTable, host string, s *model.Seen) *model.RouteRule {
	for i := range t.Hosts {
		h := l7.Compile(model.Match(model.AttrHeader, "h", model.Pattern{Kind: t.Hosts[i].Host.Kind, Value: t.Hosts[i].Host.Value, Fold: true}))
		if h.Holds(&model.Seen{Request: &model.Request{Headers: map[string]string{"h": host}}}) != algebra.Yes {
			continue
		}
		for j := range t.Hosts[i].Rules {
			if l7.Compile(t.Hosts[i].Rules[j].When).Holds(s) == algebra.Yes {
				return &t.Hosts[i].Rules[j]
			}
		}
		return nil
	}
	return nil
}

// BenchmarkRequest is the decision on one request: a table of 1,000 routes and
// 1,000 policies over 1,000 workloads of one namespace.
func BenchmarkRequest(b *testing.B) {
	m := &model.Model{Mesh: &model.Mesh{Request: []model.Tier{{Name: model.TierAllow}}}}
	table := &model.RouteTable{}
	hr := model.HostRoutes{Host: model.Pattern{Value: "shop.example.com"}}
	for i := range 1000 {
		l := model.NewLabels(map[string]string{"app": fmt.Sprintf("a%d", i)})
		m.Endpoints = append(m.Endpoints, model.Endpoint{Namespace: "n", Name: fmt.Sprint(i), Labels: l})
		when := model.AllOf(model.Match(model.AttrPrincipal, "", model.Pattern{Value: "td/ns/n/sa/c"}), model.Match(model.AttrMethod, "", model.Pattern{Value: "GET"}))
		m.Mesh.Request[0].Policies = append(m.Mesh.Request[0].Policies, &model.Policy{Subject: model.Selector{Namespace: "n", PodLabels: model.In("app", fmt.Sprintf("a%d", i))},
			Unmatched: model.UnmatchedDeny, Rules: []model.Rule{{Action: model.Allow, When: when}}})
		hr.Rules = append(hr.Rules, model.RouteRule{When: model.Match(model.AttrPath, "", model.Pattern{Kind: model.PatternPathPrefix, Value: fmt.Sprintf("/app/%d", i)})})
	}
	table.Hosts = []model.HostRoutes{hr}
	router, chain := l7.NewRouter(table), l7.NewChain(m, m.Mesh.Request, nil)
	s := &model.Seen{Request: &model.Request{Method: "GET", Host: "shop.example.com", Path: "/app/777/x"}, Principal: "td/ns/n/sa/c"}
	out := make([]l7.Choice, 0, 4)
	b.ReportAllocs()
	for b.Loop() {
		out = router.Decide(s.Request.Host, s, out[:0])
		if chain.Decide(777, s) != model.Allowed || out[0].Rule == nil {
			b.Fatal("denied")
		}
	}
}
