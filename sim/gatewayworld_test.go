package sim_test

import (
	"fmt"
	"strings"
)

// edge adds a gateway to a mesh's manifests, with routes to its Services.
func (w *meshWorld) edge() {
	w.add("{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: edge}, spec: {controllerName: %s}}", w.pick("example.net/gateway", "istio.io/gateway-controller"))
	if !w.chance(3) {
		w.add("{apiVersion: v1, kind: Pod, metadata: {name: gw, namespace: %s, labels: {gateway.networking.k8s.io/gateway-name: edge, app: gw}%s}, spec: {serviceAccountName: gw, containers: [{name: c}]}, status: {phase: Running, podIP: 10.0.9.9}}",
			"a", w.pick("", ", annotations: {sidecar.istio.io/inject: \"false\"}", ", annotations: {sidecar.istio.io/inject: \"false\"}"))
	}
	hosts := []string{"", "hostname: \"*.shop.example\", ", "hostname: www.shop.example, ", "hostname: \"*.example\", "}
	w.r.Shuffle(len(hosts), func(i, j int) { hosts[i], hosts[j] = hosts[j], hosts[i] })
	var listeners []string
	for i, host := range hosts[:1+w.r.IntN(3)] {
		listeners = append(listeners, fmt.Sprintf("{name: l%d, port: %s, protocol: HTTP, %sallowedRoutes: {namespaces: {from: All}}}", i, w.pick("80", "80", "8080"), host))
	}
	w.add("{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: edge, namespace: a}, spec: {gatewayClassName: edge, listeners: [%s]}}", strings.Join(listeners, ", "))
	for i := range 1 + w.r.IntN(4) {
		w.route(i)
	}
	for i := range 5 {
		if w.chance(2) {
			continue
		}
		app, ns := fmt.Sprintf("p%d", i), nsOf(i)
		if i == 4 {
			app, ns = "gw", "a"
		}
		w.add("{apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: {name: to%d, namespace: %s}, spec: {selector: {matchLabels: {app: %s}}, action: %s, rules: [{to: [{operation: {%s}}]}, {when: [%s]}]}}",
			i, ns, app, w.pick("ALLOW", "ALLOW", "DENY"), w.operation(), w.condition())
	}
	if w.chance(2) {
		w.add("{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: n, namespace: %s}, spec: {podSelector: {matchLabels: {app: p%d}}, ingress: [{from: [{podSelector: {matchLabels: {app: %s}}}]}]}}",
			w.pick("a", "b"), w.r.IntN(4), w.pick("gw", "p1"))
	}
}

func (w *meshWorld) route(i int) {
	hosts := ""
	if !w.chance(3) {
		hosts = "hostnames: " + w.some("www.shop.example", "*.shop.example", "api.shop.example") + ", "
	}
	var rules []string
	for range 1 + w.r.IntN(3) {
		rules = append(rules, w.routeRule())
	}
	w.add("{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r%d, namespace: %s}, spec: {parentRefs: [{name: edge, namespace: a}], %srules: [%s]}}",
		i, w.pick("a", "b"), hosts, strings.Join(rules, ", "))
}

func (w *meshWorld) routeRule() string {
	if w.chance(3) {
		return fmt.Sprintf("{matches: [{path: {type: PathPrefix, value: %q}}], filters: [%s], backendRefs: [{name: s%d, port: 80}]}",
			w.pick("/", "/a", "/x", "/z/"), w.rewriteOf(w.r.IntN(2)), w.r.IntN(4))
	}
	parts := []string{}
	if !w.chance(4) {
		var matches []string
		for range 1 + w.r.IntN(2) {
			matches = append(matches, "{"+w.routeMatch()+"}")
		}
		parts = append(parts, "matches: ["+strings.Join(matches, ", ")+"]")
	}
	if w.chance(2) {
		parts = append(parts, "filters: ["+w.filter()+"]")
	}
	if !w.chance(8) {
		backends := fmt.Sprintf("{name: s%d, port: %s}", w.r.IntN(4), w.pick("80", "80", "81"))
		if w.chance(6) {
			backends += fmt.Sprintf(", {name: s%d, port: 80, weight: %s}", w.r.IntN(4), w.pick("0", "1"))
		}
		parts = append(parts, "backendRefs: ["+backends+"]")
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func (w *meshWorld) routeMatch() string {
	parts := []string{}
	if !w.chance(3) {
		kind := w.pick("PathPrefix", "PathPrefix", "Exact", "RegularExpression")
		path := w.pick("/a", "/x", "/", "/a/b")
		if kind == "RegularExpression" {
			path = w.pick("/[ab].*", "/x/.*")
		}
		parts = append(parts, fmt.Sprintf("path: {type: %s, value: %q}", kind, path))
	}
	if w.chance(3) {
		parts = append(parts, "method: "+w.pick("GET", "POST", "DELETE"))
	}
	if w.chance(4) {
		parts = append(parts, fmt.Sprintf("headers: [{name: x-env, value: %s}]", w.pick("prod", "test")))
	}
	return strings.Join(parts, ", ")
}

func (w *meshWorld) filter() string {
	switch w.r.IntN(6) {
	case 0, 1:
		return w.rewriteOf(1)
	case 2:
		return "{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X-Env, value: prod}]}}"
	case 3:
		return "{type: RequestHeaderModifier, requestHeaderModifier: {add: [{name: X-Env, value: prod}]}}"
	case 4:
		return "{type: RequestHeaderModifier, requestHeaderModifier: {remove: [X-Env]}}"
	}
	return "{type: URLRewrite, urlRewrite: {hostname: s1.b}}"
}

// rewriteOf replaces the prefix that matched, or the whole path.
func (w *meshWorld) rewriteOf(kind int) string {
	if kind == 0 {
		return "{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: " + w.pick("/", "/a", "/x/1/") + "}}}"
	}
	return "{type: URLRewrite, urlRewrite: {hostname: x.example.com, path: {type: ReplaceFullPath, replaceFullPath: " + w.pick("/a", "/x/1/y", "/z") + "}}}"
}
