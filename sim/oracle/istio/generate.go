package istio

import (
	"fmt"
	"math/rand/v2"
)

// generator makes random meshes. Its vocabulary is small, so that selectors,
// names and patterns meet, or miss one another by little.
type generator struct {
	r *rand.Rand
	m *meshState
	w vocabulary
	n int // objects so far
}

// generate returns the mesh of a seed.
func generate(seed uint64) *meshState {
	g := &generator{r: rand.New(rand.NewPCG(seed, 0x697374696f)), m: &meshState{}, w: words()} //nolint:gosec // repeatable on purpose
	g.addSettings()
	g.addPods()
	for range 1 + g.r.IntN(5) {
		g.addAuthorization()
	}
	for range g.r.IntN(4) {
		g.addPeerAuthentication()
	}
	for range g.r.IntN(3) {
		g.addRequestAuthentication()
	}
	return g.m
}

// chance is true in so many of a hundred cases.
func (g *generator) chance(percent int) bool { return g.r.IntN(100) < percent }

// pick returns one of a list.
func pick[T any](g *generator, list ...T) T { return list[g.r.IntN(len(list))] }

// some returns 1 to 3 of a list.
func some(g *generator, list []string) []any {
	var out []any
	for range 1 + g.r.IntN(3)*g.r.IntN(2) {
		out = append(out, pick(g, list...))
	}
	return out
}

// addSettings makes the mesh's settings, most of them Istio's defaults.
func (g *generator) addSettings() {
	s := map[string]any{"extensionProviders": []any{
		map[string]any{"name": "opa", "envoyExtAuthzGrpc": map[string]any{"service": "t/r.t.svc.cluster.local", "port": 80}},
		map[string]any{"name": "web", "envoyExtAuthzHttp": map[string]any{"service": "t/r.t.svc.cluster.local", "port": 80}},
	}}
	if g.chance(25) {
		s["trustDomain"] = pick(g, "new.td", "td.local")
	}
	if g.chance(30) {
		s["trustDomainAliases"] = []any{pick(g, "old.td", "older.local", "cluster.local")}
	}
	if g.chance(10) {
		s["rootNamespace"] = "mesh-root"
	}
	if g.chance(40) {
		s["pathNormalization"] = map[string]any{"normalization": pick(g, "NONE", "BASE", "MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES", "DEFAULT")}
	}
	if g.chance(30) {
		s["defaultConfig"] = map[string]any{"gatewayTopology": map[string]any{"numTrustedProxies": 1 + g.r.IntN(3)}}
	}
	g.m.settings = s
}

// addPods makes two servers with Services, two clients with sidecars and one without.
func (g *generator) addPods() {
	for i, p := range []pod{
		{namespace: "t", name: "s", labels: map[string]string{"app": "s", "version": "v1"}},
		{namespace: "t", name: "r", labels: map[string]string{"app": "r", "version": pick(g, "v1", "v2")}},
		{namespace: "dev", name: "s", labels: map[string]string{"app": "s"}},
		{namespace: "t", name: "c", labels: map[string]string{"app": "c"}},
		{namespace: "dev", name: "d", labels: map[string]string{"app": "d"}},
		{namespace: plainNamespace, name: "u", labels: map[string]string{"app": "u"}},
		{namespace: "t", name: gatewayName, labels: map[string]string{"app": "gw", "gateway.networking.k8s.io/gateway-name": gatewayName, "version": pick(g, "v1", "v2")}, gateway: true},
	} {
		p.address = fmt.Sprintf("10.0.%d.%d", i/4, 10+i)
		g.m.pods = append(g.m.pods, p)
	}
	for i, ns := range []string{"t", "t", "dev"} {
		g.m.services = append(g.m.services, service{namespace: ns, name: g.m.pods[i].labels["app"], address: fmt.Sprintf("10.96.0.%d", 1+i), ports: g.ports()})
	}
}

// ports are those of a Service, of every protocol.
func (g *generator) ports() []port {
	out := []port{
		{name: pick(g, "http", "http-web", "http2", "grpc", "grpc-web-x"), number: 80, target: 8080},
		{name: pick(g, "tcp", "tcp-data", "mongo", "tls", "https"), number: 9000, target: 9000},
		{name: pick(g, "web", "x-http", "httpx", "any"), number: 7000, target: 7000},
	}
	if g.chance(30) {
		out[2].appProtocol = pick(g, "http", "tcp", "kubernetes.io/h2c", "kubernetes.io/ws", "example.com/own", "HTTP", "kubernetes.io/wss")
	}
	if g.chance(20) {
		out[2].number = 3306
	}
	return out
}

// add adds an object of Istio's.
func (g *generator) add(group, kind, namespace string, spec map[string]any, meta map[string]any) {
	g.n++
	o := object(group, kind, namespace, fmt.Sprintf("%s%d", pick(g, "a", "b", "m", "z"), g.n), "spec", spec)
	m := o["metadata"].(map[string]any) //nolint:forcetypeassert // made by object
	m["creationTimestamp"] = fmt.Sprintf("2026-01-0%dT00:00:00Z", 1+g.r.IntN(3))
	for k, v := range meta {
		m[k] = v
	}
	g.m.objects = append(g.m.objects, o)
}

func (g *generator) namespace() string { return pick(g, "t", "t", "t", "dev", g.m.rootNamespace()) }

// selector chooses workloads: none, some, or by a label that nothing has.
func (g *generator) selector(spec map[string]any) {
	switch g.r.IntN(10) {
	case 0, 1, 2, 3:
		return
	case 4:
		spec["selector"] = map[string]any{}
	case 5:
		spec["selector"] = map[string]any{"matchLabels": map[string]any{"app": pick(g, "S", "S", "x", "x", "s*")}}
	case 6:
		spec["selector"] = map[string]any{"matchLabels": map[string]any{"app": "s", "version": "v1"}}
	case 7:
		spec["selector"] = map[string]any{"matchLabels": map[string]any{"version": "v1"}}
	default:
		spec["selector"] = map[string]any{"matchLabels": map[string]any{"app": pick(g, "s", "s", "r", "gw")}}
	}
}

// targets names in some of a hundred cases what an object without selector is for.
func (g *generator) targets(spec map[string]any, percent int) {
	if !g.chance(percent) || spec["selector"] != nil && !g.chance(10) {
		return
	}
	var refs []any
	for range 1 + g.r.IntN(3)/2 {
		ref := map[string]any{"kind": pick(g, "Gateway", "Gateway", "Gateway", "Service", "GatewayClass"), "name": pick(g, gatewayName, gatewayName, gatewayName, "s", "istio")}
		if ref["kind"] != "Service" || g.chance(5) {
			ref["group"] = "gateway.networking.k8s.io"
		}
		refs = append(refs, ref)
	}
	if g.chance(15) {
		spec["targetRef"] = refs[0]
		return
	}
	spec["targetRefs"] = refs
}
