package scenarios

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/model"
)

// view is a simulator with what statements about it need, shared by scenarios.
type view struct {
	sim       *sim.Simulator
	m         *model.Model
	e         *engine.Engine
	mask      uint8                  // families of the cluster
	order     func() []int           // endpoints by ID
	outside   func() algebra.AddrSet // addresses that nothing in the cluster has
	nodePorts func() algebra.Set
	ranges    [2]func() []algebra.AddrRange // by direction: addresses that rules tell apart
}

func newView(s *sim.Simulator) *view {
	v := &view{sim: s, m: s.Model(), e: s.Engine()}
	if v.m.V4 {
		v.mask |= maskV4
	}
	if v.m.V6 {
		v.mask |= maskV6
	}
	v.order = sync.OnceValue(v.sortEndpoints)
	v.outside = sync.OnceValue(v.findOutside)
	for _, d := range [...]model.Direction{model.Ingress, model.Egress} {
		v.ranges[d] = sync.OnceValue(func() []algebra.AddrRange { return v.e.ExternalRanges(d) })
	}
	v.ranges[model.Ingress] = sync.OnceValue(s.SourceRanges)
	v.nodePorts = sync.OnceValue(v.findNodePorts)
	return v
}

// findNodePorts returns the connections that nodes take for Services.
func (v *view) findNodePorts() algebra.Set {
	var out algebra.Set
	for i := range v.m.Services {
		for _, p := range v.m.Services[i].Ports {
			if p.NodePort != 0 {
				out = out.Union(algebra.Ports(p.Protocol, p.NodePort, p.NodePort))
			}
		}
	}
	return out
}

func (v *view) sortEndpoints() []int {
	out := make([]int, len(v.m.Endpoints))
	for i := range out {
		out[i] = i
	}
	slices.SortFunc(out, func(a, b int) int {
		x, y := &v.m.Endpoints[a], &v.m.Endpoints[b]
		return cmp.Or(int(x.Kind)-int(y.Kind), strings.Compare(x.ID(), y.ID()), strings.Compare(x.Cluster, y.Cluster), a-b)
	})
	return out
}

// findOutside returns the addresses that no pod, node or Service has.
func (v *view) findOutside() algebra.AddrSet {
	var inside []algebra.AddrRange
	add := func(list []netip.Addr) {
		for _, a := range list {
			inside = append(inside, algebra.AddrRange{From: a, To: a})
		}
	}
	for i := range v.m.Endpoints {
		add(v.m.Endpoints[i].IPs)
	}
	for i := range v.m.Services {
		add(v.m.Services[i].ClusterIPs)
	}
	inside = append(inside, v.m.PodAddrs...)
	return algebra.AllAddrs().Subtract(algebra.NewAddrSet(inside...))
}

// families returns the addresses of the cluster's families.
func (v *view) families() algebra.AddrSet {
	var out algebra.AddrSet
	if v.mask&maskV4 != 0 {
		out = out.Union(algebra.AllAddrsIn(algebra.IPv4))
	}
	if v.mask&maskV6 != 0 {
		out = out.Union(algebra.AllAddrsIn(algebra.IPv6))
	}
	return out
}

// maskOf returns the families that an endpoint has, of those of the cluster.
func (v *view) maskOf(endpoint int) uint8 {
	var out uint8
	v4, v6 := v.m.Endpoints[endpoint].Families()
	if v4 {
		out |= maskV4
	}
	if v6 {
		out |= maskV6
	}
	return out & v.mask
}

func (v *view) isHost(endpoint int) bool {
	e := &v.m.Endpoints[endpoint]
	return e.Kind == model.Node || e.HostNetwork
}

// pieces returns one address of the set for each range that the rules of a
// direction tell apart.
func (v *view) pieces(d model.Direction, set algebra.AddrSet) []netip.Addr {
	if set.Empty() {
		return nil
	}
	var out []netip.Addr
	ranges := v.ranges[d]()
	for i, j := 0, 0; i < len(ranges) && j < len(set); {
		first := j
		for j < len(set) && !ranges[i].To.Less(set[j].From) { // those that begin in the range, or before it
			j++
		}
		if a := telling(set[first:j], ranges[i]); a.IsValid() {
			out = append(out, a)
		}
		if i++; j > first && i < len(ranges) && !set[j-1].To.Less(ranges[i].From) {
			j-- // it goes on in the next one
		}
	}
	// The sample stands for most of the address space: it goes first.
	slices.SortStableFunc(out, func(a, b netip.Addr) int { return plainness(a) - plainness(b) })
	return out
}

// telling returns the address of a set's part within a range that people know best:
// one for documentation, else one that is well known, else the first that is not the
// start of a block; invalid where there is none.
func telling(set algebra.AddrSet, within algebra.AddrRange) netip.Addr {
	part := set.Intersect(algebra.AddrSet{within})
	if part.Empty() {
		return netip.Addr{}
	}
	for _, a := range samples(part[0].From) {
		if part.Contains(a) {
			return a
		}
	}
	if next := part[0].From.Next(); next.IsValid() && part.Contains(next) {
		return next
	}
	return part[0].From
}

// samples are addresses of the family of another that people know: those for
// documentation (RFC 5737, RFC 3849), then public resolvers, then private ones.
func samples(of netip.Addr) []netip.Addr {
	if of.Is4() {
		return []netip.Addr{v4(203, 0, 113, 1), v4(198, 51, 100, 1), v4(192, 0, 2, 1), v4(8, 8, 8, 8), v4(1, 1, 1, 1),
			v4(192, 168, 0, 1), v4(172, 16, 0, 1), v4(10, 0, 0, 1)}
	}
	return []netip.Addr{netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 15: 1}),
		netip.AddrFrom16([16]byte{0x26, 0x06, 0x47, 0, 0x47, 0, 14: 0x11, 15: 0x11})}
}

func v4(a, b, c, d byte) netip.Addr { return netip.AddrFrom4([4]byte{a, b, c, d}) }

func plainness(a netip.Addr) int {
	if a == samples(a)[0] {
		return 0
	}
	return 1
}
