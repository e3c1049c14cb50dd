package knp

import (
	"fmt"
	"math/rand/v2"
	"net/netip"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// generator makes random clusters. Its vocabulary is small, so that selectors,
// ports and addresses meet.
type generator struct {
	r       *rand.Rand
	c       *cluster
	v4, v6  bool
	nodes   []*corev1.Node
	spaces  []string
	used    int // pod addresses given out
	unknown bool
}

// generate returns the cluster of a seed.
func generate(seed uint64) *cluster {
	r := rand.New(rand.NewPCG(seed, 0x6b6e70))
	g := &generator{r: r, c: &cluster{plugin: pluginV1alpha2, spelling: randomSpelling(r)}}
	if g.chance(40) {
		g.c.plugin = pluginV1alpha1
	}
	families := r.IntN(4)
	g.v4, g.v6 = families != 1, families != 0
	g.unknown = g.chance(10)
	g.addNodes(1 + r.IntN(3))
	for _, ns := range []string{"a", "b", "c"}[:1+r.IntN(3)] {
		g.addNamespace(ns)
	}
	for range 3 + r.IntN(6) {
		g.addPod()
	}
	g.addFinishedPod()
	g.addHosts()
	for range r.IntN(6) {
		g.addNetworkPolicy()
	}
	g.addClusterPolicies()
	r.Shuffle(len(g.c.objects), func(i, j int) { g.c.objects[i], g.c.objects[j] = g.c.objects[j], g.c.objects[i] })
	return g.c
}

// addClusterPolicies adds the policies of the plugin, and at times those of the
// other one, which it ignores.
func (g *generator) addClusterPolicies() {
	if g.c.plugin == pluginV1alpha2 || g.chance(5) {
		for i := range g.r.IntN(6) {
			g.addClusterNetworkPolicy(i)
		}
	}
	if g.c.plugin == pluginV1alpha1 || g.chance(5) {
		for i := range g.r.IntN(5) {
			g.addAdminNetworkPolicy(i)
		}
		if g.chance(60) {
			g.addBaseline()
		}
	}
}

// chance is true in so many of a hundred cases.
func (g *generator) chance(percent int) bool { return g.r.IntN(100) < percent }

// pick returns one of a list.
func pick[T any](g *generator, list ...T) T { return list[g.r.IntN(len(list))] }

func (g *generator) add(o object) { g.c.objects = append(g.c.objects, o) }

func typeMeta(apiVersion, kind string) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: apiVersion, Kind: kind}
}

func (g *generator) addNodes(n int) {
	for i := 1; i <= n; i++ {
		node := &corev1.Node{TypeMeta: typeMeta("v1", "Node"), ObjectMeta: metav1.ObjectMeta{
			Name: fmt.Sprintf("n%d", i), Labels: map[string]string{"zone": pick(g, "z1", "z2")},
		}}
		addresses := func(kind corev1.NodeAddressType, text string) {
			node.Status.Addresses = append(node.Status.Addresses, corev1.NodeAddress{Type: kind, Address: text})
		}
		if g.v4 {
			addresses(corev1.NodeInternalIP, fmt.Sprintf("192.168.0.%d", i))
			if g.chance(30) {
				addresses(corev1.NodeExternalIP, fmt.Sprintf("203.0.113.%d", i))
			}
		}
		if g.v6 {
			addresses(corev1.NodeInternalIP, fmt.Sprintf("fd00:192::%d", i))
		}
		addresses(corev1.NodeHostName, pick(g, node.Name, node.Status.Addresses[0].Address))
		g.nodes = append(g.nodes, node)
		g.add(node)
	}
}

func (g *generator) addNamespace(name string) {
	labels := map[string]string{corev1.LabelMetadataName: name}
	if g.chance(70) {
		labels["team"] = pick(g, "red", "blue")
	}
	g.spaces = append(g.spaces, name)
	g.add(&corev1.Namespace{TypeMeta: typeMeta("v1", "Namespace"), ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}})
}

// addHosts gives names outside the cluster their addresses, which nothing else has.
func (g *generator) addHosts() {
	g.c.hosts = map[string][]string{}
	for i, name := range []string{"example.com", "api.example.com", "v1.api.example.com", "example.org"} {
		var addrs []string
		if g.v4 {
			addrs = append(addrs, fmt.Sprintf("198.51.100.%d", 10+i))
		}
		if g.v6 {
			addrs = append(addrs, fmt.Sprintf("2001:db8:1::%d", 10+i))
		}
		g.c.hosts[name] = addrs
	}
}

// externals are addresses that no object of the cluster has.
func externals() []netip.Addr {
	var out []netip.Addr
	for _, a := range []string{
		"8.8.8.8", "203.0.113.9", "198.51.100.1", "10.0.1.250", "10.0.9.9", "192.168.0.99", "255.255.255.255", "0.0.0.1",
		"2001:db8::7", "2001:4860::8888", "fd00:10::1:fa", "fd00:192::99", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	} {
		out = append(out, netip.MustParseAddr(a))
	}
	return out
}
