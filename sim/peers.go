package sim

import (
	"cmp"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/model"
)

// Granularity is what a line of the matrix stands for.
type Granularity uint8

// The granularities.
const (
	ByWorkload Granularity = iota // a workload where all its pods agree, otherwise its pods
	ByPod
	ByClass // endpoints that no rule tells apart
)

// Peer is one end of a line of the matrix.
type Peer struct {
	ID      string // "namespace/name", a node's name, "a.b.c.d-e.f.g.h" for external addresses
	Kind    string // Deployment, Pod, Node, ..., External
	Cluster string // "" is the local cluster
	Range   algebra.AddrRange
	// Endpoints are the members, indices into Model.Endpoints; none for External.
	Endpoints []int
	classes   []uint32
	host      bool // some member is on the host network or a node
}

// External is the Kind of address ranges outside the cluster.
const External = "External"

// IsExternal tells whether the peer is a range of addresses.
func (p *Peer) IsExternal() bool { return p.Kind == External }

// String returns "id[Kind]".
func (p *Peer) String() string { return p.ID + "[" + p.Kind + "]" }

// peers groups the endpoints for a matrix, ordered by ID and kind.
func (s *Simulator) peers(g Granularity, nodes bool) []*Peer {
	var out []*Peer
	index := map[peerKey]*Peer{}
	for i := range s.m.Endpoints {
		e := &s.m.Endpoints[i]
		if e.Kind == model.Node && !nodes {
			continue
		}
		key := s.peerKey(g, e, i)
		p := index[key]
		if p == nil {
			p = newPeer(g, e)
			index[key] = p
			out = append(out, p)
		}
		s.addMember(p, e, i)
	}
	slices.SortFunc(out, comparePeers)
	return out
}

type peerKey struct {
	cluster, namespace, kind, name string
	index                          int
}

func (s *Simulator) peerKey(g Granularity, e *model.Endpoint, i int) peerKey {
	switch {
	case g == ByClass:
		return peerKey{index: int(s.engine.ClassOf(i)) + 1}
	case g == ByPod || e.Kind == model.Node:
		return peerKey{index: -i - 1}
	}
	return peerKey{cluster: e.Cluster, namespace: e.Namespace, kind: e.Workload.Kind, name: e.Workload.Name}
}

func newPeer(g Granularity, e *model.Endpoint) *Peer {
	switch {
	case e.Kind == model.Node:
		return &Peer{ID: e.Name, Kind: "Node", Cluster: e.Cluster}
	case g == ByPod || g == ByClass:
		kind := "Pod"
		if e.Template {
			kind = e.Workload.Kind
		}
		return &Peer{ID: clusterPrefix(e.Cluster) + e.ID(), Kind: kind, Cluster: e.Cluster}
	}
	return &Peer{ID: clusterPrefix(e.Cluster) + e.WorkloadID(), Kind: e.Workload.Kind, Cluster: e.Cluster}
}

func (s *Simulator) addMember(p *Peer, e *model.Endpoint, i int) {
	p.Endpoints = append(p.Endpoints, i)
	p.host = p.host || e.Kind == model.Node || e.HostNetwork
	if k := s.engine.ClassOf(i); !slices.Contains(p.classes, k) {
		p.classes = append(p.classes, k)
	}
}

func comparePeers(a, b *Peer) int {
	return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Kind, b.Kind))
}

// pods splits a peer into its members.
func (s *Simulator) pods(p *Peer) []*Peer {
	out := make([]*Peer, len(p.Endpoints))
	for n, i := range p.Endpoints {
		e := &s.m.Endpoints[i]
		out[n] = newPeer(ByPod, e)
		s.addMember(out[n], e, i)
	}
	slices.SortFunc(out, comparePeers)
	return out
}

// externals returns the ranges of external addresses that the rules of a
// direction tell apart, in order, of the families the cluster may use.
func (s *Simulator) externals(d model.Direction) []*Peer {
	var out []*Peer
	ranges := s.engine.ExternalRanges(d)
	if d == model.Ingress {
		ranges = s.SourceRanges()
	}
	for _, r := range ranges {
		if (r.Family() == algebra.IPv4 && !s.m.V4) || (r.Family() == algebra.IPv6 && !s.m.V6) {
			continue
		}
		out = append(out, &Peer{ID: rangeID(r), Kind: External, Range: r})
	}
	return out
}

// between returns what passes between the members of two peers, and whether
// all pairs of members agree. A pod alone is compared with itself.
func (s *Simulator) between(p *engine.Pairs, a, b *Peer) (engine.Value, bool) {
	if a.host {
		return s.betweenEndpoints(p, a, b)
	}
	var out engine.Value
	first := true
	for _, k := range a.classes {
		for _, j := range b.classes {
			v, ok := s.classPair(p, a, b, k, j)
			if !ok {
				continue
			}
			if !first && v != out {
				return engine.Value{}, false
			}
			out, first = v, false
		}
	}
	return out, true
}

// classPair returns the value of two classes of the peers; false when there is
// no pair of different pods to ask about.
func (s *Simulator) classPair(p *engine.Pairs, a, b *Peer, k, j uint32) (engine.Value, bool) {
	if a == b && k == j && s.engine.ClassSizeIn(k, a.Endpoints) == 1 && !s.m.Endpoints[a.Endpoints[0]].Template {
		if len(a.Endpoints) == 1 {
			return p.Endpoints(a.Endpoints[0], a.Endpoints[0]), true
		}
		return engine.Value{}, false
	}
	return p.One(k, j), true
}

func (s *Simulator) betweenEndpoints(p *engine.Pairs, a, b *Peer) (engine.Value, bool) {
	var out engine.Value
	first := true
	for _, x := range a.Endpoints {
		for _, y := range b.Endpoints {
			if x == y && len(a.Endpoints) > 1 && !s.m.Endpoints[x].Template {
				continue
			}
			v := p.Endpoints(x, y)
			if !first && v != out {
				return engine.Value{}, false
			}
			out, first = v, false
		}
	}
	return out, true
}

// external returns what passes between a peer and a range of addresses that no
// rule parts, and whether the peer's members agree.
func (s *Simulator) external(p, x *Peer, at func(uint32, algebra.AddrRange) engine.Value) (engine.Value, bool) {
	v := at(p.classes[0], x.Range)
	for _, k := range p.classes[1:] {
		if at(k, x.Range) != v {
			return engine.Value{}, false
		}
	}
	return v, true
}

// rangeID names a range of addresses by its ends, also where they are one.
func rangeID(r algebra.AddrRange) string { return r.From.String() + "-" + r.To.String() }
