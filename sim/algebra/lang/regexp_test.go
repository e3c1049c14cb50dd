package lang_test

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/netfate/netfate/sim/algebra/lang"
)

// pieces are those of random expressions.
const pieces = `a|b|.|\n|\b|\B|^|$|\A|\z|(?m:^)|(?m:$)|(?i:k)|(?i:[a-c])|[^a]|[a-z]|\w|\W|\s|\d|é|[à-ÿ]|😀|\p{Greek}|(?s:.)|/|_`

func expression(r *rand.Rand, depth int) string {
	if depth == 0 {
		all := strings.Split(pieces, "|")
		return all[r.IntN(len(all))]
	}
	a := expression(r, depth-1)
	switch r.IntN(6) {
	case 0:
		return "(" + a + "|" + expression(r, depth-1) + ")"
	case 1:
		return "(" + a + ")*"
	case 2:
		return "(" + a + ")?"
	case 3:
		return "(" + a + "){1,2}"
	default:
		return a + expression(r, depth-1)
	}
}

// runeText returns a text of characters that expressions tell apart.
func runeText(r *rand.Rand) string {
	all := []rune("ab_kK\u212aàéÿ😀/ \nZ9\u07ff\uffff\U0010ffff")
	var b strings.Builder
	for range r.IntN(6) {
		b.WriteRune(all[r.IntN(len(all))])
	}
	return b.String()
}

// TestRegexpAgrees compares random expressions with Go's package regexp.
func TestRegexpAgrees(t *testing.T) {
	hits := 0
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(5, seed))
		e := expression(r, r.IntN(5))
		whole, err := lang.Regexp(e, true)
		if err != nil {
			t.Fatal(err)
		}
		some, err := lang.Regexp(e, false)
		if err != nil {
			t.Fatal(err)
		}
		goWhole, goSome := regexp.MustCompile(`\A(?:`+e+`)\z`), regexp.MustCompile(e)
		texts := append(whole.Sample(10), some.Sample(10)...)
		for range 30 {
			texts = append(texts, runeText(r))
		}
		for _, s := range texts {
			if !utf8.ValidString(s) {
				continue
			}
			if got, want := whole.Contains(s), goWhole.MatchString(s); got != want {
				t.Fatalf("%q on %q: %v, want %v", e, s, got, want)
			}
			if got, want := some.Contains(s), goSome.MatchString(s); got != want {
				t.Fatalf("%q in %q: %v, want %v", e, s, got, want)
			}
			if whole.Contains(s) {
				hits++
			}
		}
	}
	if hits < 3000 {
		t.Errorf("only %d texts matched: the comparison says little", hits)
	}
}

func TestRegexpUTF8(t *testing.T) {
	dot := regex(t, "(?s:.)")
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if utf8.ValidRune(r) && !dot.Contains(string(r)) {
			t.Fatalf("%U is not one character", r)
		}
	}
	for _, s := range []string{"", "ab", "\x80", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "é"[:1]} {
		if dot.Contains(s) {
			t.Errorf("%q is one character", s)
		}
	}
}

// TestExpression reads the expressions that sets print, which must give the sets back.
func TestExpression(t *testing.T) {
	all := words(6)
	read := 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(6, seed))
		l, _ := random(r, 2)
		s, ok := strings.CutPrefix(l.String(), "~")
		if !ok {
			continue
		}
		read++
		// The expression is over bytes; on the words, which are ASCII, bytes and characters are one.
		re := regexp.MustCompile(`\A(?s:` + s + `)\z`)
		for _, w := range all {
			if re.MatchString(w) != l.Contains(w) {
				t.Fatalf("seed %d: %s on %q", seed, s, w)
			}
		}
	}
	if read < 10 {
		t.Errorf("only %d expressions were read", read)
	}
}

func FuzzRegexp(f *testing.F) {
	f.Add(`/v[0-9]+/(?i:users)(/.*)?`, "/v1/USERS/x")
	f.Add(`\bfoo\b`, "a foo.")
	f.Add(`(?m)^a$`, "b\na\nc")
	f.Add(`[^\x00-\x{10FFFF}]|x*`, "xx")
	f.Add(`\pN{3}`, "१२३")
	f.Fuzz(func(t *testing.T, e, s string) {
		if len(e) > 60 || !utf8.ValidString(s) {
			return
		}
		l, err := lang.Regexp(e, true)
		re, goErr := regexp.Compile(`\A(?:` + e + `)\z`)
		if err != nil {
			return // a limit, or no expression
		}
		if goErr != nil {
			t.Skip("the expression breaks out of its brackets")
		}
		if l.Contains(s) != re.MatchString(s) {
			t.Fatalf("%q on %q: %v", e, s, l.Contains(s))
		}
		if w, ok := l.Witness(); ok && utf8.ValidString(w) && !re.MatchString(w) {
			t.Fatalf("%q does not match the witness %q", e, w)
		}
		_ = l.String()
	})
}

func FuzzTemplate(f *testing.F) {
	f.Add("/foo/{*}/{**}", "/foo/a/b")
	f.Add("/{**}/", "//")
	f.Fuzz(func(t *testing.T, template, path string) {
		l, err := lang.Template(template)
		if err != nil {
			return
		}
		// What Envoy makes of a template that it takes: its pattern as a regular expression.
		one, any := "[-a-zA-Z0-9._~%!$&'()+,;:@=]+", "[-a-zA-Z0-9._~%!$&'()+,;:@=/]*"
		e := regexp.QuoteMeta(template)
		e = strings.ReplaceAll(e, `\{\*\*\}`, any)
		e = strings.ReplaceAll(e, `\{\*\}`, one)
		if want := regexp.MustCompile(`\A` + e + `\z`).MatchString(path); want != l.Contains(path) {
			t.Fatalf("%q on %q: %v", template, path, !want)
		}
	})
}
