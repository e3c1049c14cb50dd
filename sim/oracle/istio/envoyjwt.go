package istio

import (
	"slices"
	"strings"

	jwtv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/jwt_authn/v3"
	"google.golang.org/protobuf/types/known/structpb"
)

// token is a JSON Web Token that a request carries.
type token struct {
	invalid   bool // no token at all when it is looked at
	issuer    string
	audiences []string
	payload   *structpb.Struct
}

// jwtStatus is how the check of a token ends.
type jwtStatus int

const (
	jwtOK jwtStatus = iota
	jwtMissed
	jwtUnknownIssuer
	jwtAudience
	jwtBad
)

// jwtAuthn evaluates Envoy's jwt_authn filter: 0 lets the request on, otherwise it
// is answered with the status. A checked token's payload becomes metadata.
func (e *envoy) jwtAuthn(f *jwtv3.JwtAuthentication, c *conn) int {
	if f.GetBypassCorsPreflight() && corsPreflight(c.request) {
		return 0
	}
	if len(f.GetRules()) != 1 || f.GetRules()[0].GetMatch().GetPrefix() != "/" || len(f.GetRequirementMap()) > 0 {
		e.unknown("jwt_authn", f)
		return 0
	}
	switch e.require(f, f.GetRules()[0].GetRequires(), c) {
	case jwtOK:
		return 0
	case jwtAudience:
		return 403
	}
	return 401
}

// corsPreflight tells whether a request asks what cross-origin requests may do.
func corsPreflight(r *request) bool {
	return r.method == "OPTIONS" && r.headers["origin"] != "" && r.headers["access-control-request-method"] != ""
}

// require evaluates a requirement (source/extensions/filters/http/jwt_authn/verifier.cc).
func (e *envoy) require(f *jwtv3.JwtAuthentication, r *jwtv3.JwtRequirement, c *conn) jwtStatus {
	switch r := r.GetRequiresType().(type) {
	case *jwtv3.JwtRequirement_ProviderName:
		return e.verify(f.GetProviders()[r.ProviderName], c)
	case *jwtv3.JwtRequirement_RequiresAny:
		return e.requireAny(f, r.RequiresAny.GetRequirements(), c)
	case *jwtv3.JwtRequirement_RequiresAll:
		for _, x := range r.RequiresAll.GetRequirements() {
			if s := e.require(f, x, c); s != jwtOK {
				return s
			}
		}
		return jwtOK
	}
	e.unknown("jwt requirement", r)
	return jwtBad
}

// requireAny is the first that succeeds, else the most telling failure; that a
// token may be missing excuses nothing but that.
func (e *envoy) requireAny(f *jwtv3.JwtAuthentication, list []*jwtv3.JwtRequirement, c *conn) jwtStatus {
	out, mayMiss := jwtMissed, false
	for _, x := range list {
		if x.GetAllowMissing() != nil {
			mayMiss = true
			continue
		}
		s := e.require(f, x, c)
		if s == jwtOK {
			return jwtOK
		}
		if s != jwtMissed && s != jwtUnknownIssuer || out == jwtMissed {
			out = s
		}
	}
	if mayMiss && out == jwtMissed {
		return jwtOK
	}
	return out
}

// verify checks the token for one provider.
func (e *envoy) verify(p *jwtv3.JwtProvider, c *conn) jwtStatus {
	t := c.request.token
	switch {
	case p == nil || len(p.GetFromHeaders())+len(p.GetFromParams())+len(p.GetFromCookies()) > 0 || p.GetSubjects() != nil:
		e.unknown("jwt provider", p)
		return jwtBad
	case t == nil:
		return jwtMissed
	case t.invalid:
		return jwtBad
	case p.GetIssuer() != "" && p.GetIssuer() != t.issuer:
		return jwtUnknownIssuer
	case len(p.GetAudiences()) > 0 && !slices.ContainsFunc(t.audiences, func(a string) bool {
		return slices.ContainsFunc(p.GetAudiences(), func(b string) bool { return bareAudience(a) == bareAudience(b) })
	}):
		return jwtAudience
	}
	payload := splitClaims(t.payload, p.GetNormalizePayloadInMetadata().GetSpaceDelimitedClaims())
	c.metadata["envoy.filters.http.jwt_authn"] = &structpb.Struct{Fields: map[string]*structpb.Value{
		p.GetPayloadInMetadata(): structpb.NewStructValue(payload)}}
	return jwtOK
}

// bareAudience is an audience without scheme and trailing slash, as they are
// compared (jwt_verify_lib check_audience.cc).
func bareAudience(a string) string {
	if rest, ok := strings.CutPrefix(a, "http://"); ok {
		a = rest
	} else {
		a = strings.TrimPrefix(a, "https://")
	}
	return strings.TrimSuffix(a, "/")
}

// splitClaims makes lists of claims whose text is a list of words.
func splitClaims(p *structpb.Struct, names []string) *structpb.Struct {
	out := &structpb.Struct{Fields: map[string]*structpb.Value{}}
	for k, v := range p.GetFields() {
		if s, ok := v.GetKind().(*structpb.Value_StringValue); ok && slices.Contains(names, k) {
			list := &structpb.ListValue{}
			for _, word := range strings.Fields(s.StringValue) {
				list.Values = append(list.Values, structpb.NewStringValue(word))
			}
			v = structpb.NewListValue(list)
		}
		out.Fields[k] = v
	}
	return out
}
