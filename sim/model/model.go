package model

import "github.com/netfate/netfate/sim/algebra"

// Model is what a snapshot means under a profile.
type Model struct {
	Profile    *Profile
	Namespaces []Namespace
	Endpoints  []Endpoint
	Services   []Service
	// Tiers are those of the two enforcement points of a CNI: the source's
	// egress and the destination's ingress hold the same tiers, with policies
	// of their own direction.
	Tiers []Tier
	// Mesh is the service mesh; nil is none. Gateways are the ways in at layer 7.
	Mesh     *Mesh
	Gateways []Gateway
	// ServiceRoutes are routes for clients of the mesh, by Service.
	ServiceRoutes []ServiceRoutes
	Problems      []Problem
	Gaps          []Gap
	// V4 and V6 say which address families the cluster may use; both when the
	// snapshot does not say.
	V4, V6 bool
	// PodAddrs are the addresses that pods whose address is not known may have;
	// nil when nothing is known of them. A family without an address in it is
	// unknown in that family.
	PodAddrs algebra.AddrSet
}

// NamespaceLabels returns the labels by namespace name of the local cluster.
func (m *Model) NamespaceLabels() map[string]Labels {
	out := make(map[string]Labels, len(m.Namespaces))
	for i := range m.Namespaces {
		n := &m.Namespaces[i]
		out[n.Cluster+"\x00"+n.Name] = n.Labels
	}
	return out
}

// LabelsOf returns the labels of an endpoint's namespace from NamespaceLabels' map.
func LabelsOf(byName map[string]Labels, e *Endpoint) Labels {
	return byName[e.Cluster+"\x00"+e.Namespace]
}

// TierIndex returns the index of a tier by name, or -1.
func (m *Model) TierIndex(name string) int {
	for i := range m.Tiers {
		if m.Tiers[i].Name == name {
			return i
		}
	}
	return -1
}

// Policies returns how many policies the tiers hold.
func (m *Model) Policies() int {
	n := 0
	for i := range m.Tiers {
		n += len(m.Tiers[i].Policies)
	}
	return n
}
