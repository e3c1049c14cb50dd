package request_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/algebra/lang"
	"github.com/netfate/netfate/sim/algebra/request"
)

func space(t testing.TB) *request.Space {
	t.Helper()
	sp, err := request.NewSpace()
	if err != nil {
		t.Fatal(err)
	}
	return sp
}

// rule returns the requests with one of the methods, where there are any, and a path.
func rule(sp *request.Space, path lang.Lang, methods ...string) request.Set {
	s := sp.Atom(request.Path, path)
	if len(methods) > 0 {
		s = sp.Intersect(s, sp.Atom(request.Method, lang.OneOf(methods...)))
	}
	return s
}

func header(sp *request.Space, name, value string) request.Set {
	return sp.Atom(request.Header+name, lang.Literal(value))
}

func known(t testing.TB, sp *request.Space, s request.Set) request.Set {
	t.Helper()
	if err := sp.Err(s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFormat(t *testing.T) {
	sp := space(t)
	api := rule(sp, lang.Prefix("/api/"), "GET", "HEAD")
	health := rule(sp, lang.Literal("/healthz"))
	principal := sp.Atom(request.Principal, request.PrincipalNamespace(lang.Literal("shop")))
	account := sp.Atom(request.Principal, lang.Literal("cluster.local/ns/shop/sa/web"))
	groups := func(v string) request.Set { return sp.Atom(request.Claim+"groups", lang.Literal(v)) }
	token := sp.Atom(request.Token, request.TokenPrincipal(lang.Literal("https://idp/x/joe")))
	for _, c := range []struct {
		want string
		s    request.Set
	}{
		{"no request", sp.None()},
		{"any request", sp.All()},
		{"GET,HEAD /api/*; * /healthz", sp.Union(api, health)},
		{"any request but GET /admin", sp.Complement(rule(sp, lang.Literal("/admin"), "GET"))},
		{"GET /api/* except /api/x; * /api/x", sp.Union(rule(sp, lang.Prefix("/api/"), "GET"), rule(sp, lang.Literal("/api/x")))},
		{"* /* on *.example.com", sp.Atom(request.Host, lang.HostWildcard("*.example.com"))},
		{"* /healthz with header x-env: prod", sp.Intersect(health, header(sp, "x-env", "prod"))},
		{"* /* with header x-env not prod or absent", sp.Complement(header(sp, "x-env", "prod"))},
		{"* /* with header x-env", sp.Atom("header:x-env", lang.All())},
		{"* /* without header x-env", sp.Absent("header:x-env")},
		{"* /healthz with header x-env not prod or absent", sp.Minus(health, header(sp, "x-env", "prod"))},
		{"* /healthz from cluster.local/ns/shop/sa/web", sp.Intersect(health, account)},
		{"* /* from {*}/ns/shop/sa/{*}", principal},
		{"* /* over https", sp.Atom(request.Scheme, lang.Literal("https"))},
		{"* /* with query page: 2", sp.Atom(request.Query+"page", lang.Literal("2"))},
		{"* /* as https://idp/x/joe", sp.IntersectAll(token, sp.Atom(request.Token, request.TokenIssuer(lang.Literal("https://idp/x"))))},
		{"* /* with claim groups having admin", groups("admin")},
		{"* /healthz with claim groups lacking admin", sp.Minus(health, groups("admin"))},
		{"* /healthz without claim groups", sp.Intersect(health, sp.Absent("claim:groups"))},
		{`* /* with claim groups such as ["a" "b"]`, sp.Intersect(groups("a"), groups("b"))},
	} {
		if got := sp.Format(known(t, sp, c.s), 4); got != c.want {
			t.Errorf("got %s\nwant %s", got, c.want)
		}
	}
	var many []request.Set
	for _, p := range []string{"/a", "/b", "/c"} {
		many = append(many, sp.Intersect(rule(sp, lang.Literal(p)), header(sp, "x"+p[1:], "1")))
	}
	if got := sp.Format(sp.UnionAll(many...), 2); got != "* /a with header xa: 1; * /b with header xb: 1; and more" {
		t.Error(got)
	}
}

func TestWitness(t *testing.T) {
	sp := space(t)
	admin := sp.Atom(request.Claim+"groups", lang.Literal("admin"))
	for _, c := range []struct {
		want string
		s    request.Set
	}{
		{"GET /", sp.All()},
		{"POST /", sp.Complement(sp.Atom(request.Method, lang.Literal("GET")))},
		{"GET /a", sp.Complement(rule(sp, lang.Literal("/")))},
		{"GET /api/a", sp.Minus(rule(sp, lang.Prefix("/api/")), rule(sp, lang.Literal("/api/")))},
		{"GET http://a.example.com/", sp.Atom(request.Host, lang.HostWildcard("*.example.com"))},
		{"GET https://shop/", sp.Intersect(sp.Atom(request.Host, lang.Literal("shop")), sp.Atom(request.Scheme, lang.Literal("https")))},
		{"GET / from cluster.local/ns/shop/sa/a", sp.Atom(request.Principal, request.PrincipalNamespace(lang.Literal("shop")))},
		{"GET /?page=2 with header x-env: prod", sp.Intersect(header(sp, "x-env", "prod"), sp.Atom("query:page", lang.Literal("2")))},
		{"GET / as a/joe", sp.Atom(request.Token, request.TokenSubject(lang.Literal("joe")))},
		// Without Consistent a claim needs no token.
		{"GET / with claim groups: admin", admin},
		{"GET / as a/a with claim groups: admin", sp.Intersect(admin, sp.Consistent())},
		{"GET / with claim groups: a,b", sp.IntersectAll(sp.Atom("claim:groups", lang.Literal("a")), sp.Atom("claim:groups", lang.Literal("b")))},
		// One field more than the default is better than two, however short.
		{"DELETE /", sp.Union(sp.Atom(request.Method, lang.Literal("DELETE")), rule(sp, lang.Literal("/a"), "PUT"))},
	} {
		r, ok := sp.Witness(known(t, sp, c.s))
		if !ok || !sp.Contains(c.s, r) || sp.FormatRequest(r) != c.want {
			t.Errorf("got %s (in the set: %v), want %s", sp.FormatRequest(r), sp.Contains(c.s, r), c.want)
		}
	}
	if _, ok := sp.Witness(sp.None()); ok {
		t.Error("the empty set has a witness")
	}
}

func TestContains(t *testing.T) {
	sp := space(t)
	groups := func(v string) request.Set { return sp.Atom("claim:groups", lang.Literal(v)) }
	env := header(sp, "x-env", "prod")
	for _, c := range []struct {
		name string
		s    request.Set
		r    request.Request
		want bool
	}{
		{"defaults", rule(sp, lang.Literal("/"), "GET"), nil, true},
		{"header", env, request.Request{"header:x-env": request.Text("prod")}, true},
		{"other header", env, request.Request{"header:x-env": request.Text("dev")}, false},
		{"no header", env, nil, false},
		{"not the header", sp.Complement(env), nil, true},
		{"empty header is present", sp.Absent("header:x-env"), request.Request{"header:x-env": request.Text("")}, false},
		{"absent header", sp.Absent("header:x-env"), request.Request{"header:x-env": request.Absent()}, true},
		{"joined header", header(sp, "x", "a,b"), request.Request{"header:x": request.Elements("a", "b")}, true},
		{"zero byte does not hide", sp.Complement(env), request.Request{"header:x-env": request.Text("\x00")}, false},
		{"some element", groups("b"), request.Request{"claim:groups": request.Elements("a", "b", "c")}, true},
		{"no element", groups("b"), request.Request{"claim:groups": request.Elements("a", "bb")}, false},
		{"one text is one element", groups("b"), request.Request{"claim:groups": request.Text("b")}, true},
		{"two elements", sp.Intersect(groups("a"), groups("b")), request.Request{"claim:groups": request.Elements("b", "a")}, true},
		{"empty element", groups(""), request.Request{"claim:groups": request.Text("")}, true},
		{"no list", groups(""), nil, false},
		{"zero byte in an element", sp.Complement(groups("b")), request.Request{"claim:groups": request.Text("a\x00b")}, false},
		{"path outside of the domain", sp.Complement(rule(sp, lang.Literal("/x"))), request.Request{"path": request.Text("x")}, false},
		{"token", sp.Atom("token", request.TokenPrincipal(lang.Literal("a/b/c"))), request.Request{"token": request.TokenOf("a/b", "c")}, true},
		{"token of another issuer", sp.Atom("token", request.TokenIssuer(lang.Literal("a"))), request.Request{"token": request.TokenOf("a/b", "c")}, false},
		{"namespace", sp.Atom("principal", request.PrincipalNamespace(lang.Literal("a"))), request.Request{"principal": request.Text("td/ns/a/sa/b")}, true},
		{"namespace is not elsewhere", sp.Atom("principal", request.PrincipalNamespace(lang.Literal("a"))), request.Request{"principal": request.Text("td/ns/b/sa/ns/a/sa/x")}, false},
		{"account", sp.Atom("principal", request.PrincipalOf(lang.Literal("a"), lang.Literal("b"))), request.Request{"principal": request.Text("td/ns/a/sa/c")}, false},
	} {
		if got := sp.Contains(known(t, sp, c.s), c.r); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestUndetermined(t *testing.T) {
	sp := space(t)
	why := errors.New("the filter is written in Lua")
	open := sp.Undetermined(why)
	get := sp.Atom(request.Method, lang.Literal("GET"))
	for name, s := range map[string]request.Set{
		"union": sp.Union(open, sp.All()), "intersection": sp.Intersect(sp.None(), open), "difference": sp.Minus(get, open),
		"complement": sp.Complement(open), "given": sp.Given(open, "path", request.Text("/")), "exists": sp.Exists(open, "path"),
	} {
		if !errors.Is(sp.Err(s), why) {
			t.Errorf("%s: error %v", name, sp.Err(s))
		}
	}
	if _, ok := sp.Witness(open); ok || open.IsEmpty() || open.IsAll() || sp.Contains(open, nil) || sp.Subset(open, sp.All()) {
		t.Error("a set that is not known answers")
	}
	if b, ok := sp.Boxes(open, 10); ok || b != nil {
		t.Error("a set that is not known has boxes")
	}
	if got := sp.Format(open, 3); got != "undetermined: the filter is written in Lua" {
		t.Error(got)
	}
	for _, name := range []string{"colour", "header:", "header:X-Env", "claim:", ""} {
		if sp.Err(sp.Atom(name, lang.All())) == nil || sp.Err(sp.Absent(name)) == nil {
			t.Errorf("the dimension %q is taken", name)
		}
	}
	if sp.Err(sp.Undetermined(nil)) == nil {
		t.Error("a set that is not known has no reason")
	}
}

// TestLimit asks for a diagram whose languages have no small automata.
func TestLimit(t *testing.T) {
	sp := space(t)
	out := sp.All()
	for c := 'a'; c <= 'z'; c++ {
		either := sp.Union(rule(sp, lang.Containing(strings.Repeat(string(c), 3))), header(sp, "x-"+string(c), "1"))
		if out = sp.Intersect(out, either); sp.Err(out) != nil {
			break
		}
	}
	if limit := (*lang.LimitError)(nil); !errors.As(sp.Err(out), &limit) {
		t.Fatalf("error %v, want one of a limit", sp.Err(out))
	}
}

func TestNewSpaceErrors(t *testing.T) {
	for name, dims := range map[string][]request.Dim{
		"twice":   {{Name: "a", Domain: lang.All()}, {Name: "a", Domain: lang.All()}},
		"default": {{Name: "a", Domain: lang.Literal("x"), Default: "y"}},
		"empty":   {{Name: "a", Kind: request.Optional}},
	} {
		if _, err := request.NewSpace(dims...); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for _, d := range request.Standard() {
		for _, p := range append(d.Prefer, d.Domain) {
			if p.IsEmpty() || p.Err() != nil {
				t.Errorf("dimension %s has a language that is empty", d.Name)
			}
		}
	}
}

func TestGivenExistsDims(t *testing.T) {
	sp := space(t)
	web := sp.Atom(request.Principal, request.PrincipalNamespace(lang.Literal("shop")))
	s := sp.Union(sp.Intersect(web, rule(sp, lang.Prefix("/api/"), "GET")), rule(sp, lang.Literal("/healthz")))
	if got := sp.Dims(s); !slices.Equal(got, []string{"principal", "path", "method"}) {
		t.Error(got)
	}
	inside := sp.Given(s, request.Principal, request.Text("td/ns/shop/sa/web"))
	if got := sp.Format(inside, 4); got != "GET /api/*; * /healthz" {
		t.Error(got)
	}
	if got := sp.Format(sp.Given(s, request.Principal, request.Absent()), 4); got != "* /healthz" {
		t.Error(got)
	}
	if sp.Exists(s, request.Principal) != inside {
		t.Error("what somebody may do is not what a service account of the namespace may do")
	}
	if got := sp.Given(s, request.Path, request.Text("/healthz")); !got.IsAll() {
		t.Error(sp.Format(got, 4))
	}
}

func TestClone(t *testing.T) {
	sp := space(t)
	a := rule(sp, lang.Prefix("/a"))
	want := sp.Union(a, header(sp, "x", "1"))
	size := sp.Len()
	one := sp
	for range 12 {
		one = one.Clone()
		if one.Union(rule(one, lang.Prefix("/a")), header(one, "x", "1")) != want {
			t.Fatal("a clone does not know what its original knew")
		}
		one.Atom("header:only-here", lang.Literal("x"))
	}
	if sp.Len() != size || len(sp.Dims(want)) != 2 {
		t.Error("a clone wrote to its original")
	}
	if _, ok := sp.Dim("header:only-here"); ok {
		t.Error("a clone added a dimension to its original")
	}
}
