package sim_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// meshWorld writes random manifests of a small mesh: pods with and without
// sidecars, a Service or two before each, and policies of all kinds over them.
type meshWorld struct {
	r    *rand.Rand
	calm bool // few policies, so that much gets through
	b    strings.Builder
}

func (w *meshWorld) pick(list ...string) string { return list[w.r.IntN(len(list))] }
func (w *meshWorld) chance(n int) bool          { return w.r.IntN(n) == 0 }

// some returns a few of a list, at least one.
func (w *meshWorld) some(list ...string) string {
	out := []string{}
	for _, s := range list {
		if w.chance(3) {
			out = append(out, fmt.Sprintf("%q", s))
		}
	}
	if len(out) == 0 {
		out = append(out, fmt.Sprintf("%q", w.pick(list...)))
	}
	return "[" + strings.Join(out, ", ") + "]"
}

func (w *meshWorld) add(format string, args ...any) {
	w.b.WriteString("---\n")
	fmt.Fprintf(&w.b, format, args...)
	w.b.WriteString("\n")
}

// text returns the manifests.
func (w *meshWorld) text() string {
	w.add("{apiVersion: v1, kind: ConfigMap, metadata: {name: istio, namespace: istio-system}, data: {mesh: %q}}",
		fmt.Sprintf("pathNormalization: {normalization: %s}\noutboundTrafficPolicy: {mode: %s}\n", w.pick("NONE", "BASE", "MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES"), w.pick("ALLOW_ANY", "ALLOW_ANY", "REGISTRY_ONLY")))
	for _, ns := range []string{"a", "b"} {
		w.add("{apiVersion: v1, kind: Namespace, metadata: {name: %s, labels: {istio-injection: %s}}}", ns, w.pick("enabled", "enabled", "disabled"))
	}
	for i := range 4 {
		w.pod(i)
	}
	for i := range w.r.IntN(3) {
		w.peerAuthentication(i)
	}
	if w.chance(2) {
		w.add("{apiVersion: security.istio.io/v1, kind: RequestAuthentication, metadata: {name: t, namespace: %s}, spec: {jwtRules: [{issuer: iss1, jwks: '{\"keys\":[]}'%s}]}}",
			w.pick("a", "b", "istio-system"), w.pick("", ", audiences: [aud1]", ", audiences: [\"https://aud1/\", aud3]"))
	}
	few := 2 + w.r.IntN(5)
	if w.calm {
		few = w.r.IntN(2)
	}
	for i := range few {
		w.authorization(i)
	}
	if w.chance(2) {
		w.add("{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: d, namespace: %s}, spec: {host: s%d.%s.svc.cluster.local, trafficPolicy: {tls: {mode: %s}}}}",
			w.pick("a", "b", "istio-system"), w.r.IntN(4), w.pick("a", "b"), w.pick("DISABLE", "SIMPLE", "ISTIO_MUTUAL"))
	}
	return w.b.String()
}

func nsOf(i int) string { return []string{"a", "b"}[i%2] }

func (w *meshWorld) pod(i int) {
	inject := w.pick("", "", "", ", sidecar.istio.io/inject: \"false\"", ", sidecar.istio.io/inject: \"true\"")
	status := fmt.Sprintf(", status: {podIPs: [{ip: 10.0.0.%d}]}", i+1)
	if w.chance(8) {
		status = ""
	}
	w.add("{apiVersion: v1, kind: Pod, metadata: {name: p%d, namespace: %s, labels: {app: p%d%s}%s}, spec: {serviceAccountName: sa%d, containers: [{name: c, image: x}]}%s}",
		i, nsOf(i), i, inject, w.pick("", "", ", annotations: {traffic.sidecar.istio.io/excludeInboundPorts: \"9090\"}", ", annotations: {inject.istio.io/templates: grpc-agent}", ", annotations: {traffic.sidecar.istio.io/excludeOutboundPorts: \"81\"}"), i, status)
	for n := range 1 + w.r.IntN(2) {
		name := []string{"s", "t"}[n]
		w.add("{apiVersion: v1, kind: Service, metadata: {name: %s%d, namespace: %s, creationTimestamp: \"2024-01-0%dT00:00:00Z\"}, spec: {clusterIP: 10.9.0.%d, selector: {app: p%d}, ports: [{name: %s, port: 80, targetPort: 8080}, {name: %s, port: 81, targetPort: 9090}]}}",
			name, i, nsOf(i), 1+n, 10*n+i+1, i, w.pick("http", "http-x", "tcp", "x"), w.pick("http-y", "tcp-y", "other"))
	}
}

func (w *meshWorld) selector() string {
	if w.chance(2) {
		return ""
	}
	return fmt.Sprintf("selector: {matchLabels: {app: p%d}}, ", w.r.IntN(4))
}

func (w *meshWorld) peerAuthentication(i int) {
	sel, ports := w.selector(), ""
	if sel != "" && w.chance(2) {
		ports = fmt.Sprintf(", portLevelMtls: {8080: {mode: %s}}", w.pick("STRICT", "DISABLE", "PERMISSIVE"))
	}
	w.add("{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: pa%d, namespace: %s}, spec: {%smtls: {mode: %s}%s}}",
		i, w.pick("a", "b", "istio-system"), sel, w.pick("STRICT", "PERMISSIVE", "DISABLE"), ports)
}

