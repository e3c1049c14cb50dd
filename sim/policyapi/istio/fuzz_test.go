package istio_test

import (
	"testing"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/policytest"
)

// FuzzAssemble feeds arbitrary documents to the assembler: nothing may panic,
// every policy has an origin, and every rule that may or may not act its reason.
func FuzzAssemble(f *testing.F) {
	for kind, spec := range map[string]string{
		"AuthorizationPolicy":   "{selector: {matchLabels: {a: b}}, action: CUSTOM, provider: {name: x}, rules: [{from: [{source: {ipBlocks: [1.2.3.4/33]}}], to: [{operation: {paths: ['/{*}']}}], when: [{key: 'request.auth.claims[a][b]', notValues: ['*']}]}]}",
		"PeerAuthentication":    "{selector: {matchLabels: {a: b}}, portLevelMtls: {80: {mode: STRICT}, x: 1}}",
		"RequestAuthentication": "{jwtRules: [{issuer: a, fromHeaders: [{name: x}], timeout: 3s}]}",
		"DestinationRule":       "{host: s, trafficPolicy: {portLevelSettings: [{port: {number: 80}, tls: {mode: SIMPLE}}]}, subsets: [{name: a, trafficPolicy: {tls: {}}}]}",
		"Sidecar":               "{egress: [{hosts: ['~*/*.b', './*'], port: {number: 1}}], ingress: [{port: {number: 80, protocol: HTTP}}], outboundTrafficPolicy: {mode: REGISTRY_ONLY}}",
		"ServiceEntry":          "{hosts: ['*.x'], addresses: [1.2.3.0/24], ports: [{number: 99999, name: a}], endpoints: [{address: x}]}",
		"VirtualService":        "{hosts: [a], http: [{match: [{uri: {regex: '('}, headers: {X: {}}}], delegate: {name: p}}, {route: [{destination: {host: s}, weight: -1}], rewrite: {uriRegexRewrite: {match: '('}}}], tls: [{match: [{sniHosts: ['*.a']}]}], tcp: [{}]}",
	} {
		f.Add(object(kind, spec))
	}
	f.Add("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio}\ndata: {mesh: 'trustDomainAliases: [\"*\"]'}\n")
	f.Fuzz(func(t *testing.T, text string) {
		docs, _ := manifest.Parse("fuzz.yaml", []byte(text), manifest.DefaultLimits())
		var objects []*model.Object
		for _, d := range docs {
			if d.Root != nil {
				objects = append(objects, policytest.Object(d))
			}
		}
		out := run(t, objects, "istio-sidecar")
		for _, tiers := range [][]model.Tier{out.Mesh.Request, out.Mesh.Stream} {
			for _, tier := range tiers {
				for _, p := range tier.Policies {
					if p.Origin.Object == nil {
						t.Error("a policy without an origin")
					}
				}
			}
		}
	})
}
