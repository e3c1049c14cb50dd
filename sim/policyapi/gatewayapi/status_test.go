package gatewayapi_test

import (
	"fmt"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/netfate/netfate/sim/policyapi/gatewayapi"
	"github.com/netfate/netfate/sim/policyapi/policytest"
)

// conditions words conditions: "Accepted=True(Accepted) ...".
func conditions(list []metav1.Condition) string {
	var out []string
	for _, c := range list {
		out = append(out, fmt.Sprintf("%s=%s(%s)", c.Type, c.Status, c.Reason))
	}
	return strings.Join(out, " ")
}

const snapshot = `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: c}
spec: {controllerName: example.net/x}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: g, namespace: t, generation: 7}
spec:
  gatewayClassName: c
  allowedListeners: {namespaces: {from: Same}}
  listeners:
  - {name: http, port: 80, protocol: HTTP, hostname: a.com}
  - {name: odd, port: 81, protocol: example.net/odd}
  - {name: tls, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: c, namespace: other}]}}
  - {name: kinds, port: 82, protocol: HTTP, allowedRoutes: {kinds: [{kind: TCPRoute}, {kind: HTTPRoute}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: set, namespace: t}
spec: {parentRef: {name: g}, listeners: [{name: http, port: 80, protocol: HTTP, hostname: a.com}, {name: own, port: 83, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: foreign, namespace: x}
spec: {parentRef: {name: g, namespace: t}, listeners: [{name: own, port: 84, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: nobody, namespace: t}
spec: {gatewayClassName: other, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: t}
spec:
  parentRefs: [{name: g, sectionName: http}, {name: g, sectionName: none}, {name: nobody}, {kind: ListenerSet, name: set}]
  hostnames: [a.com, b.com]
  rules: [{backendRefs: [{name: nothing, port: 80}, {name: s, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: m, namespace: t}
spec:
  parentRefs: [{group: "", kind: Service, name: s}]
  rules: [{backendRefs: [{name: s, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: p, namespace: t}
spec: {targetRefs: [{group: "", kind: Service, name: s}], validation: {hostname: s, caCertificateRefs: [{group: "", kind: Secret, name: x}]}}
`

// TestStatuses wants the conditions that the API defines for a snapshot with a
// fault of each kind.
func TestStatuses(t *testing.T) {
	ctx, in := assembly(t, policytest.Objects(t, "test.yaml", snapshot))
	s := gatewayapi.Statuses(ctx, in)
	got := map[string]string{}
	for ref, x := range s.Classes {
		got["class "+ref.Name] = conditions(x.Conditions)
	}
	for ref, x := range s.Gateways {
		got["gateway "+ref.Name] = conditions(x.Conditions)
		for _, l := range x.Listeners {
			var kinds []string
			for _, k := range l.SupportedKinds {
				kinds = append(kinds, string(k.Kind))
			}
			got["gateway "+ref.Name+" "+string(l.Name)] = fmt.Sprint(l.AttachedRoutes, " ", kinds, " ", conditions(l.Conditions))
		}
		if x.AttachedListenerSets != nil {
			got["sets of "+ref.Name] = fmt.Sprint(*x.AttachedListenerSets)
		}
		if ref.Name == "g" && x.Conditions[0].ObservedGeneration != 7 {
			t.Errorf("observed generation %d, want 7", x.Conditions[0].ObservedGeneration)
		}
	}
	for ref, x := range s.ListenerSets {
		got["set "+ref.Name] = conditions(x.Conditions)
		for _, l := range x.Listeners {
			got["set "+ref.Name+" "+string(l.Name)] = fmt.Sprint(l.AttachedRoutes, " ", conditions(l.Conditions))
		}
	}
	for ref, x := range s.Routes {
		for i, p := range x.Parents {
			got[fmt.Sprintf("route %s %d", ref.Name, i)] = string(p.ControllerName) + " " + conditions(p.Conditions)
		}
	}
	for ref, x := range s.Policies {
		for _, a := range x.Ancestors {
			got["policy "+ref.Name+" "+string(a.AncestorRef.Name)] = conditions(a.Conditions)
		}
	}
	good := "Accepted=True(Accepted) ResolvedRefs=True(ResolvedRefs) Programmed=True(Programmed) Conflicted=False(NoConflicts)"
	want := map[string]string{
		"class c":         "Accepted=True(Accepted)",
		"gateway g":       "Accepted=True(ListenersNotValid) Programmed=True(Programmed) ResolvedRefs=False(ListenersNotResolved)",
		"gateway g http":  "1 [HTTPRoute GRPCRoute] " + good,
		"gateway g odd":   "0 [] Accepted=False(UnsupportedProtocol) ResolvedRefs=True(ResolvedRefs) Programmed=False(Invalid) Conflicted=False(NoConflicts)",
		"gateway g tls":   "0 [HTTPRoute GRPCRoute] Accepted=True(Accepted) ResolvedRefs=False(RefNotPermitted) Programmed=False(Invalid) Conflicted=False(NoConflicts)",
		"gateway g kinds": "0 [HTTPRoute] Accepted=True(Accepted) ResolvedRefs=False(InvalidRouteKinds) Programmed=True(Programmed) Conflicted=False(NoConflicts)",
		"sets of g":       "1",
		"gateway nobody":  "Accepted=Unknown(Pending) Programmed=Unknown(Pending)",
		"set set":         "Accepted=True(ListenersNotValid) Programmed=True(Programmed)",
		"set set http":    "1 Accepted=False(HostnameConflict) ResolvedRefs=True(ResolvedRefs) Programmed=False(HostnameConflict) Conflicted=True(HostnameConflict)",
		"set set own":     "1 " + good,
		"set foreign":     "Accepted=False(NotAllowed) Programmed=False(NotAllowed)",
		"route r 0":       "example.net/x Accepted=True(Accepted) ResolvedRefs=False(BackendNotFound)",
		"route r 1":       "example.net/x Accepted=False(NoMatchingParent) ResolvedRefs=False(BackendNotFound)",
		"route r 2":       "example.net/x Accepted=True(Accepted) ResolvedRefs=False(BackendNotFound)",
		"route m 0":       "netfate.dev/mesh Accepted=True(Accepted) ResolvedRefs=True(ResolvedRefs)",
		"policy p g":      "Accepted=False(NoValidCACertificate) ResolvedRefs=False(InvalidKind)",
	}
	for k, w := range want {
		if got[k] != w {
			t.Errorf("%s:\n got %s\nwant %s", k, got[k], w)
		}
		delete(got, k)
	}
	for k, v := range got {
		t.Errorf("unexpected %s: %s", k, v)
	}
}

// TestPods reads the words on the pods of a gateway.
func TestPods(t *testing.T) {
	ns, labels, err := gatewayapi.ParsePods("infra/app=gw,tier=edge")
	if err != nil || ns != "infra" || labels.String() != "app=gw,tier=edge" {
		t.Errorf("got %q, %v, %v", ns, labels, err)
	}
	for _, bad := range []string{"", "infra", "infra/", "/app=gw", "infra/app", "infra/=x"} {
		if _, _, err := gatewayapi.ParsePods(bad); err == nil {
			t.Errorf("%q is not refused", bad)
		}
	}
}
