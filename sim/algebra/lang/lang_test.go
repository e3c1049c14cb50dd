package lang_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/algebra/lang"
)

func TestConstructors(t *testing.T) {
	for _, c := range []struct {
		name    string
		l       lang.Lang
		in, out []string
	}{
		{"literal", lang.Literal("a/b"), []string{"a/b"}, []string{"", "a", "a/b/", "A/b"}},
		{"empty literal", lang.Literal(""), []string{""}, []string{"a"}},
		{"fold", lang.LiteralFold("X-Env"), []string{"x-env", "X-ENV", "x-Env"}, []string{"x_env", "x-en"}},
		{"fold is ASCII", lang.LiteralFold("K"), []string{"k", "K"}, []string{"\u212a"}},
		{"one of", lang.OneOf("GET", "GETS", "", "PUT", "GET"), []string{"GET", "GETS", "", "PUT"}, []string{"G", "GETSS"}},
		{"one of none", lang.OneOf(), nil, []string{"", "a"}},
		{"prefix", lang.Prefix("/a"), []string{"/a", "/a/b", "/ab"}, []string{"/", "/b", "x/a"}},
		{"suffix", lang.Suffix(".png"), []string{".png", "a.png", ".png.png", ".p.png"}, []string{"png", "a.pngx"}},
		{"containing", lang.Containing("aab"), []string{"aab", "aaab", "xaaby"}, []string{"aaxb", "ab"}},
		{"non-empty", lang.NonEmpty(), []string{"a", "\x00"}, []string{""}},
		{"path prefix", lang.PathPrefix("/foo"), []string{"/foo", "/foo/", "/foo/x"}, []string{"/foobar", "/fo", "", "/Foo"}},
		{"path prefix with slash", lang.PathPrefix("/foo/"), []string{"/foo", "/foo/", "/foo/x"}, []string{"/foobar"}},
		{"root path prefix", lang.PathPrefix("/"), []string{"/", "/x", ""}, []string{"x"}},
		{"wildcard host", lang.HostWildcard("*.Example.com"), []string{"a.example.com", "a.b.example.com"}, []string{"example.com", ".example.com", "aexample.com"}},
		{"wildcard host, one label", lang.HostWildcardOne("*.example.com"), []string{"a.example.com"}, []string{"a.b.example.com", "example.com", ".example.com"}},
		{"exact host", lang.HostWildcard("Example.com"), []string{"example.com"}, []string{"a.example.com"}},
		{"any host", lang.HostWildcard("*"), []string{"a"}, []string{""}},
		{"fold of a suffix", lang.Suffix(".com").Fold(), []string{"a.COM", ".com"}, []string{"com"}},
		{"concatenation", lang.Concat(lang.OneOf("a", "ab"), lang.OneOf("c", "bc")), []string{"ac", "abc", "abbc"}, []string{"abbbc", "a"}},
		{"concatenation with nothing", lang.Concat(lang.All(), lang.Empty()), nil, []string{"", "a"}},
		{"star", lang.Star(lang.OneOf("ab", "c")), []string{"", "ab", "cab", "ababcc"}, []string{"a", "ba"}},
		{"what stands before", lang.OneOf("a/", "ab/", "b").Before("/"), []string{"a", "ab"}, []string{"b", "a/", ""}},
		{"preimage", lang.Literal("a/b").Preimage(func(b byte) byte {
			if b == '.' {
				return '/'
			}
			return b
		}), []string{"a/b", "a.b"}, []string{"a-b"}},
		{"star of nothing", lang.Star(lang.Empty()), []string{""}, []string{"a"}},
	} {
		for _, s := range c.in {
			if !c.l.Contains(s) {
				t.Errorf("%s lacks %q", c.name, s)
			}
		}
		for _, s := range c.out {
			if c.l.Contains(s) {
				t.Errorf("%s has %q", c.name, s)
			}
		}
	}
}

// The examples are those of the API's documentation (istio.io/api, Operation.paths).
func TestTemplate(t *testing.T) {
	for _, c := range []struct {
		template string
		in, out  []string
	}{
		{"/foo/{*}", []string{"/foo/bar", "/foo/b%20r"}, []string{"/foo/bar/baz", "/foo/", "/foo", "/foo/b r", "/foo/é"}},
		{"/foo/{**}/", []string{"/foo/bar/", "/foo/bar/baz/", "/foo//"}, []string{"/foo/bar", "/foo/"}},
		{"/foo/{*}/bar/{**}", []string{"/foo/buzz/bar/", "/foo/buzz/bar/baz", "/foo/buzz/bar/baz/q"}, []string{"/foo/bar/x", "/foo/buzz/bar"}},
		{"/{*}/foo/", []string{"/a/foo/"}, []string{"/a/foo", "//foo/"}},
		{"/foo/{**}/bar", []string{"/foo/a/b/bar", "/foo//bar"}, []string{"/foo/bar"}},
		{"/{**}", []string{"/", "/a", "/a/b"}, []string{"", "a", "/a?b"}},
		{"/a(b)+", []string{"/a(b)+"}, []string{"/abb"}},
	} {
		l := template(t, c.template)
		for _, s := range c.in {
			if !l.Contains(s) {
				t.Errorf("%s does not match %q", c.template, s)
			}
		}
		for _, s := range c.out {
			if l.Contains(s) {
				t.Errorf("%s matches %q", c.template, s)
			}
		}
	}
	for _, bad := range []string{
		"", "foo/{*}", "{*}", "/*/baz/{*}", "/**/baz/{*}", "/{**}/foo/{*}", "/foo/{*}.txt", "/foo/{**}buzz/bar",
		"/{*}/foo/{}/bar", "/foo/{buzz}/bar", "/{*}/foo/temp}/*", "/{**}/{**}", "/a//{*}", "/{*}//", "/a b/{*}",
	} {
		if _, err := lang.Template(bad); err == nil {
			t.Errorf("the template %q is taken", bad)
		}
	}
}

