package istio_test

import (
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/model"
)

func rule(text string) string { return "{action: DENY, rules: [" + text + "]}" }

func http(text string) string { return "{hosts: [s], http: [" + text + "]}" }

// TestRefusedAsByTheWebhook wants a rejection at the field, that says the text.
func TestRefusedAsByTheWebhook(t *testing.T) {
	const ap, vs, dr, se = "AuthorizationPolicy", "VirtualService", "DestinationRule", "ServiceEntry"
	for _, c := range []struct{ name, kind, spec, field, message string }{
		{"deny without rules", ap, "{action: DENY}", "spec", "never be triggered"},
		{"custom without rules", ap, "{action: CUSTOM, provider: {name: a}}", "spec", "never be triggered"},
		{"custom without provider", ap, "{action: CUSTOM, rules: [{}]}", "spec.provider", "must not be empty"},
		{"custom with identity", ap, "{action: CUSTOM, provider: {name: a}, rules: [{from: [{source: {namespaces: [a]}}]}]}", "spec.rules[0].from[0]", "not supported"},
		{"custom with identity key", ap, "{action: CUSTOM, provider: {name: a}, rules: [{when: [{key: source.principal, values: [a]}]}]}", "spec.rules[0].when[0]", "not supported"},
		{"provider of another action", ap, "{provider: {name: a}}", "spec.provider", "CUSTOM only"},
		{"selector and targetRefs", ap, "{selector: {matchLabels: {a: b}}, targetRefs: [{kind: Gateway, name: g}]}", "spec.selector", "only one of"},
		{"wildcard selector", ap, "{selector: {matchLabels: {a: 'b*'}}}", "spec.selector.matchLabels", "wildcards"},
		{"empty from", ap, rule("{from: []}"), "spec.rules[0].from", "must not be empty"},
		{"empty to", ap, rule("{to: []}"), "spec.rules[0].to", "must not be empty"},
		{"empty source", ap, rule("{from: [{source: {}}]}"), "spec.rules[0].from[0].source", "must not be empty"},
		{"no operation", ap, rule("{to: [{}]}"), "spec.rules[0].to[0].operation", "must not be empty"},
		{"accounts and namespaces", ap, rule("{from: [{source: {serviceAccounts: [a], namespaces: [b]}}]}"), "spec.rules[0].from[0].source", "cannot set serviceAccounts"},
		{"wildcard account", ap, rule("{from: [{source: {serviceAccounts: ['a*']}}]}"), "spec.rules[0].from[0].source.serviceAccounts[0]", "without wildcards"},
		{"address", ap, rule("{from: [{source: {ipBlocks: [10.0.0]}}]}"), "spec.rules[0].from[0].source.ipBlocks[0]", "bad address"},
		{"empty value", ap, rule("{to: [{operation: {methods: ['']}}]}"), "spec.rules[0].to[0].operation.methods[0]", "empty value"},
		{"port", ap, rule("{to: [{operation: {ports: [web]}}]}"), "spec.rules[0].to[0].operation.ports[0]", "bad port"},
		{"port 70000", ap, rule("{to: [{operation: {notPorts: ['70000']}}]}"), "spec.rules[0].to[0].operation.notPorts[0]", "bad port"},
		{"template", ap, rule("{to: [{operation: {paths: ['/{x}']}}]}"), "spec.rules[0].to[0].operation.paths[0]", "path template"},
		{"template twice", ap, rule("{to: [{operation: {paths: ['/{**}/{**}']}}]}"), "spec.rules[0].to[0].operation.paths[0]", "not the last"},
		{"no key", ap, rule("{when: [{values: [a]}]}"), "spec.rules[0].when[0]", "key must not be empty"},
		{"no values", ap, rule("{when: [{key: source.ip}]}"), "spec.rules[0].when[0]", "at least one"},
		{"unknown key", ap, rule("{when: [{key: request.header, values: [a]}]}"), "spec.rules[0].when[0].key", "unknown attribute"},
		{"half an account", ap, rule("{from: [{source: {serviceAccounts: ['a/']}}]}"), "spec.rules[0].from[0].source.serviceAccounts[0]", "without wildcards"},
		{"account in a condition", ap, rule("{when: [{key: source.serviceAccount, values: ['a*']}]}"), "spec.rules[0].when[0].values[0]", "without wildcards"},
		{"wildcard within a trust domain", ap, rule("{from: [{source: {trustDomains: ['a*b']}}]}"), "spec.rules[0].from[0].source.trustDomains[0]", "once"},
		{"two wildcards", ap, rule("{when: [{key: source.trustDomain, notValues: ['*a*']}]}"), "spec.rules[0].when[0].notValues[0]", "once"},
		{"trust domain", ap, rule("{from: [{source: {notTrustDomains: [a/ns]}}]}"), "spec.rules[0].from[0].source.notTrustDomains[0]", "has no /"},
		{"template with a wildcard", ap, rule("{to: [{operation: {paths: ['/{*}/x*']}}]}"), "spec.rules[0].to[0].operation.paths[0]", "no text that a path has"},
		{"no name in brackets", ap, rule("{when: [{key: 'request.headers[]', values: [a]}]}"), "spec.rules[0].when[0].key", "in brackets"},
		{"no target", ap, "{targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io}]}", "spec.targetRefs[0]", "name must be set"},
		{"target elsewhere", ap, "{targetRefs: [{kind: Service, name: a, namespace: b}]}", "spec.targetRefs[0].namespace", "do not cross"},
		{"target", "RequestAuthentication", "{targetRef: {kind: Pod, name: a}}", "spec.targetRef", "cannot refer"},
		{"action", ap, "{action: Allow}", "spec.action", "Unsupported value"},
		{"type", ap, "{rules: {}}", "spec.rules", "must be"},
		{"ports without selector", "PeerAuthentication", "{portLevelMtls: {8080: {mode: STRICT}}}", "spec.portLevelMtls", "needs a selector"},
		{"no issuer", "RequestAuthentication", "{jwtRules: [{}]}", "spec.jwtRules[0]", "issuer or jwksUri"},
		{"no host", dr, "{}", "spec", "host must not be empty"},
		{"subset twice", dr, "{host: s, subsets: [{name: a}, {name: a}]}", "spec.subsets[1].name", "twice"},
		{"selector and export", dr, "{host: s, workloadSelector: {matchLabels: {a: b}}, exportTo: ['*']}", "spec.exportTo", "beyond its own namespace"},
		{"export of all and one", dr, "{host: s, exportTo: ['*', a]}", "spec.exportTo[0]", "beside others"},
		{"export to nobody", dr, "{host: s, exportTo: ['~']}", "spec.exportTo[0]", "service entries only"},
		{"empty sidecar", "Sidecar", "{}", "spec", "empty configuration"},
		{"scoped host", "Sidecar", "{egress: [{hosts: [s]}]}", "spec.egress[0].hosts[0]", "namespace/host"},
		{"no scoped host", "Sidecar", "{egress: [{hosts: []}]}", "spec.egress[0]", "must not be empty"},
		{"entry without hosts", se, "{ports: [{number: 80, name: http}]}", "spec", "at least one host"},
		{"entry for all", se, "{hosts: ['*']}", "spec.hosts[0]", "invalid host"},
		{"entry's protocol", se, "{hosts: [a.b], ports: [{number: 80, name: http, protocol: HTP}]}", "spec.ports[0].protocol", "unsupported protocol"},
		{"entry's port twice", se, "{hosts: [a.b], ports: [{number: 80, name: a}, {number: 80, name: b}]}", "spec.ports[1]", "already defined"},
		{"selector and endpoints", se, "{hosts: [a.b], workloadSelector: {labels: {a: b}}, endpoints: [{address: 1.2.3.4}]}", "spec", "only one of"},
		{"no routes", vs, "{hosts: [s]}", "spec", "must be provided"},
		{"wildcard host", vs, "{hosts: ['*'], http: [{directResponse: {status: 418}}]}", "spec.hosts[0]", "not allowed"},
		{"host twice", vs, "{hosts: [s, s.t.svc.cluster.local], http: [{directResponse: {status: 418}}]}", "spec.hosts[1]", "duplicate"},
		{"no action", vs, http("{}"), "spec.http[0]", "is required"},
		{"route and redirect", vs, http("{route: [{destination: {host: s}}], redirect: {uri: /x}}"), "spec.http[0]", "redirect with"},
		{"fault and direct response", vs, http("{fault: {}, directResponse: {status: 418}}"), "spec.http[0]", "directResponse with"},
		{"delegate and route", vs, http("{delegate: {name: d}, route: [{destination: {host: s}}]}"), "spec.http[0]", "root HTTP route"},
		{"weights of 0", vs, http("{route: [{destination: {host: s}}, {destination: {host: s}}]}"), "spec.http[0]", "total destination weight"},
		{"no destination", vs, http("{route: [{weight: 1}]}"), "spec.http[0].route[0]", "destination is required"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := assemble(t, object(c.kind, c.spec), "istio-sidecar")
			for _, p := range out.Problems {
				if p.Rejected && p.Line > 0 && p.Field == c.field && strings.Contains(p.Message, c.message) {
					return
				}
			}
			t.Errorf("want a rejection at %q that says %q, got %v", c.field, c.message, out.Problems)
		})
	}
}

