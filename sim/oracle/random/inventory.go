package random

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// remote is the name of the other cluster.
const remote = "east"

// namespaces generates namespaces of the local cluster, and some of the same
// names in the other one, whose labels may differ.
func (g *gen) namespaces() {
	for i := range 1 + g.upTo(g.size.Namespaces-1) {
		name := "ns" + strconv.Itoa(i)
		g.m.Namespaces = append(g.m.Namespaces, g.namespace(name, ""))
		if g.chance(30) {
			g.m.Namespaces = append(g.m.Namespaces, g.namespace(name, remote))
		}
	}
}

func (g *gen) namespace(name, cluster string) model.Namespace {
	labels := model.NewLabels(map[string]string{model.NameLabel: name})
	if g.chance(70) {
		labels = labels.With("team", pick(g, "red", "blue"))
	}
	return model.Namespace{Name: name, Labels: labels, Cluster: cluster}
}

// nodes generates nodes; the last one may have the name of the first, in the
// other cluster.
func (g *gen) nodes() {
	n := g.upTo(g.size.Nodes)
	for i := range n {
		e := model.Endpoint{Kind: model.Node, Name: "n" + strconv.Itoa(i)}
		e.Workload = model.Workload{Kind: "Node", Name: e.Name}
		if i > 0 && i == n-1 && g.chance(30) {
			e.Name, e.Cluster = "n0", remote
		}
		if g.chance(70) {
			e.Labels = e.Labels.With("zone", pick(g, "1", "2"))
		}
		if g.chance(80) {
			e.IPs = g.addresses("192.168.0.", "fd01::", i)
		}
		if g.chance(20) {
			e.Ports = g.ports() // a node has no named ports: these are to be ignored
		}
		g.m.Endpoints = append(g.m.Endpoints, e)
	}
}

// addresses returns the addresses of the i-th endpoint of a kind: of one family
// or of both, and now and then a second one of a family.
func (g *gen) addresses(v4, v6 string, i int) []netip.Addr {
	i %= 100 // the last part of an address; models of more endpoints use one twice
	var out []netip.Addr
	which := g.r.IntN(4)
	if which != 0 {
		out = append(out, netip.MustParseAddr(v4+strconv.Itoa(i+1)))
	}
	if which != 1 {
		out = append(out, netip.MustParseAddr(v6+strconv.FormatInt(int64(i+1), 16)))
	}
	if g.chance(10) {
		out = append(out, netip.MustParseAddr(v4+strconv.Itoa(i+129)))
	}
	return out
}

func (g *gen) pods() {
	for i := range 1 + g.upTo(g.size.Pods-1) {
		g.m.Endpoints = append(g.m.Endpoints, g.pod(i))
	}
}

func (g *gen) pod(i int) model.Endpoint {
	ns := pick(g, g.m.Namespaces...)
	e := model.Endpoint{Kind: model.Pod, Namespace: ns.Name, Cluster: ns.Cluster, Name: "p" + strconv.Itoa(i),
		Labels: g.podLabels(), Ports: g.ports(), Node: pick(g, "", "n0", "n1", "n2")}
	e.Workload = model.Workload{Kind: "Pod", Name: e.Name}
	e.HostNetwork = g.chance(25)
	if g.chance(25) {
		e.Template = true
		e.Workload.Kind = "Deployment"
		return e
	}
	if !g.chance(75) {
		return e
	}
	e.IPs = g.addresses("10.0.0.", "fd00::", i)
	if n := g.nodeOf(&e); e.HostNetwork && n != nil {
		e.IPs = n.IPs
	}
	return e
}

// nodeOf returns the node that a pod runs on, nil when it is not known.
func (g *gen) nodeOf(e *model.Endpoint) *model.Endpoint {
	for i := range g.m.Endpoints {
		if n := &g.m.Endpoints[i]; n.Kind == model.Node && n.Name == e.Node && n.Cluster == e.Cluster {
			return n
		}
	}
	return nil
}

// podAddrs now and then says which addresses pods may have.
func (g *gen) podAddrs() {
	if g.chance(30) {
		g.m.PodAddrs = algebra.PrefixSet(netip.MustParsePrefix(pick(g, "10.0.0.0/24", "10.0.0.0/8", "fd00::/16")))
	}
}

// podLabels returns labels out of so few that pods share them.
func (g *gen) podLabels() model.Labels {
	var l model.Labels
	if g.chance(85) {
		l = l.With("app", pick(g, "a", "b"))
	}
	if g.chance(40) {
		l = l.With("role", pick(g, "x", "y"))
	}
	return l
}

// ports returns named ports: one name may stand for several numbers and protocols.
func (g *gen) ports() []model.NamedPort {
	var out []model.NamedPort
	for range g.upTo(3) {
		out = append(out, model.NamedPort{Name: pick(g, "web", "dns"),
			Protocol: pick(g, algebra.TCP, algebra.TCP, algebra.UDP), Port: pick[uint16](g, 53, 80, 81, 8080)})
	}
	slices.SortFunc(out, func(a, b model.NamedPort) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Protocol, b.Protocol), cmp.Compare(a.Port, b.Port))
	})
	return slices.Compact(out)
}
