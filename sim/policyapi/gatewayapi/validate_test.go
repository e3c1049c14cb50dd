package gatewayapi_test

import (
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
	"github.com/netfate/netfate/sim/policyapi/gatewayapi"
	"github.com/netfate/netfate/sim/policyapi/policytest"
)

// object is an object of a kind with a spec in flow style.
func object(kind, spec string) string {
	return "apiVersion: gateway.networking.k8s.io/v1\nkind: " + kind + "\nmetadata: {name: p, namespace: t}\nspec: " + spec + "\n"
}

func assemble(t *testing.T, text string) policyapi.Assembled {
	t.Helper()
	ctx, in := assembly(t, policytest.Objects(t, "test.yaml", text))
	return gatewayapi.Assembler{}.Assemble(ctx, in)
}

// TestRefused has objects that the API server refuses, in its words and at the
// place; they have no effect.
func TestRefused(t *testing.T) {
	gateway := func(listener string) string { return "{gatewayClassName: c, listeners: [" + listener + "]}" }
	rules := func(rule string) string { return "{parentRefs: [{name: g}], rules: [" + rule + "]}" }
	for _, c := range []struct{ kind, spec, field, message string }{
		{"Gateway", "{gatewayClassName: c}", "spec", "listeners: Required value"},
		{"Gateway", gateway("{name: a, port: 0, protocol: HTTP}"), "spec.listeners[0].port", "ports are 1 to 65535"},
		{"Gateway", gateway("{name: a, port: 80, protocol: HTTP, hostname: 'a.*.com'}"), "spec.listeners[0].hostname", "not a host name"},
		{"Gateway", gateway("{name: a, port: 80, protocol: HTTP, hostname: '*com'}"), "spec.listeners[0].hostname", "not a host name"},
		{"Gateway", gateway("{name: a, port: 80, protocol: HTTP, tls: {mode: Terminate}}"), "spec.listeners[0]", "tls must not be specified"},
		{"Gateway", gateway("{name: a, port: 80, protocol: HTTPS, tls: {mode: Passthrough}}"), "spec.listeners[0]", "must be Terminate"},
		{"Gateway", gateway("{name: a, port: 80, protocol: HTTPS, tls: {}}"), "spec.listeners[0]", "certificateRefs or options"},
		{"Gateway", gateway("{name: a, port: 80, protocol: TLS}"), "spec.listeners[0]", "tls mode must be set"},
		{"Gateway", gateway("{name: a, port: 80, protocol: TCP, hostname: a.b}"), "spec.listeners[0]", "hostname must not be specified"},
		{"Gateway", gateway("{name: a, port: 80, protocol: HTTP}, {name: a, port: 81, protocol: HTTP}"), "spec.listeners[1].name", "must be unique"},
		{"Gateway", gateway("{name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: HTTP}"), "spec.listeners[1]", "must be unique"},
		{"Gateway", gateway("{name: a, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Some}}}"), "spec.listeners[0].allowedRoutes.namespaces.from", "Unsupported value"},
		{"HTTPRoute", "{parentRefs: [{name: g}], hostnames: ['*']}", "spec.hostnames[0]", "not a host name"},
		{"HTTPRoute", "{parentRefs: [{name: g}], hostnames: ['A.com']}", "spec.hostnames[0]", "not a host name"},
		{"HTTPRoute", "{parentRefs: [{name: g}, {name: g}]}", "spec.parentRefs[1]", "must be unique"},
		{"HTTPRoute", rules("{matches: [{path: {value: foo}}]}"), "spec.rules[0].matches[0].path", "absolute path"},
		{"HTTPRoute", rules("{matches: [{path: {value: //foo}}]}"), "spec.rules[0].matches[0].path", "must not contain '//'"},
		{"HTTPRoute", rules("{matches: [{path: {type: Glob, value: /x}}]}"), "spec.rules[0].matches[0].path", "Unsupported value"},
		{"HTTPRoute", rules("{matches: [{method: get}]}"), "spec.rules[0].matches[0].method", "Unsupported value"},
		{"HTTPRoute", rules("{backendRefs: [{name: s}]}"), "spec.rules[0].backendRefs[0]", "Must have port"},
		{"HTTPRoute", rules("{backendRefs: [{name: s, port: 80, weight: -1}]}"), "spec.rules[0].backendRefs[0].weight", "weights are"},
		{"HTTPRoute", rules("{filters: [{type: RequestRedirect, requestRedirect: {}}], backendRefs: [{name: s, port: 80}]}"), "spec.rules[0]", "must not be used together with backendRefs"},
		{"HTTPRoute", rules("{filters: [{type: URLRewrite}]}"), "spec.rules[0].filters[0]", "filter.urlRewrite must be specified"},
		{"HTTPRoute", rules("{filters: [{type: Unknown}]}"), "spec.rules[0].filters[0].type", "Unsupported value"},
		{"HTTPRoute", rules("{filters: [{type: RequestRedirect, requestRedirect: {statusCode: 200}}]}"), "spec.rules[0].filters[0].requestRedirect.statusCode", "Unsupported value"},
		{"HTTPRoute", rules("{matches: [{path: {type: Exact, value: /a}}], filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /b}}}]}"), "spec.rules[0].filters[0].urlRewrite.path", "exactly one PathPrefix match"},
		{"GRPCRoute", rules("{matches: [{method: {type: Exact}}]}"), "spec.rules[0].matches[0].method", "One or both"},
		{"TLSRoute", rules("{backendRefs: [{name: s, port: 80}]}"), "spec", "hostnames: Required value"},
		{"TCPRoute", rules("{backendRefs: [{name: s, port: 80}]}, {backendRefs: [{name: s, port: 80}]}"), "spec.rules", "Too many"},
		{"UDPRoute", "{parentRefs: [{name: g}]}", "spec", "rules: Required value"},
		{"ReferenceGrant", "{to: [{group: '', kind: Service}]}", "spec", "from: Required value"},
		{"BackendTLSPolicy", "{targetRefs: [{group: '', kind: Service, name: s}], validation: {hostname: a}}", "spec.validation", "must specify either"},
	} {
		out := assemble(t, object(c.kind, c.spec))
		if !told(out.Problems, c.field, c.message) {
			t.Errorf("%s %s: want a rejection at %q that says %q, got %v", c.kind, c.spec, c.field, c.message, out.Problems)
		}
		if len(out.Gateways)+len(out.ServiceRoutes) > 0 {
			t.Errorf("%s %s: a refused object has an effect", c.kind, c.spec)
		}
	}
}

