package mesh_test

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/mesh"
	"github.com/netfate/netfate/sim/model"
)

// TestScope: which Services a client's proxy knows by a scope's hosts.
func TestScope(t *testing.T) {
	not := func(ns, h string) model.ScopedHost { return model.ScopedHost{Namespace: ns, Host: h, Not: true} }
	in := func(ns, h string) model.ScopedHost { return model.ScopedHost{Namespace: ns, Host: h} }
	for name, c := range map[string]struct {
		hosts []model.ScopedHost
		known bool
	}{
		"all":                  {[]model.ScopedHost{in("*", "*")}, true},
		"its namespace":        {[]model.ScopedHost{in("b", "*")}, true},
		"its name":             {[]model.ScopedHost{in("b", host)}, true},
		"a suffix":             {[]model.ScopedHost{in("*", "*.b.svc.cluster.local")}, true},
		"another namespace":    {[]model.ScopedHost{in("a", "*")}, false},
		"the client's own":     {[]model.ScopedHost{in(".", "*")}, false},
		"none":                 {[]model.ScopedHost{in("~", "*")}, false},
		"another name":         {[]model.ScopedHost{in("b", "x."+host)}, false},
		"taken out":            {[]model.ScopedHost{in("*", "*"), not("b", "*")}, false},
		"taken out everywhere": {[]model.ScopedHost{in("b", "*"), not("*", host)}, false},
		"at another port":      {[]model.ScopedHost{{Namespace: "b", Host: "*", Port: 81}}, false},
		"at the port":          {[]model.ScopedHost{{Namespace: "b", Host: "*", Port: 80}}, true},
	} {
		m := world(model.Mesh{UnknownHosts: model.OutboundKnown, Scopes: []model.EgressScope{{Namespace: "a", Hosts: c.hosts, Origin: origin()}}})
		if w := ask(view(m)); w.Blocked == c.known || !c.known && w.Why == "" {
			t.Errorf("%s: %+v", name, w)
		}
	}
}

func origin() model.Origin { return model.Origin{Object: &model.Object{}} }

// TestWhoseScope: the workload's, the namespace's, the root namespace's; the oldest.
func TestWhoseScope(t *testing.T) {
	sel := labels("app", "client")
	scope := func(ns string, s *model.Labels, created string, u model.OutboundMode) model.EgressScope {
		return model.EgressScope{Namespace: ns, Selector: s, Created: created, Unknown: u, Hosts: []model.ScopedHost{{Namespace: "~", Host: "*"}}, Origin: origin()}
	}
	const anyhow, known = model.OutboundAny, model.OutboundKnown
	for name, c := range map[string]struct {
		scopes  []model.EgressScope
		blocked bool
	}{
		"root":         {[]model.EgressScope{scope("root", nil, "", known)}, true},
		"namespace":    {[]model.EgressScope{scope("root", nil, "", known), scope("a", nil, "", anyhow)}, false},
		"workload":     {[]model.EgressScope{scope("a", nil, "", known), scope("a", &sel, "", anyhow)}, false},
		"not selected": {[]model.EgressScope{scope("a", nil, "", known), scope("a", ptr(labels("app", "x")), "", anyhow)}, true},
		"the oldest":   {[]model.EgressScope{scope("a", nil, "2026-01-01T00:00:00Z", known), scope("a", nil, "2025-01-01T00:00:00Z", anyhow)}, false},
	} {
		if w := ask(view(world(model.Mesh{Scopes: c.scopes}))); w.Blocked != c.blocked || w.Through == c.blocked {
			t.Errorf("%s: %+v", name, w)
		}
	}
}

func ptr[T any](v T) *T { return &v }

