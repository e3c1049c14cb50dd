package istio

// addPeerAuthentication adds a PeerAuthentication.
func (g *generator) addPeerAuthentication() {
	spec := map[string]any{}
	mode := func() string {
		return pick(g, "STRICT", "STRICT", "PERMISSIVE", "PERMISSIVE", "DISABLE", "UNSET")
	}
	if !g.chance(10) {
		spec["mtls"] = map[string]any{"mode": mode()}
	}
	if g.chance(60) {
		spec["selector"] = map[string]any{"matchLabels": map[string]any{"app": pick(g, "s", "s", "s", "s", "r", "r", "x", "s*")}}
	}
	if g.chance(40) && (spec["selector"] != nil || g.chance(5)) {
		ports := map[string]any{}
		for range 1 + g.r.IntN(2) {
			ports[pick(g, "8080", "9000", "7000", "6000", "80")] = map[string]any{"mode": mode()}
		}
		spec["portLevelMtls"] = ports
	}
	g.add(pick(g, "security.istio.io/v1", "security.istio.io/v1beta1"), "PeerAuthentication", g.namespace(), spec, nil)
}

// addRequestAuthentication adds a RequestAuthentication.
func (g *generator) addRequestAuthentication() {
	spec := map[string]any{}
	g.selector(spec)
	g.targets(spec, 30)
	var rules []any
	for range 1 + g.r.IntN(2) {
		rule := map[string]any{"issuer": pick(g, "acme", "acme", "https://id.example/x"), "jwks": `{"keys":[]}`}
		if g.chance(30) {
			rule["audiences"] = some(g, []string{"shop", "web", "https://shop/"})
		}
		if g.chance(3) {
			rule["audiences"] = []any{""}
		}
		if g.chance(3) {
			rule["issuer"] = ""
		}
		if g.chance(20) {
			rule["spaceDelimitedClaims"] = []any{"group"}
		}
		rules = append(rules, rule)
	}
	if !g.chance(5) {
		spec["jwtRules"] = rules
	}
	g.add(pick(g, "security.istio.io/v1", "security.istio.io/v1beta1"), "RequestAuthentication", g.namespace(), spec, nil)
}