func (w *meshWorld) authorization(i int) {
	var rules []string
	for range w.r.IntN(3) {
		rules = append(rules, w.rule())
	}
	w.add("{apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: {name: ap%d, namespace: %s}, spec: {%saction: %s, rules: [%s]}}",
		i, w.pick("a", "b", "istio-system"), w.selector(), w.pick("ALLOW", "ALLOW", "DENY", "AUDIT"), strings.Join(rules, ", "))
}

func (w *meshWorld) rule() string {
	var parts []string
	if w.chance(2) {
		parts = append(parts, "from: [{source: {"+w.source()+"}}]")
	}
	if w.chance(2) {
		parts = append(parts, "to: [{operation: {"+w.operation()+"}}]")
	}
	if w.chance(2) {
		parts = append(parts, "when: ["+w.condition()+"]")
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func (w *meshWorld) source() string {
	not := w.pick("", "", "not")
	field := func(s string) string {
		if not != "" {
			return not + strings.ToUpper(s[:1]) + s[1:]
		}
		return s
	}
	switch w.r.IntN(5) {
	case 0:
		return field("principals") + ": " + w.some("cluster.local/ns/a/sa/sa0", "cluster.local/ns/b/*", "*/sa/sa2", "*")
	case 1:
		return field("namespaces") + ": " + w.some("a", "b", "x*")
	case 2:
		return field("ipBlocks") + ": " + w.some("10.0.0.1", "10.0.0.2/31", "192.0.2.0/24")
	case 3:
		return field("requestPrincipals") + ": " + w.some("iss1/joe", "iss1/*", "*", "*/ann")
	}
	return field("remoteIpBlocks") + ": " + w.some("10.0.0.1", "10.0.0.2/31", "192.0.2.0/24")
}

func (w *meshWorld) operation() string {
	var parts []string
	for range 1 + w.r.IntN(2) {
		parts = append(parts, [...]string{
			"methods: " + w.some("GET", "POST", "P*"),
			"notMethods: " + w.some("GET", "DELETE"),
			"paths: " + w.some("/a", "/a/*", "*.png", "/x/{*}/y", "/z/{**}", "/a//b"),
			"notPaths: " + w.some("/a", "/a/b*", "/"),
			"hosts: " + w.some("s1.b", "*.example.com", "s0.a:80"),
			"ports: " + w.some("8080", "9090", "7070"),
		}[w.r.IntN(6)])
	}
	slicesUnique(&parts)
	return strings.Join(parts, ", ")
}

// slicesUnique drops fields that are said twice.
func slicesUnique(parts *[]string) {
	seen := map[string]bool{}
	kept := (*parts)[:0]
	for _, p := range *parts {
		k, _, _ := strings.Cut(p, ":")
		if !seen[k] {
			kept = append(kept, p)
		}
		seen[k] = true
	}
	*parts = kept
}

func (w *meshWorld) condition() string {
	key, values := "", ""
	switch w.r.IntN(7) {
	case 6:
		key, values = "connection.sni", w.some("outbound_.80_._.s0.a.svc.cluster.local", "*.b.svc.cluster.local")
	case 0:
		key, values = "request.headers[x-env]", w.some("prod", "te*", "*")
	case 1:
		key, values = "request.auth.claims[groups]", w.some("admin", "dev*")
	case 2:
		key, values = "request.auth.audiences", w.some("aud1", "aud2")
	case 3:
		key, values = "destination.port", w.some("8080", "9090")
	case 4:
		key, values = "source.namespace", w.some("a", "b")
	case 5:
		key, values = "request.auth.claims[iss]", w.some("iss1", "other")
	}
	return fmt.Sprintf("{key: %q, %s: %s}", key, w.pick("values", "values", "notValues"), values)
}

// request makes a random request to a host.
func (w *meshWorld) request(host string) *model.Request {
	scheme := w.pick("", "", "grpc")
	r := &model.Request{Scheme: scheme, Method: w.pick("GET", "POST", "PUT", "DELETE"), Host: host,
		Path: w.pick("/", "/a", "/a/", "/a/b", "/a/b/c.png", "/x/1/y", "/z/1/2", "/a//b", "/q.png"), Headers: map[string]string{}}
	if w.chance(3) {
		r.Host = w.pick("s1.b", "x.example.com", "other")
	}
	if w.chance(3) {
		r.HostPort = 80
	}
	if w.chance(8) {
		r.Method = "OPTIONS"
		r.Headers["origin"], r.Headers["access-control-request-method"] = "https://x", w.pick("GET", "")
	}
	if w.chance(2) {
		r.Headers["x-env"] = w.pick("prod", "test", "")
	}
	if w.chance(2) {
		t := &model.Token{Issuer: w.pick("iss1", "iss1", "iss2"), Subject: w.pick("joe", "ann"), Claims: map[string][]string{}}
		if w.chance(2) {
			t.Claims["groups"] = []string{w.pick("admin", "dev", "x"), "y"}
		}
		if w.chance(2) {
			t.Audiences = []string{w.pick("aud1", "aud2", "http://aud1")}
			t.Claims["aud"] = t.Audiences
		}
		t.Claims["iss"], t.Claims["sub"] = []string{t.Issuer}, []string{t.Subject}
		r.Token = t
	}
	return r
}