// TestDestinations: whose settings count, and how those of one host are merged.
func TestDestinations(t *testing.T) {
	d := func(ns string, tls model.ClientTLS, exports ...string) model.Destination {
		return model.Destination{Namespace: ns, Host: host, TLS: tls, TLSSaid: true, Settings: true, Export: model.Export{Namespaces: exports}, Key: ns}
	}
	wild := d("a", model.TLSNone)
	wild.Host = "*.b.svc.cluster.local"
	plain := model.Destination{Namespace: "a", Host: host, Created: "2024-01-01T00:00:00Z", Subsets: []model.Subset{{Name: "v1"}}}
	set := d("a", model.TLSMutual)
	set.Created, set.Subsets = "2025-01-01T00:00:00Z", []model.Subset{{Name: "v1", Labels: labels("v", "2")}, {Name: "v2", TLSSaid: true, TLS: model.TLSNone}}
	late := d("a", model.TLSNone)
	late.Created = "2026-01-01T00:00:00Z"
	chosen := d("a", model.TLSOwn)
	chosen.Selector = ptr(labels("app", "client"))
	others := chosen
	others.Selector = ptr(labels("app", "x"))
	ports := d("a", model.TLSMutual)
	ports.PortTLS = map[uint16]model.ClientTLS{80: model.TLSAuto}
	for name, c := range map[string]struct {
		list   []model.Destination
		subset string
		want   model.ClientTLS
	}{
		"nothing":                            {nil, "", model.TLSAuto},
		"of the host's namespace":            {[]model.Destination{d("b", model.TLSNone)}, "", model.TLSNone},
		"not exported":                       {[]model.Destination{d("b", model.TLSNone, ".")}, "", model.TLSAuto},
		"exported to the client":             {[]model.Destination{d("b", model.TLSNone, "a")}, "", model.TLSNone},
		"of the root namespace":              {[]model.Destination{d("root", model.TLSNone)}, "", model.TLSNone},
		"of a namespace that does not count": {[]model.Destination{d("c", model.TLSNone)}, "", model.TLSAuto},
		"the client's first":                 {[]model.Destination{d("b", model.TLSNone), d("a", model.TLSMutual)}, "", model.TLSMutual},
		"the exact name first":               {[]model.Destination{wild, d("a", model.TLSMutual)}, "", model.TLSMutual},
		"a wildcard":                         {[]model.Destination{wild}, "", model.TLSNone},
		"settings of the oldest that has":    {[]model.Destination{late, set, plain}, "", model.TLSMutual},
		"a subset of another":                {[]model.Destination{late, set, plain}, "v2", model.TLSNone},
		"selected":                           {[]model.Destination{d("a", model.TLSNone), chosen}, "", model.TLSOwn},
		"selected others":                    {[]model.Destination{d("a", model.TLSNone), others}, "", model.TLSNone},
		"a port without TLS has the default": {[]model.Destination{ports}, "", model.TLSAuto},
	} {
		v := view(world(model.Mesh{AutoTLS: true, Destinations: c.list}))
		if got, _ := v.TLS(0, host, 80, c.subset); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
	v := view(world(model.Mesh{Destinations: []model.Destination{late, set, plain}}))
	if l, ok := v.Subset(0, host, "v1"); !ok || len(l) != 0 {
		t.Errorf("the oldest names the subset v1 first: %v %t", l, ok)
	}
	if _, ok := v.Subset(0, host, "v3"); ok {
		t.Error("a subset that nothing names")
	}
	if got, _ := v.TLS(0, "x", 80, ""); got != model.TLSNone {
		t.Errorf("without automatic TLS: %v", got)
	}
}

// TestRoutingOfAHost: which routing counts.
func TestRoutingOfAHost(t *testing.T) {
	routing := func(ns, h, key string, status int, exports ...string) model.HostRouting {
		return model.HostRouting{Namespace: ns, Hosts: []string{h}, Key: key, Export: model.Export{Namespaces: exports},
			HTTP: []model.RouteRule{{Action: model.RouteAction{Kind: model.RouteRespond, Status: status}}}}
	}
	for name, c := range map[string]struct {
		list []model.HostRouting
		want int
	}{
		"none":                   {nil, 0},
		"one":                    {[]model.HostRouting{routing("b", host, "a", 201)}, 201},
		"not exported":           {[]model.HostRouting{routing("b", host, "a", 201, ".")}, 0},
		"another host":           {[]model.HostRouting{routing("b", "x", "a", 201)}, 0},
		"the exact name":         {[]model.HostRouting{routing("b", "*.cluster.local", "a", 201), routing("b", host, "b", 202)}, 202},
		"by name":                {[]model.HostRouting{routing("b", host, "z", 201), routing("c", host, "b", 202)}, 202},
		"its own namespace's":    {[]model.HostRouting{routing("b", host, "a", 201), routing("a", host, "b", 202, ".")}, 202},
		"exported to some first": {[]model.HostRouting{routing("b", host, "a", 201), routing("b", host, "b", 202, "a")}, 202},
	} {
		w := ask(view(world(model.Mesh{Routes: c.list})))
		got := 0
		if w.Router != nil {
			got = w.Router.Decide(host, &model.Seen{Request: &model.Request{}}, nil)[0].Action.Status
		}
		if got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
	}
}

func TestKnownHosts(t *testing.T) {
	known := model.KnownHost{Namespace: "b", Hosts: []string{"*.example.com"}, Ports: []model.KnownPort{{Port: 443, Protocol: model.PortStream}},
		Addrs: algebra.PrefixSet(netip.MustParsePrefix("192.0.2.0/24"))}
	v := view(world(model.Mesh{UnknownHosts: model.OutboundKnown, Known: []model.KnownHost{known}}))
	for name, c := range map[string]struct {
		asked mesh.Asked
		known bool
	}{
		"name":         {mesh.Asked{Service: -1, Host: "a.example.com", Port: 443}, true},
		"apex":         {mesh.Asked{Service: -1, Host: "example.com", Port: 443}, false},
		"another port": {mesh.Asked{Service: -1, Host: "a.example.com", Port: 80, Request: true}, false},
		"address":      {mesh.Asked{Service: -1, IP: netip.MustParseAddr("192.0.2.7"), Addr: "192.0.2.7", Port: 443}, true},
		"another":      {mesh.Asked{Service: -1, IP: netip.MustParseAddr("192.0.3.7"), Addr: "192.0.3.7", Port: 443}, false},
	} {
		if w := v.Outbound(c.asked); (w.KnownHost != nil) != c.known || w.Blocked == c.known || !c.known && w.Why == "" {
			t.Errorf("%s: %+v", name, w)
		}
	}
}

func TestOutboundPastTheProxy(t *testing.T) {
	m := world(model.Mesh{})
	p := m.Endpoints[0].Proxy
	p.ExcludeOutAddrs = algebra.PrefixSet(netip.MustParsePrefix("10.0.0.0/8"))
	p.IncludeOut = []model.PortRange{{Low: 81, High: 81}}
	m.Services[0].ClusterIPs = []netip.Addr{netip.MustParseAddr("10.1.1.1")}
	v := view(m)
	if w := ask(v); !w.Bypass {
		t.Errorf("an excluded address: %+v", w)
	}
	if w := v.Outbound(mesh.Asked{Service: 0, Host: host, Port: 81}); w.Bypass {
		t.Errorf("an included port: %+v", w)
	}
	if w := v.Outbound(mesh.Asked{Service: -1, Host: "x.example.com", Port: 80}); w.Bypass || w.Unsure == nil {
		t.Errorf("an address that is not known: %+v", w)
	}
}

func TestTokens(t *testing.T) {
	rules := []model.TokenRule{{Issuer: "a"}, {Namespace: "b", Issuer: "c", Audiences: []string{"x"}}, {Namespace: "a", Issuer: "other"}}
	in := view(world(model.Mesh{Tokens: rules})).Inbound(1, 80)
	for name, c := range map[string]struct {
		token    *model.Token
		status   int
		verified bool
	}{
		"none":             {nil, 0, false},
		"valid":            {&model.Token{Issuer: "a"}, 0, true},
		"invalid":          {&model.Token{Issuer: "a", Invalid: true}, 401, false},
		"audience":         {&model.Token{Issuer: "c", Audiences: []string{"x", "y"}}, 0, true},
		"another audience": {&model.Token{Issuer: "c", Audiences: []string{"y"}}, 403, false},
		"unknown issuer":   {&model.Token{Issuer: "other"}, 401, false},
	} {
		if got := in.CheckToken(&model.Request{Token: c.token}); got.Status != c.status || got.Verified != c.verified {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestWordsOfAClaim(t *testing.T) {
	in := view(world(model.Mesh{Tokens: []model.TokenRule{{Issuer: "a", Words: []string{"scope"}}}})).Inbound(1, 80)
	sent := &model.Token{Issuer: "a", Claims: map[string][]string{"scope": {"read write"}, "group": {"x y"}}}
	got := in.CheckToken(&model.Request{Token: sent}).Token
	if got == nil || !slices.Equal(got.Claims["scope"], []string{"read", "write"}) || !slices.Equal(got.Claims["group"], []string{"x y"}) {
		t.Errorf("got %+v", got)
	}
	if len(sent.Claims["scope"]) != 1 {
		t.Errorf("the request's own token is changed: %+v", sent)
	}
}
