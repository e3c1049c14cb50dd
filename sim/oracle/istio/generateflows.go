package istio

import (
	"math/rand/v2"
)

// flowsOf returns flows in the mesh of a seed: n to workloads, and then those to the
// gateway.
func flowsOf(m *meshState, seed uint64, n, toGateway int) []flow {
	g := &generator{r: rand.New(rand.NewPCG(seed, 0x666c6f77)), m: m} //nolint:gosec // repeatable on purpose
	out := make([]flow, n)
	for i := range out {
		out[i] = g.flow()
	}
	for range toGateway {
		out = append(out, g.gatewayFlow())
	}
	return out
}

func (g *generator) flow() flow {
	f := flow{from: pick(g, "t/c", "t/c", "dev/d", "dev/d", "plain/u", "t/r", "203.0.113.9"), to: pick(g, "t/s", "t/s", "t/r", "dev/s")}
	for f.from == f.to {
		f.to = pick(g, "t/s", "dev/s")
	}
	s := g.m.service(g.m.pod(f.to))
	p := pick(g, append([]port{s.ports[0], s.ports[0]}, s.ports...)...)
	f.port, f.target = p.number, p.target
	from := g.m.pod(f.from)
	if from == nil || g.chance(20) {
		f.direct = true
		if g.chance(15) {
			f.target = 6000
		}
		f.port = f.target
	}
	if !g.chance(12) {
		f.request = g.call(&f, from)
	}
	return f
}

// call is a request. A client's sidecar routes by its Host header, so that names
// the Service where there is one on the way.
func (g *generator) call(f *flow, from *pod) *call {
	s := g.m.service(g.m.pod(f.to))
	if s == nil {
		s = &g.m.services[0] // before the gateway stands none
	}
	names := []string{s.name + "." + s.namespace, s.host(), s.name + "." + s.namespace + ".svc"}
	if from != nil && from.namespace == s.namespace {
		names = append(names, s.name)
	}
	r := &call{method: pick(g, "GET", "GET", "POST", "DELETE", "OPTIONS"), host: pick(g, names...), headers: map[string]string{},
		path: pick(g, "/", "/a", "/a/", "/a/b", "/a/x/c", "/a/x/c/d", "/A", "/x/b", "/b", "/a//b", "/a/../b", "/a/./b", `/a\b`, "/a%2Fb", "/a%2fb", "/a/%2e%2E/b",
			"/a/b=c", "/a/b*c", "/x/", "/a/..", "/a/.", "/a/x/b", "/%5Ca", "/a/b/c//d", "//a", "/a/b/")}
	if f.direct && g.chance(40) {
		r.host = pick(g, "shop.example", "10.0.0.10", "s.t")
	}
	if f.port != 80 {
		r.hostPort = uint16(f.port) //nolint:gosec // a port
	}
	if g.chance(15) {
		r.query = "y=1"
	}
	if g.chance(40) {
		r.headers["x-env"] = pick(g, "prod", "dev", "test-1", "", "prod,dev", "PROD")
	}
	if g.chance(20) {
		r.headers["x-forwarded-for"] = pick(g, "198.51.100.7", "10.0.0.13", "198.51.100.7, 203.0.113.9", "garbage", "198.51.100.7,", "203.0.113.9,198.51.100.200", "", "unknown, 198.51.100.7", "fd00::1")
	}
	if r.method == "OPTIONS" && g.chance(50) {
		r.headers["origin"] = "https://shop.example"
		if g.chance(80) {
			r.headers["access-control-request-method"] = "GET"
		}
	}
	if g.chance(50) {
		r.token = g.token()
	}
	return r
}

func (g *generator) token() *claims {
	c := &claims{invalid: g.chance(10), issuer: pick(g, "acme", "acme", "acme", "https://id.example/x", "other", ""), subject: pick(g, "one", "one", "two", ""),
		more: map[string][]string{}}
	if g.chance(50) {
		c.audiences = []string{pick(g, "shop", "web", "https://shop", "shop/", "http://web/")}
		if g.chance(30) {
			c.audiences = append(c.audiences, "other")
		}
	}
	if g.chance(30) {
		c.presenter = pick(g, "app", "web")
	}
	if g.chance(40) {
		c.more["group"] = pick(g, []string{"dev"}, []string{"ops", "dev"}, []string{"dev ops"}, []string{"x"})
	}
	if g.chance(30) {
		c.more["team.name"] = []string{pick(g, "pay", "ops")}
	}
	if g.chance(30) {
		c.more["scope"] = pick(g, []string{"read"}, []string{"read write"}, []string{"read", "write"}, []string{""})
	}
	return c
}
