package sim_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim"
)

// lineWorld is a gateway before a workload that a NetworkPolicy leaves to it.
const lineWorld = `{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: edge}, spec: {controllerName: example.net/gateway}}
---
{apiVersion: v1, kind: Pod, metadata: {name: gw, namespace: edge, labels: {gateway.networking.k8s.io/gateway-name: in}}, spec: {containers: [{name: c}]}, status: {podIP: 10.0.0.1}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: in, namespace: edge}, spec: {gatewayClassName: edge, listeners: [{name: http, port: 80, protocol: HTTP, hostname: "*.example", allowedRoutes: {namespaces: {from: All}}}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: store, namespace: shop, labels: {app: store}}, spec: {containers: [{name: c}]}, status: {podIP: 10.0.0.2}}
---
{apiVersion: v1, kind: Pod, metadata: {name: other, namespace: shop, labels: {app: other}}, spec: {containers: [{name: c}]}, status: {podIP: 10.0.0.3}}
---
{apiVersion: v1, kind: Service, metadata: {name: store, namespace: shop}, spec: {clusterIP: 10.9.0.1, selector: {app: store}, ports: [{name: http, port: 80, targetPort: 8080}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: other, namespace: shop}, spec: {clusterIP: 10.9.0.2, selector: {app: other}, ports: [{name: http, port: 80, targetPort: 8080}]}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: edge, namespace: shop}, spec: {podSelector: {matchLabels: {app: store}}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: edge}}}]}]}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: closed, namespace: shop}, spec: {podSelector: {matchLabels: {app: other}}}}
`

const lineRoute = `---
{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: shop}, spec: {parentRefs: [{name: in, namespace: edge}], hostnames: [www.example], rules: [
  {matches: [{path: {type: PathPrefix, value: /offers}, method: GET}METHODS], backendRefs: [{name: store, port: 80}]},
  {matches: [{path: {type: Exact, value: /other}}], backendRefs: [{name: other, port: 80}]}]}}
`

// gatewayLine returns what a matrix says of ways through gateways.
func gatewayLine(s *sim.Simulator) []string {
	var out []string
	for l := range s.Matrix(sim.MatrixOptions{}, nil) {
		for i := range l.Requests {
			if r := &l.Requests[i]; r.Gateway != "" {
				out = append(out, l.From.ID+" → "+l.To.ID+": "+r.Place()+": "+r.Words())
			}
		}
	}
	return out
}

// TestGatewayLines wants the lines of a matrix and of a plan through a gateway.
func TestGatewayLines(t *testing.T) {
	one := loadText(t, lineWorld+strings.Replace(lineRoute, "METHODS", "", 1))
	two := loadText(t, lineWorld+strings.Replace(lineRoute, "METHODS", ", {path: {type: PathPrefix, value: /offers}, method: POST}", 1))
	none := loadText(t, lineWorld)
	const place = "0.0.0.0-255.255.255.255 → shop/store: TCP 80 of gateway edge/in, listener http: "
	want := []string{place + "GET /offers,/offers/* on www.example; 404 or 502, 503 or 504 from the gateway otherwise"}
	if got := gatewayLine(one); !slices.Equal(got, want) {
		t.Errorf("lines %q, want %q", got, want)
	}
	if got := gatewayLine(none); len(got) > 0 {
		t.Errorf("lines without a route: %q", got)
	}
	for _, c := range []struct {
		before, after *sim.Simulator
		kind          sim.ChangeKind
		example       string
	}{
		{one, two, sim.Opened, "POST http://www.example/offers on TCP 80"},
		{two, one, sim.Closed, "POST http://www.example/offers on TCP 80"},
		{none, one, sim.Opened, "GET http://www.example/offers on TCP 80"},
		{one, one, "", ""},
	} {
		var kind sim.ChangeKind
		example := ""
		for l := range sim.Plan(c.before, c.after, sim.MatrixOptions{}) {
			kind = l.Kind
			for _, g := range []*sim.Gain{l.Opens, l.Closes} {
				if g != nil {
					example = g.String()
				}
			}
			if len(l.Because) == 0 || filepath.Base(l.Because[0].Object.File) != "mesh.yaml" || l.Because[0].Object.Kind != "HTTPRoute" {
				t.Errorf("because of %v", l.Because)
			}
		}
		if kind != c.kind || example != c.example {
			t.Errorf("%v, for example %q; want %v and %q", kind, example, c.kind, c.example)
		}
	}
}