// TestARejectedObjectHasNoEffect for each kind.
func TestARejectedObjectHasNoEffect(t *testing.T) {
	for kind, spec := range map[string]string{
		"AuthorizationPolicy": "{action: DENY}", "PeerAuthentication": "{portLevelMtls: {1: {mode: STRICT}}}",
		"RequestAuthentication": "{jwtRules: [{}]}", "DestinationRule": "{}", "Sidecar": "{}", "ServiceEntry": "{}", "VirtualService": "{hosts: [s]}",
	} {
		m := assemble(t, object(kind, spec), "istio-sidecar").Mesh
		n := len(m.PeerTLS) + len(m.Tokens) + len(m.Destinations) + len(m.Scopes) + len(m.Known) + len(m.Routes)
		for i := range m.Request {
			n += len(m.Request[i].Policies) + len(m.Stream[i].Policies)
		}
		if n != 0 {
			t.Errorf("%s has an effect", kind)
		}
	}
}

func TestAnUnknownFieldLeavesOpenWhatAPolicyDoes(t *testing.T) {
	out := assemble(t, object("AuthorizationPolicy", "{action: DENY, rules: [{to: [{operation: {method: [GET]}}]}]}"), "istio-sidecar")
	found := false
	for _, p := range out.Problems {
		found = found || p.Field == "spec.rules[0].to[0].operation.method" && p.Line == 4 && p.Col > 1 && strings.Contains(p.Hint, "methods") && p.Severity == model.Error
	}
	if !found {
		t.Errorf("want an error at the field with the nearest name, got %+v", out.Problems)
	}
	if p := out.Mesh.Request[1].Policies; len(p) != 1 || p[0].Uncertain == nil {
		t.Errorf("want a policy that may or may not act, got %+v", p)
	}
}

