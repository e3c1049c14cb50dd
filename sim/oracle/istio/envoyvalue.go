package istio

import (
	"strings"

	routev3 "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	matcherv3 "github.com/envoyproxy/go-control-plane/envoy/type/matcher/v3"
	"google.golang.org/protobuf/types/known/structpb"
)

// headerMatches evaluates Envoy's HeaderMatcher. A header that is not there does
// not match.
func (e *envoy) headerMatches(m *routev3.HeaderMatcher, r *request) bool {
	if m.GetInvertMatch() || m.GetTreatMissingHeaderAsEmpty() {
		return e.unknown("header matcher", m)
	}
	v, ok := r.header(m.GetName())
	switch p := m.GetHeaderMatchSpecifier().(type) {
	case *routev3.HeaderMatcher_PresentMatch:
		return ok == p.PresentMatch
	case *routev3.HeaderMatcher_StringMatch:
		return ok && e.stringMatches(p.StringMatch, v)
	}
	return e.unknown("header matcher", m)
}

// header returns a header, of which names have no case; Host is :authority.
func (r *request) header(name string) (string, bool) {
	if r == nil {
		return "", false
	}
	switch name = strings.ToLower(name); name {
	case ":authority", "host":
		return r.authority, true
	case ":method":
		return r.method, true
	case ":path":
		return r.path, true
	}
	v, ok := r.headers[name]
	return v, ok
}

// pathOnly is the path without query and fragment, as path matchers see it.
func (r *request) pathOnly() string {
	if i := strings.IndexAny(r.path, "?#"); i >= 0 {
		return r.path[:i]
	}
	return r.path
}

// metadataMatches evaluates Envoy's MetadataMatcher on what filters wrote.
func (e *envoy) metadataMatches(m *matcherv3.MetadataMatcher, c *conn) bool {
	if m.GetInvert() {
		return e.unknown("metadata matcher", m)
	}
	v := structpb.NewStructValue(c.metadata[m.GetFilter()])
	for _, s := range m.GetPath() {
		v = v.GetStructValue().GetFields()[s.GetKey()]
	}
	return v != nil && e.valueMatches(m.GetValue(), v)
}

// valueMatches evaluates Envoy's ValueMatcher.
func (e *envoy) valueMatches(m *matcherv3.ValueMatcher, v *structpb.Value) bool {
	switch p := m.GetMatchPattern().(type) {
	case *matcherv3.ValueMatcher_StringMatch:
		s, ok := v.GetKind().(*structpb.Value_StringValue)
		return ok && e.stringMatches(p.StringMatch, s.StringValue)
	case *matcherv3.ValueMatcher_ListMatch:
		for _, item := range v.GetListValue().GetValues() {
			if e.valueMatches(p.ListMatch.GetOneOf(), item) {
				return true
			}
		}
		return false
	case *matcherv3.ValueMatcher_OrMatch:
		for _, x := range p.OrMatch.GetValueMatchers() {
			if e.valueMatches(x, v) {
				return true
			}
		}
		return false
	}
	return e.unknown("value matcher", m)
}
