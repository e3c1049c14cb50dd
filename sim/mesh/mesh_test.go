package mesh_test

import (
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/mesh"
	"github.com/netfate/netfate/sim/model"
)

// world is a model with the pods a/client and b/server, both with a proxy, and
// the Service b/server before port 8080 of the latter.
func world(m model.Mesh) *model.Model {
	proxy := func() *model.Proxy { return &model.Proxy{Sidecar: algebra.Yes, Principal: "td/ns/x/sa/y"} }
	m.RootNamespace = "root"
	return &model.Model{
		Mesh: &m,
		Endpoints: []model.Endpoint{
			{Namespace: "a", Name: "client", Labels: labels("app", "client"), Proxy: proxy()},
			{Namespace: "b", Name: "server", Labels: labels("app", "server"), Proxy: proxy()},
		},
		Services: []model.Service{
			{Namespace: "b", Name: "server", Ports: []model.ServicePort{{Name: "http", Protocol: algebra.TCP, Port: 80, TargetPort: 8080}}},
		},
	}
}

func labels(pairs ...string) model.Labels {
	m := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return model.NewLabels(m)
}

func view(m *model.Model) *mesh.View { return mesh.New(m, func(int) []int32 { return []int32{1} }) }

const host = "server.b.svc.cluster.local"

func ask(v *mesh.View) mesh.Way {
	return v.Outbound(mesh.Asked{Client: 0, Service: 0, Host: host, Port: 80, Request: true})
}

func TestNormalizePath(t *testing.T) {
	for _, c := range []struct {
		mode     model.PathNormalization
		in, want string
	}{
		{model.NormalizeNone, "/a/../b//c", "/a/../b//c"},
		{model.NormalizeNone, "", "/"},
		{model.NormalizeBase, "/a/../b", "/b"},
		{model.NormalizeBase, "/a/./b/.", "/a/b/"},
		{model.NormalizeBase, "/a/b/..", "/a/"},
		{model.NormalizeBase, "/../../x", "/x"},
		{model.NormalizeBase, `/a\b`, "/a/b"},
		{model.NormalizeBase, "/a/%2e%2E/b", "/b"},
		{model.NormalizeBase, "/a//b", "/a//b"},
		{model.NormalizeBase, "/a%2Fb", "/a%2Fb"},
		{model.NormalizeMergeSlashes, "/a///b", "/a/b"},
		{model.NormalizeDecodeSlashes, "/a%2F%5cb", "/a/b"},
	} {
		if got := view(world(model.Mesh{Normalize: c.mode})).NormalizePath(c.in); got != c.want {
			t.Errorf("%d %q: got %q, want %q", c.mode, c.in, got, c.want)
		}
	}
}

// TestModes: the workload's port, the workload, the namespace, the mesh; of one
// level the oldest.
func TestModes(t *testing.T) {
	const port = model.MTLSStrict
	sel := labels("app", "server")
	root := model.PeerTLS{Mode: model.MTLSStrict}
	ns := model.PeerTLS{Namespace: "b", Mode: model.MTLSDisable}
	other := model.PeerTLS{Namespace: "a", Mode: model.MTLSDisable}
	workload := model.PeerTLS{Namespace: "b", Selector: &sel, Mode: model.MTLSPermissive, Ports: map[uint16]model.MTLSMode{8080: port, 1: model.MTLSUnset}}
	unset := model.PeerTLS{Namespace: "b", Selector: &sel, Ports: map[uint16]model.MTLSMode{8080: model.MTLSDisable}}
	newer, older := ns, ns
	newer.Mode, newer.Created, newer.Key = model.MTLSStrict, "2026-01-01T00:00:00Z", "a"
	older.Created, older.Key = "2025-01-01T00:00:00Z", "b"
	for name, c := range map[string]struct {
		list []model.PeerTLS
		port uint16
		want model.MTLSMode
	}{
		"nothing":                          {nil, 8080, model.MTLSPermissive},
		"mesh":                             {[]model.PeerTLS{root}, 8080, model.MTLSStrict},
		"namespace":                        {[]model.PeerTLS{root, ns}, 8080, model.MTLSDisable},
		"another namespace":                {[]model.PeerTLS{root, other}, 8080, model.MTLSStrict},
		"port":                             {[]model.PeerTLS{root, ns, workload}, 8080, port},
		"another port":                     {[]model.PeerTLS{root, ns, workload}, 9090, model.MTLSPermissive},
		"port that inherits":               {[]model.PeerTLS{root, ns, workload}, 1, model.MTLSPermissive},
		"workload that inherits":           {[]model.PeerTLS{root, unset}, 9090, model.MTLSStrict},
		"port of one that inherits (M8)":   {[]model.PeerTLS{root, unset}, 8080, model.MTLSDisable},
		"the oldest of a level":            {[]model.PeerTLS{newer, older}, 8080, model.MTLSDisable},
		"by name where the age is unknown": {[]model.PeerTLS{{Namespace: "b", Mode: model.MTLSStrict, Key: "z"}, {Namespace: "b", Mode: model.MTLSDisable, Key: "c"}}, 1, model.MTLSDisable},
	} {
		if got := view(world(model.Mesh{PeerTLS: c.list})).Inbound(1, c.port); got.Mode != c.want || got.ModeWhy == "" {
			t.Errorf("%s: got %v (%s), want %v", name, got.Mode, got.ModeWhy, c.want)
		}
	}
}

