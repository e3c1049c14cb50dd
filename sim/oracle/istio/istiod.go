package istio

import (
	"fmt"
	"net/netip"
	"strings"

	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	"google.golang.org/protobuf/types/known/structpb"
	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/networking/core"
	"istio.io/istio/pilot/pkg/security/authn"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/host"
	kubeconfig "istio.io/istio/pkg/config/kube"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/test"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// istiod is what istiod makes of a mesh.
type istiod struct {
	mesh      *meshState
	listeners map[string]*listenerv3.Listener // of the sidecars, by pod: what comes in
	modes     map[string]authn.MtlsPolicy     // by pod
	protocols map[string]map[int]bool         // by pod and port of its Service: whether a client's sidecar routes it as HTTP
	refused   map[string]error                // objects that the webhook refuses, by "Kind/namespace/name"
	fronts    map[int]*listenerv3.Listener    // of the gateway, by port
	regexps   *regexps
}

// newIstiod runs istiod's code on a mesh.
func newIstiod(m *meshState) (*istiod, error) {
	d := &istiod{mesh: m, listeners: map[string]*listenerv3.Listener{}, modes: map[string]authn.MtlsPolicy{},
		protocols: map[string]map[int]bool{}, refused: map[string]error{}, fronts: map[int]*listenerv3.Listener{}, regexps: &regexps{}}
	configs, err := d.configs()
	if err != nil {
		return nil, err
	}
	front, err := gateways()
	if err != nil {
		return nil, err
	}
	configs = append(configs, front...)
	settings, err := yaml.Marshal(m.settings)
	if err != nil {
		return nil, err
	}
	mc, err := mesh.ApplyMeshConfigDefaults(string(settings))
	if err != nil {
		return nil, err
	}
	opts := core.TestOptions{Configs: configs, MeshConfig: mc}
	for i := range m.services {
		d.addService(&opts, &m.services[i])
	}
	err = test.Wrap(func(t test.Failer) {
		cg := core.NewConfigGenTest(t, opts)
		for i := range m.pods {
			switch p := &m.pods[i]; {
			case p.gateway:
				d.addGateway(cg, p)
			case p.sidecar():
				d.addSidecar(cg, p)
			}
		}
	})
	return d, err
}

// configs are the objects that istiod's webhook accepts.
func (d *istiod) configs() ([]config.Config, error) {
	var out []config.Config
	for _, o := range d.mesh.objects {
		text, err := join([]any{o})
		if err != nil {
			return nil, err
		}
		list, _, err := crd.ParseInputs(string(text)) // decodes and validates as the webhook
		switch {
		case err == nil && len(list) == 1:
			out = append(out, list[0])
		case err != nil && strings.HasPrefix(err.Error(), "configuration is invalid: "):
			d.refused[nameOf(o)] = err
		default:
			return nil, fmt.Errorf("istiod cannot read an object: %w\n%s", err, text)
		}
	}
	return out, nil
}

// nameOf is "Kind/namespace/name" of an object.
func nameOf(o any) string {
	m, _ := o.(map[string]any)
	meta, _ := m["metadata"].(map[string]any)
	return fmt.Sprintf("%v/%v/%v", m["kind"], meta["namespace"], meta["name"])
}

// addService adds a Service and its endpoints.
func (d *istiod) addService(opts *core.TestOptions, s *service) {
	svc := &model.Service{Hostname: host.Name(s.host()), DefaultAddress: s.address,
		Attributes: model.ServiceAttributes{Name: s.name, Namespace: s.namespace}}
	for i := range s.ports {
		p := &s.ports[i]
		var app *string
		if p.appProtocol != "" {
			app = &p.appProtocol
		}
		svc.Ports = append(svc.Ports, &model.Port{Name: p.name, Port: p.number,
			Protocol: kubeconfig.ConvertProtocol(int32(p.number), p.name, corev1.ProtocolTCP, app)}) //nolint:gosec // a port
	}
	opts.Services = append(opts.Services, svc)
	for i := range d.mesh.pods {
		p := &d.mesh.pods[i]
		if d.mesh.service(p) != s {
			continue
		}
		d.protocols[p.id()] = map[int]bool{}
		for j, sp := range svc.Ports {
			d.protocols[p.id()][sp.Port] = sp.Protocol.IsHTTPOrSniffed()
			opts.Instances = append(opts.Instances, &model.ServiceInstance{Service: svc, ServicePort: sp,
				Endpoint: &model.IstioEndpoint{Addresses: []string{p.address}, EndpointPort: uint32(s.ports[j].target), //nolint:gosec // a port
					ServicePortName: sp.Name, Labels: p.labels, Namespace: p.namespace}})
		}
	}
}

// addSidecar notes what the sidecar of a pod gets.
func (d *istiod) addSidecar(cg *core.ConfigGenTest, p *pod) {
	proxy := cg.SetupProxy(&model.Proxy{ID: p.name + "." + p.namespace, ConfigNamespace: p.namespace, IPAddresses: []string{p.address},
		Labels: p.labels, Metadata: &model.NodeMetadata{Namespace: p.namespace, Labels: p.labels, IstioVersion: "1.31.0"}})
	for _, l := range cg.Listeners(proxy) {
		if l.GetName() == model.VirtualInboundListenerName {
			d.listeners[p.id()] = l
		}
	}
	push := cg.PushContext()
	d.modes[p.id()] = authn.NewMtlsPolicy(push, push.AuthnPolicies, p.namespace, p.labels, false)
}

// decide is what becomes of a flow where templates that Envoy refuses match what
// assume says; the error is of the evaluation.
func (d *istiod) decide(f *flow, assume bool) (answer, error) {
	if f.gateway {
		l, err := d.front(f)
		if err != nil {
			return answer{}, err
		}
		return d.evaluate(l, d.knock(f), assume)
	}
	to := d.mesh.pod(f.to)
	c := &conn{local: netip.MustParseAddr(to.address), port: uint16(f.target), metadata: map[string]*structpb.Struct{}} //nolint:gosec // a port
	if f.request != nil {
		c.request = f.request.envoyRequest()
	}
	if from := d.mesh.pod(f.from); from != nil {
		c.peer = netip.MustParseAddr(from.address)
		if from.sidecar() && !f.direct && d.modes[f.to].GetMutualTLSModeForPort(uint32(f.target)) != model.MTLSDisable { //nolint:gosec // a port
			d.mutual(c, f, from)
		}
	} else {
		c.peer = netip.MustParseAddr(f.from)
	}
	c.remote = c.peer
	return d.evaluate(d.listeners[f.to], c, assume)
}

// evaluate is what a listener does with a connection.
func (d *istiod) evaluate(l *listenerv3.Listener, c *conn, assume bool) (answer, error) {
	e := &envoy{regexps: d.regexps, assume: assume}
	a := e.decide(l, c)
	a.refused = e.refused
	return a, e.err
}

// mutual is the mesh's mutual TLS of a client's sidecar.
func (d *istiod) mutual(c *conn, f *flow, from *pod) {
	c.tls = true
	c.identity = "spiffe://" + d.mesh.trustDomain() + "/ns/" + from.namespace + "/sa/" + from.name
	c.sni = model.BuildDNSSrvSubsetKey(model.TrafficDirectionOutbound, "", host.Name(d.mesh.service(d.mesh.pod(f.to)).host()), f.port)
	c.alpn = []string{"istio-peer-exchange", "istio"}
	if c.request != nil && d.protocols[f.to][f.port] {
		c.alpn = []string{"istio-http/1.1", "istio", "http/1.1"}
	}
}