func TestOthersConfigMapsCostNothing(t *testing.T) {
	out := assemble(t, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app, namespace: t}\ndata: {mesh: 'rootNamespace: [', other: x}\n", "")
	if out.Mesh != nil || len(out.Problems)+len(out.Gaps) > 0 {
		t.Errorf("want nothing, got %+v", out)
	}
}

func TestMeshConfig(t *testing.T) {
	config := func(text string) string {
		return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |\n    " + strings.ReplaceAll(text, "\n", "\n    ") + "\n"
	}
	out := assemble(t, config("rootNamespace: mesh\ntrustDomain: td\noutboundTrafficPolicy: {mode: REGISTRY_ONLY}\nenableAutoMtls: false\npathNormalization: {normalization: MERGE_SLASHES}\nnewThing: 1"), "")
	m := out.Mesh
	if m == nil || m.RootNamespace != "mesh" || m.TrustDomain != "td" || m.UnknownHosts != model.OutboundKnown || m.AutoTLS || m.Normalize != model.NormalizeMergeSlashes {
		t.Errorf("got %+v", m)
	}
	if len(out.Problems) > 0 {
		t.Errorf("a field that is not known is no problem here: %v", out.Problems)
	}
	for _, bad := range []string{"rootNamespace: [", "outboundTrafficPolicy: 7", "- a"} {
		if out := assemble(t, config(bad), ""); len(out.Problems) == 0 || len(out.Gaps) == 0 {
			t.Errorf("%q: want a problem and a gap", bad)
		}
	}
}
