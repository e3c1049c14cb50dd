package l7

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// expression is a regular expression for a whole value, with what can be told of a
// value by its text alone: a search for a text is many times as fast.
type expression struct {
	re    *regexp.Regexp
	needs []string // texts without which no value matches
	line  bool     // ".*text.*": a value of one line that has the text matches
}

func compileExpression(expr string) (*expression, error) {
	re, err := regexp.Compile(`\A(?:` + expr + `)\z`)
	if err != nil {
		return nil, err
	}
	out := &expression{re: re}
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil || tree.Op != syntax.OpConcat {
		return out, nil //nolint:nilerr // compiled above: the tree is for speed alone
	}
	for _, part := range tree.Sub {
		if text := string(part.Rune); part.Op == syntax.OpLiteral && part.Flags&syntax.FoldCase == 0 && !strings.ContainsRune(text, utf8.RuneError) {
			out.needs = append(out.needs, text)
		}
	}
	out.line = len(tree.Sub) == 3 && len(out.needs) == 1 && !strings.Contains(out.needs[0], "\n") &&
		anyText(tree.Sub[0]) && anyText(tree.Sub[2])
	return out, nil
}

// anyText tells whether a part is ".*": any text of one line.
func anyText(part *syntax.Regexp) bool {
	return part.Op == syntax.OpStar && part.Sub[0].Op == syntax.OpAnyCharNotNL
}

func (x *expression) match(v string) bool {
	if slices.ContainsFunc(x.needs, func(text string) bool { return !strings.Contains(v, text) }) {
		return false
	}
	if x.line {
		return strings.IndexByte(v, '\n') < 0
	}
	return x.re.MatchString(v)
}
