package lang

import (
	"fmt"
	"strings"
)

// Template returns the paths that an Istio path template stands for: {*} is one segment and {**}, at
// most once and after all {*}, any number of characters over any number of segments.
//
// As Envoy's URI template matcher has it, an operator takes only the characters that a path may hold
// unescaped (letters, digits and -._~%!$&'()+,;:@=, and "/" for {**}), {*} takes at least one, and {**}
// none or more: "/foo/{**}" has "/foo/" and not "/foo". Query and fragment are not part of a path here.
//
// It returns an error for what Istio's validation or Envoy rejects: no leading slash, an empty segment,
// an operator that is not a whole segment, {**} before another operator, or a character of the
// template that a path may not hold.
//
// Sources: istio.io/istio pkg/config/security CheckValidPathTemplate, Envoy
// source/extensions/path/uri_template_lib/uri_template_internal.cc.
func Template(template string) (Lang, error) {
	rest, ok := strings.CutPrefix(template, "/")
	if !ok {
		return Lang{}, fmt.Errorf("path template %q: it does not begin with /: write /%s", template, template)
	}
	parts := []Lang{Literal("/")}
	segments := strings.Split(rest, "/")
	globbed := false
	for i, s := range segments {
		if i > 0 {
			parts = append(parts, Literal("/"))
		}
		part, err := segment(s, globbed)
		if err != nil {
			return Lang{}, fmt.Errorf("path template %q: %w", template, err)
		}
		if s == "" && i != len(segments)-1 {
			return Lang{}, fmt.Errorf("path template %q: it has an empty segment: remove one of the slashes", template)
		}
		globbed = globbed || s == "{**}"
		parts = append(parts, part)
	}
	return Concat(parts...), nil
}

// segment returns what one segment of a template stands for.
func segment(s string, globbed bool) (Lang, error) {
	operator := s == "{*}" || s == "{**}"
	switch {
	case operator && globbed:
		return Lang{}, fmt.Errorf("%s stands after {**}, which has to be the last operator", s)
	case s == "{*}":
		return templateOne(), nil
	case s == "{**}":
		return templateAny(), nil
	case strings.ContainsAny(s, "{}*"):
		return Lang{}, fmt.Errorf("segment %q is neither a text nor {*} nor {**}", s)
	}
	for i := range len(s) {
		if !pathByte(s[i]) {
			return Lang{}, fmt.Errorf("segment %q has %q, which a template may not hold", s, s[i])
		}
	}
	return Literal(s), nil
}

func templateOne() Lang { return Bytes(pathByte).Minus(Literal("")) }

func templateAny() Lang { return Bytes(func(b byte) bool { return b == '/' || pathByte(b) }) }

// pathByte tells whether a segment may hold b unescaped: pchar of RFC 3986 without "*".
func pathByte(b byte) bool {
	switch {
	case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b >= '0' && b <= '9':
		return true
	}
	return strings.IndexByte("-._~%!$&'()+,;:@=", b) >= 0
}
