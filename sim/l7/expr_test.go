package l7

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// TestExpressionIsRegexp compares what is told by texts alone with the expression.
func TestExpressionIsRegexp(t *testing.T) {
	exprs := []string{".*/ns/a/.*", ".*?a.*", "(?s).*a.*", "(?s:.*)a(?s:.*)", "(?i).*a.*", ".*(?i:a).*", ".*a\n.*", ".+/ns/a/(.+/|)sa/b(/.+)?",
		"a|b", "a", "ab*", ".*a.*b.*", "a.*", ".*\uFFFD.*", ".*é.*", "(?U).*a.*", "(?m)^a$.*", ".*a*", "^.*a.*$", ".*a?.*", "a{2}.*", ""}
	parts := []string{"a", "A", "b", "/ns/", "a/", "sa/b", "\n", "/", "\xff", "\xc3", "é", "\uFFFD", "x"}
	rng := rand.New(rand.NewPCG(1, 2))
	matched := 0
	for _, e := range exprs {
		x, err := compileExpression(e)
		if err != nil {
			t.Fatal(err)
		}
		re := regexp.MustCompile(`\A(?:` + e + `)\z`)
		for range 3000 {
			var b strings.Builder
			for range rng.IntN(6) {
				b.WriteString(parts[rng.IntN(len(parts))])
			}
			v := b.String()
			if got, want := x.match(v), re.MatchString(v); got != want {
				t.Fatalf("%q matches %q: %v, want %v", e, v, got, want)
			} else if got {
				matched++
			}
		}
	}
	if matched < 1000 {
		t.Errorf("only %d matches", matched)
	}
}

func TestExpressionLooksAtTexts(t *testing.T) {
	x, err := compileExpression(".*/ns/a/.*")
	if err != nil || !x.line || len(x.needs) != 1 {
		t.Errorf("%+v, %v", x, err)
	}
}
