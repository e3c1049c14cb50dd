package l7

import (
	"fmt"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// pattern is a model.Pattern made ready.
type pattern struct {
	kind     model.PatternKind
	value    string
	fold     bool
	re       *expression
	segments []segment // of a template
	bad      error     // why the pattern cannot be evaluated
}

func compilePattern(p model.Pattern) pattern {
	out := pattern{kind: p.Kind, value: p.Value, fold: p.Fold}
	if p.Fold {
		out.value = lower(p.Value)
	}
	switch p.Kind {
	case model.PatternRegexp:
		expr := p.Value
		if p.Fold {
			expr = "(?i)" + expr
		}
		out.re, out.bad = compileExpression(expr)
	case model.PatternTemplate:
		out.segments, out.bad = parseTemplate(p.Value)
	case model.PatternPathPrefix:
		out.value = strings.TrimRight(p.Value, "/")
	}
	return out
}

// match tells whether a present value matches.
func (p *pattern) match(v string) bool {
	if p.fold {
		v = lower(v)
	}
	switch p.kind {
	case model.PatternExact:
		return v == p.value
	case model.PatternPrefix:
		return strings.HasPrefix(v, p.value)
	case model.PatternSuffix:
		return strings.HasSuffix(v, p.value)
	case model.PatternContains:
		return strings.Contains(v, p.value)
	case model.PatternPresent:
		return v != ""
	case model.PatternPathPrefix:
		return strings.HasPrefix(v, p.value) && (len(v) == len(p.value) || v[len(p.value)] == '/')
	case model.PatternTemplate:
		return matchTemplate(p.segments, v)
	case model.PatternHostSuffix:
		return len(v) > len(p.value) && strings.HasSuffix(v, p.value)
	case model.PatternRegexp:
		return p.re != nil && p.re.match(v)
	default:
		return true
	}
}

// lower lowers ASCII letters; it allocates only where there is an upper-case one.
func lower(s string) string {
	for i := range len(s) {
		if c := s[i]; c >= 'A' && c <= 'Z' {
			return strings.ToLower(s)
		}
	}
	return s
}

// segment is one part of a path template between slashes: a text, {*} or {**},
// with a literal before and after the operator.
type segment struct {
	text   string
	any    bool // {*}
	glob   bool // {**}
	suffix string
}

// parseTemplate reads a path template as Envoy's URI template matcher takes it:
// {*} is one whole segment, {**} any number of characters over segments, at most
// once and last but for a literal behind it.
func parseTemplate(s string) ([]segment, error) {
	if !strings.HasPrefix(s, "/") {
		return nil, fmt.Errorf("the path template %q does not start with /", s)
	}
	var out []segment
	globbed := false
	for _, part := range strings.Split(s[1:], "/") {
		switch {
		case part == "{*}" && !globbed:
			out = append(out, segment{any: true})
		case strings.HasPrefix(part, "{**}") && !globbed:
			globbed = true
			out = append(out, segment{glob: true, suffix: part[len("{**}"):]})
		case strings.ContainsAny(part, "{}*") || globbed && strings.Contains(part, "{"):
			return nil, fmt.Errorf("the path template %q: %q is neither a text nor {*} nor the only {**}", s, part)
		default:
			out = append(out, segment{text: part})
		}
	}
	return out, nil
}

// matchTemplate tells whether an absolute path matches a template.
func matchTemplate(segments []segment, path string) bool {
	if !strings.HasPrefix(path, "/") {
		return false
	}
	rest := path[1:]
	for i, seg := range segments {
		if seg.glob {
			return matchGlob(seg.suffix, segments[i+1:], rest)
		}
		part, tail, more := strings.Cut(rest, "/")
		if seg.any && (part == "" || !templateChars(part, false)) || !seg.any && part != seg.text {
			return false
		}
		if last := i == len(segments)-1; last != !more {
			return false
		}
		rest = tail
	}
	return true
}

// matchGlob tells whether a path's rest ends in what follows a {**}.
func matchGlob(suffix string, after []segment, rest string) bool {
	tail := suffix
	for _, seg := range after {
		if seg.any {
			return matchGlobSegments(suffix, after, rest)
		}
		tail += "/" + seg.text
	}
	return strings.HasSuffix(rest, tail) && templateChars(strings.TrimSuffix(rest, tail), true)
}

// matchGlobSegments tries every place at which a {**} may end before segments
// with operators of their own.
func matchGlobSegments(suffix string, after []segment, rest string) bool {
	for i := 0; i <= len(rest); i++ {
		if templateChars(rest[:i], true) && strings.HasPrefix(rest[i:], suffix) && matchTemplate(after, rest[i+len(suffix):]) {
			return true
		}
	}
	return false
}

// templateChars tells whether a text holds only what an operator of a template
// stands for: the characters of a path's segment as Envoy's URI
// template matcher has them, and slashes where slash is set.
func templateChars(s string, slash bool) bool {
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && !(slash && c == '/') && strings.IndexByte("-._~%!$&'()+,;:@=", c) < 0 {
			return false
		}
	}
	return true
}
