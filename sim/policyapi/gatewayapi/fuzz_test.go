package gatewayapi_test

import (
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
	"github.com/netfate/netfate/sim/policyapi/gatewayapi"
	"github.com/netfate/netfate/sim/policyapi/policytest"
	"github.com/netfate/netfate/sim/profile"
)

// assembly is what the assembler reads of objects, for one Service with one pod.
func assembly(t testing.TB, objects []*model.Object) (*policyapi.Context, *policyapi.Assembly) {
	t.Helper()
	p, err := profile.Parse(profile.Default)
	if err != nil {
		t.Fatal(err)
	}
	in := &policyapi.Assembly{Objects: objects, Model: &model.Model{
		Namespaces: []model.Namespace{{Name: "t", Labels: model.NewLabels(map[string]string{"a": "b"})}},
		Endpoints:  []model.Endpoint{{Namespace: "t", Name: "p", Labels: model.NewLabels(map[string]string{"gateway.networking.k8s.io/gateway-name": "p"})}},
		Services:   []model.Service{{Namespace: "t", Name: "s", Ports: []model.ServicePort{{Name: "http", Port: 80, Protocol: algebra.TCP}}}},
	}}
	return &policyapi.Context{Profile: p, Decoder: manifest.NewDecoder()}, in
}

// FuzzAssemble feeds arbitrary documents to the assembler: nothing may panic, every
// rule has an origin, and every listener either serves or says why not.
func FuzzAssemble(f *testing.F) {
	for kind, spec := range map[string]string{
		"GatewayClass":     "{controllerName: a/b}",
		"Gateway":          "{gatewayClassName: p, addresses: [{value: '::1'}], allowedListeners: {namespaces: {from: All}}, listeners: [{name: a, port: 80, protocol: HTTP, hostname: '*.x', allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {a: b}}}, kinds: [{kind: X}]}}, {name: b, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: c}]}}, {name: c, port: 80, protocol: TCP}, {name: d, port: 1, protocol: TLS, tls: {mode: Passthrough}}], tls: {frontend: {default: {validation: {caCertificateRefs: [{group: '', kind: ConfigMap, name: x}]}}}, backend: {clientCertificateRef: {name: x}}}}",
		"ListenerSet":      "{parentRef: {name: p}, listeners: [{name: a, port: 80, protocol: UDP}]}",
		"HTTPRoute":        "{parentRefs: [{name: p}, {group: '', kind: Service, name: s}], hostnames: ['*.x'], rules: [{matches: [{path: {type: RegularExpression, value: '('}, headers: [{name: A, value: b}]}, {path: {value: /a}, method: GET}], filters: [{type: CORS, cors: {allowOrigins: ['*']}}, {type: ExtensionRef, extensionRef: {group: a, kind: b, name: c}}], backendRefs: [{name: s, port: 80, weight: 0}]}, {filters: [{type: RequestRedirect, requestRedirect: {path: {type: ReplacePrefixMatch, replacePrefixMatch: ''}}}]}]}",
		"GRPCRoute":        "{parentRefs: [{name: p}], rules: [{matches: [{method: {service: a, method: b}}], backendRefs: [{name: s, port: 80}]}]}",
		"TLSRoute":         "{parentRefs: [{name: p}], hostnames: [a.x], rules: [{backendRefs: [{name: s, port: 80}]}]}",
		"TCPRoute":         "{parentRefs: [{name: p, sectionName: c}], rules: [{backendRefs: [{name: s, port: 81}]}]}",
		"UDPRoute":         "{parentRefs: [{name: p, kind: ListenerSet}], rules: [{backendRefs: [{kind: X, name: s}]}]}",
		"ReferenceGrant":   "{from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: t}], to: [{group: '', kind: Service}]}",
		"BackendTLSPolicy": "{targetRefs: [{group: '', kind: Service, name: s}], validation: {hostname: a, wellKnownCACertificates: X}}",
	} {
		f.Add("apiVersion: gateway.networking.k8s.io/v1\nkind: " + kind + "\nmetadata: {name: p, namespace: t}\nspec: " + spec + "\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		docs, _ := manifest.Parse("fuzz.yaml", []byte(text), manifest.DefaultLimits())
		var objects []*model.Object
		for _, d := range docs {
			if d.Root != nil {
				objects = append(objects, policytest.Object(d))
			}
		}
		ctx, in := assembly(t, objects)
		out := gatewayapi.Assembler{}.Assemble(ctx, in)
		for _, g := range out.Gateways {
			for _, l := range g.Listeners {
				for _, h := range l.Table.Hosts {
					for _, r := range h.Rules {
						if r.Origin.Object == nil {
							t.Error("a rule without an origin")
						}
					}
				}
			}
		}
		gatewayapi.Statuses(ctx, in)
	})
}
