package mesh

import (
	"slices"
	"strings"
	"sync"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/l7"
	"github.com/netfate/netfate/sim/model"
)

// View answers for one model. It is safe for concurrent use.
type View struct {
	m       *model.Model
	mesh    *model.Mesh // never nil
	modes   modeTable
	ports   map[portKey][]model.ServicePortID // the Service ports behind which an endpoint's port stands
	fronted map[int32][]uint16                // by endpoint: its ports behind which Services stand
	byHost  map[string]int                    // Services by full host name
	hosts   []string                          // full host names of Services
	routers []router                          // by index into Mesh.Routes
	gamma   map[int][]gammaRouter             // by Service
	targets destinations
	scopes  map[string][]*model.EgressScope // by namespace
	// byRouted and wild are indexes into Mesh.Routes: by their exact hosts, and
	// those with wildcards.
	byRouted map[string][]int
	wild     []int
	made     sync.Map // routerKey to *l7.Router: what is compiled for single clients
	http80   bool     // some port 80 speaks HTTP: proxies then route requests to any host at port 80
}

// portKey is a port of an endpoint.
type portKey struct {
	endpoint int32
	port     uint16
}

// New prepares a model's mesh; a model without one has a View that sees no
// proxies. behind returns the endpoints behind a Service.
func New(m *model.Model, behind func(service int) []int32) *View {
	v := &View{m: m, mesh: m.Mesh, ports: map[portKey][]model.ServicePortID{}, fronted: map[int32][]uint16{}, byHost: map[string]int{}, byRouted: map[string][]int{}, scopes: map[string][]*model.EgressScope{}}
	if v.mesh == nil {
		v.mesh = &model.Mesh{}
	}
	v.modes = newModeTable(v.mesh)
	v.hosts = make([]string, len(m.Services))
	for i := range m.Services {
		v.addService(i, behind(i))
	}
	for i := range v.mesh.Routes {
		v.routers = append(v.routers, newRouter(&v.mesh.Routes[i]))
		v.addRouted(i)
	}
	for i := range v.mesh.Scopes {
		s := &v.mesh.Scopes[i]
		v.scopes[s.Namespace] = append(v.scopes[s.Namespace], s)
	}
	v.gamma = gammaRouters(m.ServiceRoutes)
	v.targets = newDestinations(v.mesh)
	v.http80 = speaksHTTP80(v.mesh)
	return v
}

func (v *View) addService(i int, endpoints []int32) {
	s := &v.m.Services[i]
	v.hosts[i] = serviceHost(s)
	v.byHost[v.hosts[i]] = i
	for p := range s.Ports {
		for _, e := range endpoints {
			if port, ok := targetPort(&s.Ports[p], &v.m.Endpoints[e]); ok && s.Ports[p].Protocol == algebra.TCP {
				k := portKey{e, port}
				if len(v.ports[k]) == 0 {
					v.fronted[e] = append(v.fronted[e], port)
				}
				v.ports[k] = append(v.ports[k], model.ServicePortID{Service: i, Port: s.Ports[p].Port})
			}
		}
	}
}

// serviceHost is a Service's full name.
func serviceHost(s *model.Service) string { return s.Name + "." + s.Namespace + ".svc.cluster.local" }

// targetPort returns the port that a Service port means on an endpoint.
func targetPort(p *model.ServicePort, e *model.Endpoint) (uint16, bool) {
	if p.TargetName == "" {
		return p.TargetPort, true
	}
	i := slices.IndexFunc(e.Ports, func(n model.NamedPort) bool { return n.Name == p.TargetName && n.Protocol == p.Protocol })
	if i < 0 {
		return 0, false
	}
	return e.Ports[i].Port, true
}

// sidecar tells whether an endpoint has a proxy.
func (v *View) sidecar(endpoint int) (*model.Proxy, algebra.Tri) {
	p := v.m.Endpoints[endpoint].Proxy
	if p == nil {
		return nil, algebra.No
	}
	return p, p.Sidecar
}

// selects tells whether an optional selector chooses labels.
func selects(sel *model.Labels, have model.Labels) bool {
	if sel == nil {
		return true
	}
	for _, l := range *sel {
		if v, ok := have.Get(l.Key); !ok || v != l.Value {
			return false
		}
	}
	return true
}

func inRanges(list []model.PortRange, port uint16) bool {
	return slices.ContainsFunc(list, func(r model.PortRange) bool { return port >= r.Low && port <= r.High })
}

// router is a HostRouting, compiled.
type router struct {
	http, stream *l7.Router
}

// speaksHTTP80 tells whether port 80 of any host is said to speak HTTP.
func speaksHTTP80(m *model.Mesh) bool {
	for id, p := range m.Protocols {
		if id.Port == 80 && p == model.PortHTTP {
			return true
		}
	}
	return slices.ContainsFunc(m.Known, func(k model.KnownHost) bool {
		return slices.ContainsFunc(k.Ports, func(p model.KnownPort) bool { return p.Port == 80 && p.Protocol == model.PortHTTP })
	})
}

// addRouted notes the hosts of a routing.
func (v *View) addRouted(i int) {
	wild := false
	for _, h := range v.mesh.Routes[i].Hosts {
		if wild = wild || strings.HasPrefix(h, "*"); !strings.HasPrefix(h, "*") {
			v.byRouted[h] = append(v.byRouted[h], i)
		}
	}
	if wild {
		v.wild = append(v.wild, i)
	}
}
