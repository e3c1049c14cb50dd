package istio

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	"google.golang.org/protobuf/types/known/structpb"
	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/networking/core"
	"istio.io/istio/pkg/config"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	netfate "github.com/netfate/netfate/sim/model"
)

// The gateway of every mesh: a pod, and what it listens to.
const (
	gatewayName = "gw"
	httpPort    = 80
	tcpPort     = 9000
	tlsPort     = 9443
	tlsHost     = "s.t"
)

// gatewayManifests are the gateway as people write it: everything it listens to goes
// to Service t/s.
const gatewayManifests = `---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: istio}
spec: {controllerName: istio.io/gateway-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: t}
spec:
  gatewayClassName: istio
  listeners:
  - {name: http, port: 80, protocol: HTTP}
  - {name: tcp, port: 9000, protocol: TCP}
  - {name: tls, port: 9443, protocol: TLS, tls: {mode: Passthrough}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: gw, namespace: t}
spec: {parentRefs: [{name: gw, sectionName: http}], rules: [{backendRefs: [{name: s, port: 80}]}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: TCPRoute
metadata: {name: gw, namespace: t}
spec: {parentRefs: [{name: gw, sectionName: tcp}], rules: [{backendRefs: [{name: s, port: 9000}]}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata: {name: gw, namespace: t}
spec: {parentRefs: [{name: gw, sectionName: tls}], hostnames: [s.t], rules: [{backendRefs: [{name: s, port: 9000}]}]}
`

// gatewayConfigs are the gateway as istiod's conversion of the Gateway API hands it
// on: what its listeners and routes become is not compared here, but what stands
// before them.
const gatewayConfigs = `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: t}
spec:
  selector: {app: gw}
  servers:
  - {port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}
  - {port: {number: 9000, name: tcp, protocol: TCP}, hosts: ["*"]}
  - {port: {number: 9443, name: tls, protocol: TLS}, tls: {mode: PASSTHROUGH}, hosts: ["*"]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: gw, namespace: t}
spec:
  hosts: ["*"]
  gateways: [gw]
  http: [{route: [{destination: {host: s.t.svc.cluster.local, port: {number: 80}}}]}]
  tcp: [{match: [{port: 9000}], route: [{destination: {host: s.t.svc.cluster.local, port: {number: 9000}}}]}]
  tls: [{match: [{port: 9443, sniHosts: [s.t]}], route: [{destination: {host: s.t.svc.cluster.local, port: {number: 9000}}}]}]
`

// gateways are istiod's objects for the gateway.
func gateways() ([]config.Config, error) {
	list, _, err := crd.ParseInputs(gatewayConfigs)
	return list, err
}

// addGateway notes what the proxy of the gateway's pod gets.
func (d *istiod) addGateway(cg *core.ConfigGenTest, p *pod) {
	proxy := cg.SetupProxy(&model.Proxy{Type: model.Router, ID: p.name + "." + p.namespace, ConfigNamespace: p.namespace, IPAddresses: []string{p.address},
		Labels: p.labels, Metadata: &model.NodeMetadata{Namespace: p.namespace, Labels: p.labels, IstioVersion: "1.31.0"}})
	cg.PushContext().GatewayAPIController = model.FakeController{} // asked for inference pools
	for _, l := range cg.Listeners(proxy) {
		d.fronts[int(l.GetAddress().GetSocketAddress().GetPortValue())] = l
	}
}

// front is the listener of the gateway that takes a flow.
func (d *istiod) front(f *flow) (*listenerv3.Listener, error) {
	l := d.fronts[f.target]
	if l == nil {
		return nil, fmt.Errorf("istiod makes no listener for port %d of the gateway", f.target)
	}
	return l, nil
}

// knock is the connection of a flow as the gateway sees it arrive.
func (d *istiod) knock(f *flow) *conn {
	c := &conn{local: netip.MustParseAddr(d.mesh.pod(f.to).address), port: uint16(f.target), metadata: map[string]*structpb.Struct{}} //nolint:gosec // a port
	if f.request != nil {
		c.request = f.request.envoyRequest()
	}
	if from := d.mesh.pod(f.from); from != nil {
		c.peer = netip.MustParseAddr(from.address)
	} else {
		c.peer = netip.MustParseAddr(f.from)
	}
	c.remote = c.peer
	if f.target == tlsPort {
		c.tls, c.sni, c.opaque = true, tlsHost, true
	}
	return c
}

// atGateway is netfate's outcome of what stands before the listeners of the gateway.
func atGateway(v *netfate.Verdict) (outcome, error) {
	i := slices.IndexFunc(v.Hops, func(h netfate.Hop) bool { return h.ToName == "gateway t/"+gatewayName })
	if i < 0 {
		return outcome{}, fmt.Errorf("no hop ends at the gateway: %v", v.Hops)
	}
	only := netfate.Verdict{Outcome: netfate.Allowed, Symptom: v.Symptom}
	h := v.Hops[i]
	h.Points = slices.DeleteFunc(slices.Clone(h.Points), func(p netfate.PointTrace) bool { return !strings.HasSuffix(p.Point, " at gateway t/"+gatewayName) })
	if len(h.Points) == 0 {
		return outcome{}, fmt.Errorf("nothing is asked at the gateway: %v", v.Hops[i].Points)
	}
	for _, p := range h.Points {
		only.Outcome = min(only.Outcome, p.Outcome)
		only.Reasons = append(only.Reasons, p.Reasons...)
	}
	only.Hops = []netfate.Hop{h}
	return outcomeOf(&only), nil
}

// askGateway returns netfate's verdict of a flow to the gateway.
func askGateway(s *sim.Simulator, f *flow) (netfate.Verdict, error) {
	from, err := party(s, f.from)
	if err != nil {
		return netfate.Verdict{}, err
	}
	to, err := party(s, "gateway:t/"+gatewayName)
	if err != nil {
		return netfate.Verdict{}, err
	}
	q := netfate.Flow{From: from, To: to, Protocol: algebra.TCP, Port: uint16(f.target), Families: []algebra.Family{algebra.IPv4}} //nolint:gosec // a port
	if f.request != nil {
		q.Request = f.request.modelRequest()
		if f.target == tlsPort {
			q.Request.Scheme = "https"
		}
	}
	return s.Verdict(q), nil
}

// gatewayFlow is a flow to the gateway. Where proxies before it are trusted, clients
// from outside do not reach it themselves.
func (g *generator) gatewayFlow() flow {
	f := flow{from: pick(g, "t/c", "dev/d", "plain/u", "plain/u", "203.0.113.9"), to: "t/" + gatewayName, gateway: true, direct: true}
	if f.from == "203.0.113.9" && g.m.settings["defaultConfig"] != nil {
		f.from = "plain/u"
	}
	f.port = pick(g, httpPort, httpPort, httpPort, tcpPort, tlsPort)
	f.target = f.port
	if f.port == tcpPort && g.chance(50) {
		return f
	}
	f.request = g.call(&f, nil)
	f.request.host, f.request.hostPort = pick(g, "shop.example", "s.t", "S.T", "10.0.0.10"), 0
	if f.port == tlsPort {
		f.request.host = tlsHost
	}
	return f
}
