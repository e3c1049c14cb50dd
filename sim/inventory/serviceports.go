package inventory

import (
	"net/netip"
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// servicePorts reads spec.ports. Rules of what is refused are those of
// ValidateService in the API server.
func (r *reader) servicePorts(s *model.Service, spec *manifest.Node) []model.ServicePort {
	list := items(spec.Get("ports"))
	if len(list) == 0 && !s.Headless {
		r.reject("spec.ports", "required", "")
	}
	ports := make([]model.ServicePort, 0, len(list))
	for i := range list {
		path := index("spec.ports", i)
		p, ok := r.servicePort(s, &list[i], path)
		if !ok {
			continue
		}
		if p.Name == "" && len(list) > 1 {
			r.reject(path+".name", "required where there are several ports", "")
		}
		if slices.ContainsFunc(ports, func(q model.ServicePort) bool { return clash(&p, &q) }) {
			r.reject(path, "a port of this name, or of this protocol and number, is already there", "")
		}
		ports = append(ports, p)
	}
	return ports
}

// clash tells whether two ports of one Service may not stand together.
func clash(p, q *model.ServicePort) bool {
	return p.Name == q.Name && p.Name != "" || p.Port == q.Port && p.Protocol == q.Protocol
}

func (r *reader) servicePort(s *model.Service, n *manifest.Node, path string) (model.ServicePort, bool) {
	p := model.ServicePort{Name: n.Get("name").Str(), Origin: r.o.At(path)}
	var ok bool
	if p.Port, ok = portNumber(n.Get("port")); !ok {
		r.reject(path+".port", "must be between 1 and 65535", "")
		return p, false
	}
	if p.Protocol, ok = protocolOf(n.Get("protocol")); !ok {
		r.reject(path+".protocol", "unknown protocol "+quote(n.Get("protocol").Str()), "TCP, UDP or SCTP")
		return p, false
	}
	r.targetPort(&p, n.Get("targetPort"), path+".targetPort")
	if np := n.Get("nodePort"); np.Str() != "" && np.Str() != "0" {
		if p.NodePort, ok = portNumber(np); !ok {
			r.reject(path+".nodePort", "must be between 1 and 65535", "")
		} else if s.Type == model.ClusterIP {
			r.reject(path+".nodePort", "may not be set for type ClusterIP", "set type: NodePort or LoadBalancer")
		}
	}
	return p, true
}

// targetPort reads a number or a container port's name; the default is the
// Service's port.
func (r *reader) targetPort(p *model.ServicePort, n *manifest.Node, path string) {
	switch {
	case n.Str() == "" || n.Kind == manifest.Int && n.Value == "0":
		p.TargetPort = p.Port
	case n.Kind == manifest.Int:
		var ok bool
		if p.TargetPort, ok = portNumber(n); !ok {
			r.reject(path, "must be between 1 and 65535", "")
		}
	case portName(n.Str()):
		p.TargetName = n.Str()
	default:
		r.reject(path, "neither a port number nor a port name: "+quote(n.Str()), "a number is written without quotes")
	}
}

// addrs parses addresses of a field and rejects what is none.
func (b *builder) addrs(r *reader, texts []string, path string) []netip.Addr {
	var out []netip.Addr
	for _, t := range texts {
		a, ok := parseAddr(t)
		if !ok {
			r.reject(path, "not an IP address: "+quote(t), "")
			continue
		}
		out = append(out, a)
		if path == "spec.clusterIP" {
			b.fam.addr(a)
		}
	}
	return out
}

// familyOf returns the family of an address.
func familyOf(a netip.Addr) algebra.Family {
	if a.Is4() {
		return algebra.IPv4
	}
	return algebra.IPv6
}
