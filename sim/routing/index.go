package routing

import (
	"net/netip"
	"sync"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Index answers where traffic goes in one model. It may be used by many
// goroutines. What it looks up is built on first use.
type Index struct {
	m        *model.Model
	services []serviceState // one for each of the model's

	names     func() map[nameKey]int32
	addrs     func() *addrTable
	nodePorts func() map[nodePortKey]portRef
	pods      func() map[spaceKey]*space
	nodes     func() map[string][]int
	before    func() *fronts
}

// NewIndex returns the index of a model, which must not change afterwards.
func NewIndex(m *model.Model) *Index {
	ix := &Index{m: m, services: make([]serviceState, len(m.Services))}
	ix.names = sync.OnceValue(ix.buildNames)
	ix.addrs = sync.OnceValue(ix.buildAddrs)
	ix.nodePorts = sync.OnceValue(ix.buildNodePorts)
	ix.pods = sync.OnceValue(ix.buildSpaces)
	ix.nodes = sync.OnceValue(ix.buildNodes)
	ix.before = sync.OnceValue(ix.buildBefore)
	return ix
}

type nameKey struct{ cluster, namespace, name string }

// buildNames maps names to Services.
func (ix *Index) buildNames() map[nameKey]int32 {
	out := make(map[nameKey]int32, len(ix.m.Services))
	for i := range ix.m.Services {
		s := &ix.m.Services[i]
		out[nameKey{clusterOf(s), s.Namespace, s.Name}] = int32(i)
	}
	return out
}

// clusterOf returns the cluster of a Service, "" for the local one.
func clusterOf(s *model.Service) string {
	if s.Object == nil {
		return ""
	}
	return s.Object.Cluster
}

// addrTable says what owns an address of the local cluster.
type addrTable struct {
	cluster   map[netip.Addr]int32   // Services by cluster IP
	external  map[netip.Addr][]int32 // Services by external address; several may share one
	endpoints map[netip.Addr]int32
}

func (ix *Index) buildAddrs() *addrTable {
	t := &addrTable{
		cluster:   make(map[netip.Addr]int32, len(ix.m.Services)),
		external:  map[netip.Addr][]int32{},
		endpoints: make(map[netip.Addr]int32, len(ix.m.Endpoints)),
	}
	for i := range ix.m.Services {
		s := &ix.m.Services[i]
		if clusterOf(s) != "" {
			continue
		}
		for _, a := range s.ClusterIPs {
			t.cluster[a] = int32(i)
		}
		for _, a := range s.External {
			t.external[a] = append(t.external[a], int32(i))
		}
	}
	for i := range ix.m.Endpoints {
		t.addEndpoint(ix.m, i)
	}
	return t
}

// addEndpoint notes an endpoint's addresses. A node's address is the node's,
// also where pods on the host network share it.
func (t *addrTable) addEndpoint(m *model.Model, i int) {
	e := &m.Endpoints[i]
	if e.Cluster != "" {
		return
	}
	for _, a := range e.IPs {
		old, taken := t.endpoints[a]
		if !taken || e.Kind == model.Node && m.Endpoints[old].Kind != model.Node {
			t.endpoints[a] = int32(i)
		}
	}
}

type nodePortKey struct {
	cluster  string
	protocol algebra.Protocol
	port     uint16
}

// portRef is a port of a Service.
type portRef struct{ service, port int32 }

// buildNodePorts maps node ports to the Service ports that they lead to.
func (ix *Index) buildNodePorts() map[nodePortKey]portRef {
	out := map[nodePortKey]portRef{}
	for i := range ix.m.Services {
		s := &ix.m.Services[i]
		for j := range s.Ports {
			if p := &s.Ports[j]; p.NodePort != 0 {
				out[nodePortKey{clusterOf(s), p.Protocol, p.NodePort}] = portRef{int32(i), int32(j)}
			}
		}
	}
	return out
}

// buildNodes lists the Node endpoints of each cluster.
func (ix *Index) buildNodes() map[string][]int {
	out := map[string][]int{}
	for i := range ix.m.Endpoints {
		if e := &ix.m.Endpoints[i]; e.Kind == model.Node {
			out[e.Cluster] = append(out[e.Cluster], i)
		}
	}
	return out
}

// ResolveAddress returns what an address of the local cluster belongs to: a
// Service, an endpoint, or nothing known, which leaves the address.
func (ix *Index) ResolveAddress(addr netip.Addr) model.Party {
	addr = addr.Unmap()
	t := ix.addrs()
	if i, ok := t.cluster[addr]; ok {
		return model.Party{Kind: model.PartyService, Index: int(i)}
	}
	if i, ok := t.endpoints[addr]; ok {
		return model.Party{Kind: model.PartyEndpoint, Index: int(i)}
	}
	if list := t.external[addr]; len(list) > 0 {
		return model.Party{Kind: model.PartyService, Index: int(list[0])}
	}
	return model.Party{Kind: model.PartyAddress, Addr: addr}
}

// ResolveAddress is Index.ResolveAddress for a single question.
func ResolveAddress(m *model.Model, addr netip.Addr) model.Party {
	return NewIndex(m).ResolveAddress(addr)
}

// ServiceByName returns the index of a Service of the local cluster.
func (ix *Index) ServiceByName(namespace, name string) (int, bool) {
	i, ok := ix.names()[nameKey{"", namespace, name}]
	return int(i), ok
}