func TestRegexpErrors(t *testing.T) {
	for _, bad := range []string{"(", "a**", `\Q\E\y`, "[z-a]", `(?=a)`, `\1`, "a{1001}"} {
		_, err := lang.Regexp(bad, true)
		if err == nil || !strings.Contains(err.Error(), "regular expression") {
			t.Errorf("%q: error %v", bad, err)
		}
	}
	for _, large := range []string{`(a|b)*a(a|b){16}`, `(.{50}){20}.*x.{20}`, `(\pL{30}x?){20}`} {
		_, err := lang.Regexp(large, true)
		if limit := (*lang.LimitError)(nil); !errors.As(err, &limit) {
			t.Errorf("%q: error %v, want one of a limit", large, err)
		}
	}
}

// TestLimit combines sets whose intersection has no small automaton.
func TestLimit(t *testing.T) {
	sets := make([]lang.Lang, 20)
	for i := range sets {
		sets[i] = lang.Containing(strings.Repeat(string(rune('a'+i)), 2))
	}
	both := lang.IntersectAll(sets...)
	if limit := (*lang.LimitError)(nil); !errors.As(both.Err(), &limit) {
		t.Fatalf("error %v, want one of a limit", both.Err())
	}
	for name, l := range map[string]lang.Lang{
		"union": both.Union(lang.All()), "intersection": lang.Empty().Intersect(both), "difference": lang.Empty().Minus(both),
		"complement": both.Complement(), "concatenation": lang.Concat(lang.All(), both), "star": lang.Star(both), "fold": both.Fold(),
	} {
		if l.Err() == nil {
			t.Errorf("the %s lost the error", name)
		}
	}
	if _, ok := both.Witness(); ok || both.IsEmpty() || both.IsAll() || both.Equal(both) || both.Contains("") ||
		both.SubsetOf(lang.All()) || both.Overlaps(lang.All()) {
		t.Error("a set that is not known answers")
	}
	if s := both.String(); !strings.HasPrefix(s, "undetermined (more than") {
		t.Error(s)
	}
	if _, err := lang.Choose(both, 1, 0); err == nil {
		t.Error("a map of a set that is not known")
	}
}

func TestWitness(t *testing.T) {
	for _, c := range []struct {
		l    lang.Lang
		want string
	}{
		{lang.All(), ""},
		{lang.NonEmpty(), "a"},
		{lang.Literal("a").Complement().Minus(lang.Literal("")), "b"},
		{lang.Prefix("/").Minus(lang.Literal("/")), "/a"},
		{lang.HostWildcard("*.example.com"), "a.example.com"},
		{lang.Bytes(func(b byte) bool { return b < 'a' }).Minus(lang.Literal("")), "A"},
		{lang.Bytes(func(b byte) bool { return b < ' ' }).Minus(lang.Literal("")), "\t"},
		{regex(t, "(abc){5}|x{20}"), "abcabcabcabcabc"},
	} {
		if got, ok := c.l.Witness(); !ok || got != c.want {
			t.Errorf("%v: witness %q, want %q", c.l, got, c.want)
		}
	}
	if _, ok := lang.Empty().Witness(); ok {
		t.Error("the empty set has a witness")
	}
	got := regex(t, "a|b|c{7}|[xy]{2}").Sample(9)
	if want := []string{"a", "b", "xx", "xy", "yx", "yy", "ccccccc"}; !slices.Equal(got, want) {
		t.Errorf("sample %q, want %q", got, want)
	}
	if got := regex(t, "(aaaaa)*").Sample(3); !slices.Equal(got, []string{"", "aaaaa", "aaaaaaaaaa"}) {
		t.Errorf("sample %q", got)
	}
}

func TestZeroValues(t *testing.T) {
	var l lang.Lang
	if !l.IsEmpty() || l.Contains("") || !l.Equal(lang.Empty()) || !l.Complement().IsAll() || l.String() != "none" || l.States() != 1 {
		t.Error("the zero Lang is not the empty set")
	}
	var f lang.Map
	if f.At("x") != 0 || !f.Equal(lang.Constant(0)) || !f.Lang(0).IsAll() {
		t.Error("the zero Map is not 0 everywhere")
	}
}

func TestContainsDoesNotAllocate(t *testing.T) {
	l := lang.UnionAll(lang.PathPrefix("/api"), lang.Suffix(".png"))
	if n := testing.AllocsPerRun(100, func() { l.Contains("/api/v1/things/1") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
