package istio

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"sync"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	matcherv3 "github.com/envoyproxy/go-control-plane/envoy/type/matcher/v3"
)

// stringMatches evaluates Envoy's StringMatcher.
func (e *envoy) stringMatches(m *matcherv3.StringMatcher, v string) bool {
	fold := func(s string) string {
		if m.GetIgnoreCase() {
			return strings.ToLower(s)
		}
		return s
	}
	switch p := m.GetMatchPattern().(type) {
	case *matcherv3.StringMatcher_Exact:
		return fold(v) == fold(p.Exact)
	case *matcherv3.StringMatcher_Prefix:
		return strings.HasPrefix(fold(v), fold(p.Prefix))
	case *matcherv3.StringMatcher_Suffix:
		return strings.HasSuffix(fold(v), fold(p.Suffix))
	case *matcherv3.StringMatcher_SafeRegex:
		return e.fullMatch(p.SafeRegex.GetRegex(), v)
	}
	return e.unknown("string matcher", m)
}

// fullMatch matches a whole text, as RE2::FullMatch.
func (e *envoy) fullMatch(expr, v string) bool {
	re, err := e.regexps.compile(expr)
	if err != nil {
		e.fail(fmt.Errorf("regular expression %q: %w", expr, err))
		return false
	}
	return re.MatchString(v)
}

// regexps are compiled once. Safe for concurrent use.
type regexps struct{ m sync.Map }

func (r *regexps) compile(expr string) (*regexp.Regexp, error) {
	if re, ok := r.m.Load(expr); ok {
		if re, ok := re.(*regexp.Regexp); ok {
			return re, nil
		}
	}
	re, err := regexp.Compile(`\A(?:` + expr + `)\z`)
	if err == nil {
		r.m.Store(expr, re)
	}
	return re, err
}

// inRange evaluates Envoy's CidrRange: a block of the other family holds nothing.
func (e *envoy) inRange(r *corev3.CidrRange, a netip.Addr) bool {
	base, err := netip.ParseAddr(r.GetAddressPrefix())
	if err != nil {
		e.fail(fmt.Errorf("block %v: %w", r, err))
		return false
	}
	p, err := base.Prefix(int(r.GetPrefixLen().GetValue()))
	if err != nil {
		e.fail(fmt.Errorf("block %v: %w", r, err))
		return false
	}
	return p.Contains(a)
}

// templateMatches evaluates Envoy's URI template matcher on a path with its query
// (source/extensions/path/uri_template_lib): the template becomes a regular
// expression, "*" a segment and "**" any text.
func (e *envoy) templateMatches(template, path string) bool {
	const literal = `a-zA-Z0-9\-._~%!$&'()+,;:@=`
	if !strings.HasPrefix(template, "/") {
		e.refused = true
		return e.assume
	}
	var parts []string
	for _, s := range strings.Split(strings.TrimPrefix(template, "/"), "/") {
		switch s {
		case "*":
			s = "[" + literal + "]+"
		case "**":
			s = "[" + literal + "/]*"
		default:
			if !e.fullMatch("["+literal+"]*", s) {
				e.fail(fmt.Errorf("template %q: Envoy refuses the segment %q", template, s))
				return false
			}
			s = regexp.QuoteMeta(s)
		}
		parts = append(parts, s)
	}
	return e.fullMatch("/"+strings.Join(parts, "/"), path)
}
