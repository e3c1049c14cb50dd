package sim_test

import (
	"slices"
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// TestSetsKnowSubsets: what a route sends to a subset may be connected to in a way of
// its own. The sets leave open what gets in by it, and never say that nothing does.
func TestSetsKnowSubsets(t *testing.T) {
	s := loadText(t, `
{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {istio-injection: enabled}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: c, namespace: a}, spec: {containers: [{name: c}]}, status: {podIP: 10.0.0.1}}
---
{apiVersion: v1, kind: Pod, metadata: {name: s, namespace: a, labels: {app: s, v: one}}, spec: {containers: [{name: c, ports: [{containerPort: 8080}]}]}, status: {podIP: 10.0.0.2}}
---
{apiVersion: v1, kind: Service, metadata: {name: s, namespace: a}, spec: {selector: {app: s}, clusterIP: 10.96.0.1, ports: [{name: http, port: 80, targetPort: 8080}]}}
---
{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: p, namespace: a}, spec: {mtls: {mode: STRICT}}}
---
{apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: {name: default, namespace: a}, spec: {outboundTrafficPolicy: {mode: REGISTRY_ONLY}}}
---
{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: d, namespace: a}, spec: {host: s, trafficPolicy: {tls: {mode: DISABLE}}, subsets: [{name: one, labels: {v: one}, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}]}}
---
{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: v, namespace: a}, spec: {hosts: [s], http: [{match: [{uri: {prefix: /v1}}], route: [{destination: {host: s, subset: one}}]}, {route: [{destination: {host: s}}]}]}}
`)
	m := s.Model()
	find := func(name string) int {
		return slices.IndexFunc(m.Endpoints, func(e model.Endpoint) bool { return e.Name == name })
	}
	from, to := model.Party{Kind: model.PartyEndpoint, Index: find("c")}, find("s")
	for path, want := range map[string]model.Outcome{"/v1/x": model.Allowed, "/": model.Denied} {
		v := s.Verdict(model.Flow{From: from, To: model.Party{Kind: model.PartyService, Index: 0}, Protocol: algebra.TCP, Port: 80, Request: &model.Request{Method: "GET", Host: "s.a", Path: path}})
		if v.Outcome != want {
			t.Errorf("GET %s: %v, want %v", path, v.Outcome, want)
		}
	}
	x := &proxyCheck{t: t, s: s, p: s.Proxies()}
	if got := x.set(from, to, 8080, &model.Request{Method: "GET", Host: "s.a", Path: "/v1/x"}); got != algebra.Maybe {
		t.Errorf("the set says %v of what a subset lets in, want Maybe", got)
	}
}
