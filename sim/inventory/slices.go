package inventory

import (
	"net/netip"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// Labels of discovery.k8s.io/v1.
const (
	labelServiceName = "kubernetes.io/service-name"
	labelManagedBy   = "endpointslice.kubernetes.io/managed-by"
	sliceController  = "endpointslice-controller.k8s.io"
)

// slice is one EndpointSlice.
type slice struct {
	object   *model.Object
	backends []model.Backend
	managed  bool // written by the controller that follows selectors
}

// readSlices reads EndpointSlices by the Service that their label names.
func (b *builder) readSlices(objects []*model.Object) map[ownerKey][]slice {
	out := map[ownerKey][]slice{}
	for _, o := range b.byName(objects) {
		r := reader{o: o, opt: &b.opt}
		s := b.slice(&r)
		b.take(&r.report)
		name := o.Root.Get("metadata").Get("labels").Get(labelServiceName).Str()
		if r.rejected || name == "" {
			continue
		}
		k := ownerKey{o.Cluster, namespaceOf(o), ownerRef{"Service", name}}
		out[k] = append(out[k], s)
	}
	return out
}

func (b *builder) slice(r *reader) slice {
	r.check()
	root := r.o.Root
	meta := root.Get("metadata")
	r.checkMeta(meta, subdomainName)
	r.labels(nil, meta.Get("labels"), "metadata.labels")
	s := slice{object: r.o, managed: meta.Get("labels").Get(labelManagedBy).Str() == sliceController}
	switch t := root.Get("addressType").Str(); t {
	case "IPv4", "IPv6":
	case "FQDN": // "deprecated ... no defined semantics": kube-proxy passes it over
		return s
	default:
		r.reject("addressType", "unknown type "+quote(t), "IPv4 or IPv6")
		return s
	}
	ports := r.slicePorts(root.Get("ports"))
	endpoints := items(root.Get("endpoints"))
	for i := range endpoints {
		s.backends = append(s.backends, r.sliceEndpoint(&endpoints[i], index("endpoints", i), ports)...)
	}
	return s
}

// sliceEndpoint returns a backend for each address of an endpoint. Ready is
// true when it is not said ("a nil value should be interpreted as true").
func (r *reader) sliceEndpoint(n *manifest.Node, path string, ports []model.SlicePort) []model.Backend {
	var out []model.Backend
	addresses := items(n.Get("addresses"))
	for i := range addresses {
		a, ok := sliceAddr(addresses[i].Str(), r.o.Root.Get("addressType").Str())
		if !ok {
			r.reject(index(path+".addresses", i), "not an address of this type: "+quote(addresses[i].Str()), "")
			continue
		}
		ready := n.Get("conditions").Get("ready")
		out = append(out, model.Backend{
			Addr: a, Ports: ports, Node: n.Get("nodeName").Str(),
			NotReady: present(ready) && !isTrue(ready), Origin: r.o.At(path),
		})
	}
	return out
}

// sliceAddr parses an address of the slice's type.
func sliceAddr(text, addressType string) (netip.Addr, bool) {
	a, ok := parseAddr(text)
	return a, ok && familyOf(a).String() == addressType
}

// slicePorts reads the ports of a slice. One without a number stands for no
// port that kube-proxy could use.
func (r *reader) slicePorts(n *manifest.Node) []model.SlicePort {
	list := items(n)
	ports := make([]model.SlicePort, 0, len(list))
	for i := range list {
		path := index("ports", i)
		protocol, ok := protocolOf(list[i].Get("protocol"))
		if !ok {
			r.reject(path+".protocol", "unknown protocol "+quote(list[i].Get("protocol").Str()), "TCP, UDP or SCTP")
			continue
		}
		if !present(list[i].Get("port")) {
			continue
		}
		number, ok := portNumber(list[i].Get("port"))
		if !ok {
			r.reject(path+".port", "must be between 1 and 65535", "")
			continue
		}
		ports = append(ports, model.SlicePort{Name: list[i].Get("name").Str(), Protocol: protocol, Port: number})
	}
	return ports
}