func told(list []model.Problem, field, message string) bool {
	for _, p := range list {
		if p.Rejected && p.Line > 0 && p.Field == field && strings.Contains(p.Message, message) {
			return true
		}
	}
	return false
}

// TestWarned has references that lead nowhere: the object stands, and it is said
// where and why they have no effect.
func TestWarned(t *testing.T) {
	gateway := object("Gateway", "{gatewayClassName: c, listeners: [{name: http, port: 80, protocol: HTTP, hostname: a.com}]}") + "---\n"
	for _, c := range []struct{ text, message string }{
		{gateway, `GatewayClass "c" is not among the sources`},
		{object("HTTPRoute", "{parentRefs: [{name: nothing}]}"), "there is no Gateway t/nothing"},
		{object("HTTPRoute", "{parentRefs: [{group: '', kind: Service, name: nothing}]}"), "there is no Service t/nothing"},
		{object("HTTPRoute", "{parentRefs: [{group: example.net, kind: Mesh, name: x}]}"), "parents of the kind Mesh.example.net are not known"},
		{object("HTTPRoute", "{}"), "it names no parent"},
		{object("ListenerSet", "{parentRef: {name: x}, listeners: [{name: a, port: 80, protocol: HTTP}]}"), "there is no such Gateway"},
		{gateway + object("HTTPRoute", "{parentRefs: [{name: p}], hostnames: [b.com]}"), "NoMatchingListenerHostname"},
		{gateway + object("TCPRoute", "{parentRefs: [{name: p}], rules: [{backendRefs: [{name: s, port: 80}]}]}"), "NotAllowedByListeners"},
		{gateway + object("ListenerSet", "{parentRef: {name: p}, listeners: [{name: a, port: 81, protocol: HTTP}]}"), "does not allow ListenerSets"},
	} {
		out := assemble(t, c.text)
		found := false
		for _, p := range out.Problems {
			found = found || strings.Contains(p.Message, c.message) && !p.Rejected && p.Line > 0
		}
		if !found {
			t.Errorf("%s\nwant a warning that says %q, got %v", c.text, c.message, out.Problems)
		}
	}
}
