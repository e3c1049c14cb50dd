package lang_test

import (
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/algebra/lang"
)

func TestFormat(t *testing.T) {
	path := lang.Prefix("/")
	noNUL := lang.Bytes(func(b byte) bool { return b != 0 })
	for _, c := range []struct {
		want   string
		l      lang.Lang
		within lang.Lang
	}{
		{"none", lang.Empty(), path},
		{"any", lang.All(), path},
		{"GET", lang.Literal("GET"), lang.All()},
		{"GET,HEAD", lang.OneOf("HEAD", "GET"), lang.All()},
		{"not GET", lang.Literal("GET").Complement(), lang.All()},
		{"not (GET,HEAD)", lang.OneOf("GET", "HEAD").Complement(), lang.All()},
		{`""`, lang.Literal(""), lang.All()},
		{"?*", lang.NonEmpty(), lang.All()},
		{"?*", lang.NonEmpty(), noNUL},
		{"/api/*", lang.Prefix("/api/"), path},
		{"/api,/api/*", lang.PathPrefix("/api"), path},
		{"not (/api,/api/*)", lang.PathPrefix("/api").Complement(), path},
		{"/*.png", lang.Suffix(".png"), path},
		{"*.png", lang.Suffix(".png"), noNUL},
		{"*secret*", lang.Containing("secret"), noNUL},
		{"*.example.com", lang.HostWildcard("*.example.com"), lang.All()},
		{"*.example.com", lang.HostWildcard("*.Example.com"), noNUL},
		{"{*}.example.com", lang.HostWildcardOne("*.example.com"), noNUL},
		{"not *.example.com", lang.HostWildcard("*.example.com").Complement(), noNUL},
		{"/foo/{*}/bar", template(t, "/foo/{*}/bar"), path},
		{"/foo/{*}", template(t, "/foo/{*}"), path},
		{"/foo/{**}", template(t, "/foo/{**}"), path},
		{"/foo/{**}/bar", template(t, "/foo/{**}/bar"), path},
		{"/foo/{*}/bar/{**}", template(t, "/foo/{*}/bar/{**}"), path},
		{"/api/* except /api/admin", lang.Prefix("/api/").Minus(lang.Literal("/api/admin")), path},
		{"/api/* except /api/admin and /api/admin/*", lang.Prefix("/api/").Minus(lang.PathPrefix("/api/admin")), path},
		{"~/v[0-9][0-9]*", regex(t, "/v[0-9]+"), path},
		{"~(ab)*", regex(t, "(ab)*"), lang.All()},
	} {
		if got := c.l.Format(c.within); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
	huge := lang.UnionAll(lang.Prefix("/a/b/c"), regex(t, "/([a-f]x|[g-z]yy){1,12}q"), regex(t, ".*(xx|yz).{3}"))
	if got := huge.Format(path); !strings.HasPrefix(got, "as /") {
		t.Errorf("a huge set: %s", got)
	}
}

func template(t testing.TB, s string) lang.Lang {
	t.Helper()
	l, err := lang.Template(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func regex(t testing.TB, s string) lang.Lang {
	t.Helper()
	l, err := lang.Regexp(s, true)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
