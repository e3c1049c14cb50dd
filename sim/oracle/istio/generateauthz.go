package istio

// addAuthorization adds an AuthorizationPolicy.
func (g *generator) addAuthorization() {
	spec := map[string]any{}
	g.selector(spec)
	g.targets(spec, 25)
	custom := false
	switch n := g.r.IntN(100); {
	case n < 12:
		custom = true
		spec["action"], spec["provider"] = "CUSTOM", map[string]any{"name": pick(g, "opa", "opa", "web", "web", "none")}
	case n < 17:
		spec["action"] = "AUDIT"
	case n < 50:
		spec["action"] = "DENY"
	case n < 60:
		spec["action"] = "ALLOW"
	}
	if !g.chance(5) {
		rules := []any{}
		for range 1 + g.r.IntN(3)*g.r.IntN(2) {
			rules = append(rules, g.rule(custom))
		}
		spec["rules"] = rules
	}
	var meta map[string]any
	if action, _ := spec["action"].(string); g.chance(10) && (action == "" || action == "ALLOW" || action == "DENY" || g.chance(10)) {
		meta = map[string]any{"annotations": map[string]any{"istio.io/dry-run": pick(g, "true", "true", "true", "True", "1", "t", "false", "false", "yes", "TRUE")}}
	}
	g.add(pick(g, "security.istio.io/v1", "security.istio.io/v1beta1"), "AuthorizationPolicy", g.namespace(), spec, meta)
}

func (g *generator) rule(custom bool) any {
	rule := map[string]any{}
	if g.chance(55) && !(custom && g.chance(60)) {
		rule["from"] = list(g, func() any { return map[string]any{"source": g.source(custom)} })
	}
	if g.chance(55) {
		rule["to"] = list(g, func() any { return map[string]any{"operation": g.operation()} })
	}
	if g.chance(40) {
		rule["when"] = list(g, func() any { return g.condition(custom) })
	}
	return rule
}

func list(g *generator, item func() any) []any {
	out := []any{item()}
	if g.chance(25) {
		out = append(out, item())
	}
	return out
}

// fields sets one or two of the fields, some of them negated.
func (g *generator) fields(values map[string][]string, order []string) map[string]any {
	out := map[string]any{}
	for range 1 + g.r.IntN(2) {
		name := pick(g, order...)
		v := some(g, values[name])
		if bad := append(g.w.bad[name], ""); g.chance(2) {
			v = append(v, pick(g, bad...))
		}
		if g.chance(25) {
			name = "not" + string(name[0]-'a'+'A') + name[1:]
		}
		out[name] = v
	}
	return out
}

func (g *generator) source(custom bool) any {
	values := map[string][]string{
		"principals": g.w.principals, "requestPrincipals": g.w.requestPrincipals, "namespaces": g.w.namespaces, "serviceAccounts": g.w.serviceAccounts,
		"trustDomains": g.w.trustDomains, "ipBlocks": g.w.ipBlocks, "remoteIpBlocks": g.w.ipBlocks,
	}
	order := []string{"principals", "principals", "requestPrincipals", "requestPrincipals", "namespaces", "namespaces", "serviceAccounts", "trustDomains", "ipBlocks", "remoteIpBlocks"}
	if custom && !g.chance(5) {
		order = []string{"ipBlocks", "remoteIpBlocks"}
	}
	return g.fields(values, order)
}

func (g *generator) operation() any {
	return g.fields(map[string][]string{"hosts": g.w.hosts, "methods": g.w.methods, "paths": g.w.paths, "ports": g.w.ports},
		[]string{"hosts", "methods", "methods", "paths", "paths", "paths", "ports"})
}

func (g *generator) condition(custom bool) any {
	all := g.conditions()
	c := all[g.r.IntN(len(all))]
	for custom && c.identity && !g.chance(5) {
		c = all[g.r.IntN(len(all))]
	}
	out := map[string]any{"key": pick(g, c.keys...)}
	if g.chance(3) {
		out["key"] = pick(g, "request.header", "source.user", "destination.labels[app]", "destination.namespace", "", "request.headers[]", "request.auth.claims", "request.auth.claims[team][x")
	}
	if !g.chance(30) {
		out["values"] = some(g, c.values)
	}
	if len(out) == 1 && !g.chance(3) || g.chance(15) {
		out["notValues"] = some(g, c.values)
	}
	return out
}

// condition is a kind of condition: keys and values for it.
type condition struct {
	keys, values []string
	identity     bool // not with the action CUSTOM
}

func (g *generator) conditions() []condition {
	return []condition{
		{keys: []string{"request.headers[x-env]", "request.headers[X-Env]", "request.headers[x-env]", "request.headersx[x-env]", "request.headers[[x-env]]"},
			values: []string{"prod", "test-*", "*od", "*", "PROD", "prod,dev", "**", "p*d"}},
		{keys: []string{"request.headers[host]", "request.headers[:authority]"}, values: g.w.hosts},
		{keys: []string{"request.headers[:method]", "request.headers[:path]"}, values: append([]string{"/a?*", "/a"}, g.w.methods...)},
		{keys: []string{"source.ip", "remote.ip", "destination.ip"}, values: g.w.ipBlocks},
		{keys: []string{"source.namespace"}, values: g.w.namespaces, identity: true},
		{keys: []string{"source.principal"}, values: g.w.principals, identity: true},
		{keys: []string{"source.serviceAccount"}, values: g.w.serviceAccounts, identity: true},
		{keys: []string{"source.trustDomain"}, values: g.w.trustDomains, identity: true},
		{keys: []string{"request.auth.principal"}, values: g.w.requestPrincipals, identity: true},
		{keys: []string{"request.auth.audiences"}, values: []string{"shop", "web", "*", "sh*", "*b", "https://shop/"}, identity: true},
		{keys: []string{"request.auth.presenter"}, values: []string{"app", "*", "a*", "*p"}, identity: true},
		{keys: []string{"request.auth.claims[group]", "request.auth.claims[team][name]", "request.auth.claims[scope]", "request.auth.claims[iss]",
			"request.auth.claims[sub]", "request.auth.claims[aud]", "request.auth.claims[azp]", "request.auth.claims[team]", "request.auth.claims[team]x[name]"},
			values: []string{"dev", "ops", "*", "d*", "*s", "read", "write", "read write", "pay", "acme", "one", "shop", "app"}, identity: true},
		{keys: []string{"destination.port"}, values: g.w.ports},
		{keys: []string{"connection.sni"}, values: []string{"*", "s.t", "outbound*", "*.cluster.local", "outbound_.80_._.s.t.svc.cluster.local", "*.t"}},
		{keys: []string{"experimental.envoy.filters.a.b[c]"}, values: []string{"x", "[x]", "*"}},
	}
}
