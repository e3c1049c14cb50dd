package istio

import (
	"net/netip"
	"testing"

	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	rbacv3 "github.com/envoyproxy/go-control-plane/envoy/config/rbac/v3"
	routev3 "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	jwtv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/jwt_authn/v3"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// The evaluator is the measure, so what it takes from Envoy's documentation is
// checked by itself.

func TestTemplates(t *testing.T) {
	for _, c := range []struct {
		template, path string
		want           bool
	}{
		{"/a/*", "/a/b", true}, {"/a/*", "/a/", false}, {"/a/*", "/a/b/c", false}, {"/a/*/c", "/a/b=1/c", true}, {"/a/*", "/a/b*", false},
		{"/a/**", "/a/", true}, {"/a/**", "/a/b/c", true}, {"/a/**", "/a", false}, {"/**", "/", true}, {"/**/b", "/x/y/b", true}, {"/a/*/", "/a/b/", true},
	} {
		e := &envoy{regexps: &regexps{}}
		if got := e.templateMatches(c.template, c.path); got != c.want || e.err != nil {
			t.Errorf("%s on %s: %t, %v", c.template, c.path, got, e.err)
		}
	}
}

func TestNormalPath(t *testing.T) {
	for path, want := range map[string]string{
		"/": "/", "/a": "/a", "/a/": "/a/", "/a/../b": "/b", "/a/./b": "/a/b", "/a/..": "/", "/a/.": "/a/", `/a\b`: "/a/b", "/../a": "/a",
		"/a//../b": "/a/b", "/a/%2e%2E/b": "/b", "//a": "//a", "/a%2Fb": "/a%2Fb",
	} {
		if got := normalPath(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

func TestLastForwarded(t *testing.T) {
	for list, want := range map[string]string{"1.2.3.4": "1.2.3.4", "1.2.3.4, 5.6.7.8": "5.6.7.8", "1.2.3.4,": "1.2.3.4,", "": ""} {
		if got := lastForwarded(list); got != want {
			t.Errorf("%q: %q, want %q", list, got, want)
		}
	}
}

func TestRBACActions(t *testing.T) {
	c := &conn{port: 80, local: netip.MustParseAddr("10.0.0.1")}
	rules := func(action rbacv3.RBAC_Action, port uint32) *rbacv3.RBAC {
		return &rbacv3.RBAC{Action: action, Policies: map[string]*rbacv3.Policy{"p": {
			Permissions: []*rbacv3.Permission{{Rule: &rbacv3.Permission_DestinationPort{DestinationPort: port}}},
			Principals:  []*rbacv3.Principal{{Identifier: &rbacv3.Principal_Any{Any: true}}}}}}
	}
	for name, x := range map[string]struct {
		rules *rbacv3.RBAC
		want  bool
	}{
		"none": {nil, true}, "allow": {rules(rbacv3.RBAC_ALLOW, 80), true}, "allow another": {rules(rbacv3.RBAC_ALLOW, 81), false},
		"allow nothing": {&rbacv3.RBAC{}, false}, "deny": {rules(rbacv3.RBAC_DENY, 80), false}, "deny another": {rules(rbacv3.RBAC_DENY, 81), true},
		"log": {rules(rbacv3.RBAC_LOG, 80), true},
	} {
		e := &envoy{regexps: &regexps{}}
		if got := e.rbacAllows(x.rules, c); got != x.want || e.err != nil {
			t.Errorf("%s: %t, %v", name, got, e.err)
		}
	}
}

func TestAMatcherThatIsNotKnownFails(t *testing.T) {
	e := &envoy{regexps: &regexps{}}
	e.permission(&rbacv3.Permission{Rule: &rbacv3.Permission_DestinationPortRange{}}, &conn{})
	if e.err == nil {
		t.Error("want an error")
	}
}

func TestTokensOfSeveralProviders(t *testing.T) {
	provider := func(issuer string, audiences ...string) *jwtv3.JwtProvider {
		return &jwtv3.JwtProvider{Issuer: issuer, Audiences: audiences, PayloadInMetadata: "payload"}
	}
	name := func(n string) *jwtv3.JwtRequirement {
		return &jwtv3.JwtRequirement{RequiresType: &jwtv3.JwtRequirement_ProviderName{ProviderName: n}}
	}
	anyOf := func(list ...*jwtv3.JwtRequirement) *jwtv3.JwtRequirement {
		return &jwtv3.JwtRequirement{RequiresType: &jwtv3.JwtRequirement_RequiresAny{RequiresAny: &jwtv3.JwtRequirementOrList{Requirements: list}}}
	}
	f := &jwtv3.JwtAuthentication{Providers: map[string]*jwtv3.JwtProvider{"a": provider("a", "shop"), "b": provider("b")}, BypassCorsPreflight: true,
		Rules: []*jwtv3.RequirementRule{{Match: &routev3.RouteMatch{PathSpecifier: &routev3.RouteMatch_Prefix{Prefix: "/"}},
			RequirementType: &jwtv3.RequirementRule_Requires{Requires: anyOf(name("a"), name("b"))}}}}
	for what, c := range map[string]struct {
		token *token
		want  int
	}{
		"valid": {&token{issuer: "b"}, 0}, "audience": {&token{issuer: "a", audiences: []string{"https://shop/"}}, 0},
		"another audience": {&token{issuer: "a", audiences: []string{"x"}}, 403}, "unknown issuer": {&token{issuer: "c"}, 401}, "invalid": {&token{invalid: true}, 401},
		"none": {nil, 401},
	} {
		e := &envoy{regexps: &regexps{}}
		cn := &conn{request: &request{method: "GET", path: "/", token: c.token}, metadata: map[string]*structpb.Struct{}}
		if got := e.jwtAuthn(f, cn); got != c.want || e.err != nil {
			t.Errorf("%s: %d, %v", what, got, e.err)
		}
	}
}

func TestTheMostSpecificChainTakesAConnection(t *testing.T) {
	chain := func(name string, port uint32, transport string, protocols ...string) *listenerv3.FilterChain {
		m := &listenerv3.FilterChainMatch{TransportProtocol: transport, ApplicationProtocols: protocols}
		if port > 0 {
			m.DestinationPort = wrapperspb.UInt32(port)
		}
		return &listenerv3.FilterChain{Name: name, FilterChainMatch: m}
	}
	l := &listenerv3.Listener{FilterChains: []*listenerv3.FilterChain{chain("any", 0, "raw_buffer"), chain("http", 80, "raw_buffer", "http/1.1"), chain("tcp", 80, "raw_buffer"),
		chain("mesh http", 80, "tls", "istio-http/1.1"), chain("mesh", 80, "tls", "istio")}}
	for want, c := range map[string]*conn{
		"any": {port: 81}, "http": {port: 80, request: &request{}}, "tcp": {port: 80}, "mesh http": {port: 80, tls: true, alpn: []string{"istio-http/1.1", "istio"}},
		"mesh": {port: 80, tls: true, alpn: []string{"istio"}}, "": {port: 81, tls: true, alpn: []string{"istio"}},
	} {
		fc, err := chainFor(l, c)
		if err != nil || fc.GetName() != want {
			t.Errorf("want %q, got %q, %v", want, fc.GetName(), err)
		}
	}
}
