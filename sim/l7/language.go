package l7

import (
	"fmt"

	"github.com/netfate/netfate/sim/algebra/lang"
	"github.com/netfate/netfate/sim/model"
)

// Language returns the values that a pattern matches: exactly those for which a
// Matcher with it holds, but for the case of letters past ASCII and for bytes that
// are no UTF-8. The error is that of a pattern that cannot be evaluated, or that
// has no automaton of a reasonable size.
func Language(p model.Pattern) (lang.Lang, error) {
	c := compilePattern(p)
	if c.bad != nil {
		return lang.Lang{}, c.bad
	}
	l, err := c.language(p)
	if err == nil && c.fold && c.kind != model.PatternRegexp {
		l = l.Fold()
	}
	if err == nil {
		err = l.Err()
	}
	return l, err
}

func (p *pattern) language(said model.Pattern) (lang.Lang, error) {
	switch p.kind {
	case model.PatternExact:
		return lang.Literal(p.value), nil
	case model.PatternPrefix:
		return lang.Prefix(p.value), nil
	case model.PatternSuffix:
		return lang.Suffix(p.value), nil
	case model.PatternContains:
		return lang.Containing(p.value), nil
	case model.PatternPresent:
		return lang.NonEmpty(), nil
	case model.PatternPathPrefix:
		return lang.PathPrefix(p.value), nil
	case model.PatternTemplate:
		return templateLanguage(p.segments), nil
	case model.PatternHostSuffix:
		return lang.Concat(lang.NonEmpty(), lang.Literal(p.value)), nil
	case model.PatternRegexp:
		expr := "(?:" + said.Value + ")"
		if said.Fold {
			expr = "(?i)" + expr
		}
		return lang.Regexp(expr, true)
	case model.PatternAny:
		return lang.All(), nil
	}
	return lang.Lang{}, fmt.Errorf("a pattern of the kind %d is not known", p.kind)
}

// templateLanguage is what matchTemplate takes.
func templateLanguage(segments []segment) lang.Lang {
	one := lang.Bytes(func(b byte) bool { return templateChars(string(rune(b)), false) && b < 0x80 })
	some := lang.Bytes(func(b byte) bool { return templateChars(string(rune(b)), true) && b < 0x80 })
	var parts []lang.Lang
	for _, s := range segments {
		parts = append(parts, lang.Literal("/"))
		switch {
		case s.any:
			parts = append(parts, one.Minus(lang.Literal("")))
		case s.glob:
			parts = append(parts, some, lang.Literal(s.suffix))
		default:
			parts = append(parts, lang.Literal(s.text))
		}
	}
	return lang.Concat(parts...)
}