func TestInboundPastTheProxy(t *testing.T) {
	m := world(model.Mesh{})
	m.Endpoints[1].Proxy.ExcludeIn = []model.PortRange{{Low: 22, High: 23}}
	v := view(m)
	if in := v.Inbound(1, 23); !in.Bypass || in.BypassWhy == "" {
		t.Errorf("port 23: %+v", in)
	}
	if in := v.Inbound(1, 24); in.Bypass {
		t.Errorf("port 24: %+v", in)
	}
	m.Endpoints[1].Proxy.Gateway = true
	if in := v.Inbound(1, 80); in.Sidecar != algebra.No {
		t.Errorf("a gateway: %+v", in)
	}
}

func TestProtocolOfAPort(t *testing.T) {
	id := model.ServicePortID{Service: 0, Port: 80}
	m := world(model.Mesh{Protocols: map[model.ServicePortID]model.PortProtocol{id: model.PortHTTP}})
	if in := view(m).Inbound(1, 8080); in.Protocol != model.PortHTTP {
		t.Errorf("a Service's port: %v", in.Protocol)
	}
	if in := view(m).Inbound(1, 9999); in.Protocol != model.PortDetect {
		t.Errorf("a port before which no Service is: %v", in.Protocol)
	}
	m.Services = append(m.Services, model.Service{Namespace: "b", Name: "other", Ports: []model.ServicePort{{Protocol: algebra.TCP, Port: 1, TargetPort: 8080}}})
	m.Mesh.Protocols[model.ServicePortID{Service: 1, Port: 1}] = model.PortStream
	if in := view(m).Inbound(1, 8080); in.ProtocolReason == nil {
		t.Errorf("two Services of unknown age: %+v", in)
	}
	m.Mesh.Created = map[int]string{0: "2026-01-01T00:00:00Z", 1: "2025-01-01T00:00:00Z"}
	if in := view(m).Inbound(1, 8080); in.ProtocolReason != nil || in.Protocol != model.PortStream {
		t.Errorf("the older one: %+v", in)
	}
	m.Mesh.Scopes = []model.EgressScope{{Namespace: "b", All: true, Serves: []model.KnownPort{{Port: 8080, Protocol: model.PortHTTP}}}}
	if in := view(m).Inbound(1, 8080); in.Protocol != model.PortHTTP {
		t.Errorf("as the scope says: %+v", in)
	}
}

// TestProxyless: what stands before a workload that has no proxy.
func TestProxyless(t *testing.T) {
	m := world(model.Mesh{PeerTLS: []model.PeerTLS{{Namespace: "b", Mode: model.MTLSPermissive, Key: "x"}}, AutoTLS: true,
		Tokens: []model.TokenRule{{Issuer: "a"}}, Destinations: []model.Destination{{Namespace: "b", Host: host, TLSSaid: true, TLS: model.TLSOwn}},
		Proxyless: model.Proxyless{Permissive: model.MTLSDisable, PermissiveAnnounced: model.MTLSStrict}})
	for i := range m.Endpoints {
		if p := m.Endpoints[i].Proxy; p != nil {
			p.Proxyless = true
		}
	}
	v := view(m)
	in := v.Inbound(1, 8080)
	if !in.Proxyless || in.Mode != model.MTLSDisable || !in.Unannounced || in.Protocol != model.PortHTTP || in.CheckToken(&model.Request{Token: &model.Token{Invalid: true}}).Status != 0 || in.Path("/a/../b") != "/a/../b" {
		t.Errorf("got %+v", in)
	}
	if in.Unserved || !v.Inbound(1, 81).Unserved {
		t.Error("ports are served where a Service names them, and only there")
	}
	if tls, _ := v.TLS(0, host, 80, ""); tls != model.TLSNone {
		t.Errorf("a client speaks TLS of its own: %v", tls)
	}
	m.Endpoints[1].Proxy.Announced = true
	if in := view(m).Inbound(1, 8080); in.Mode != model.MTLSStrict || in.Unannounced {
		t.Errorf("announced: %+v", in)
	}
}
