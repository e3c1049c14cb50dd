package knp

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/netfate/netfate/sim/algebra"
)

// flow is one connection, as a packet shows it.
type flow struct {
	src, dst netip.Addr
	protocol corev1.Protocol // "" is ICMP
	port     uint16
	// How netfate is asked: a name such as "ns/pod"; "" is the address.
	srcName, dstName string
}

// String writes the flow for people.
func (f flow) String() string {
	traffic := "ICMP"
	if f.protocol != "" {
		traffic = fmt.Sprintf("%s %d", f.protocol, f.port)
	}
	return fmt.Sprintf("%s(%s) -> %s(%s) %s", f.src, f.srcName, f.dst, f.dstName, traffic)
}

func (f flow) family() algebra.Family {
	if f.dst.Is6() {
		return algebra.IPv6
	}
	return algebra.IPv4
}

// protocolPort returns the flow's protocol and port as netfate has them.
func (f flow) protocolPort() (algebra.Protocol, uint16) {
	const echo = 8 << 8
	const echo6 = 128 << 8
	switch f.protocol {
	case corev1.ProtocolTCP:
		return algebra.TCP, f.port
	case corev1.ProtocolUDP:
		return algebra.UDP, f.port
	case corev1.ProtocolSCTP:
		return algebra.SCTP, f.port
	}
	if f.family() == algebra.IPv6 {
		return algebra.ICMPv6, echo6
	}
	return algebra.ICMP, echo
}

// place is one end that a flow may have.
type place struct {
	addr  netip.Addr
	name  string
	ports []corev1.ContainerPort
}

// places are the ends that flows of a cluster may have, by kind.
type places struct {
	pods, nodes, externals []place
}

func placesOf(c *cluster) *places {
	p := &places{}
	for _, o := range c.objects {
		switch o := o.(type) {
		case *corev1.Pod:
			p.pod(o)
		case *corev1.Node:
			p.node(o)
		}
	}
	for _, a := range externals() {
		p.externals = append(p.externals, place{addr: a})
	}
	for _, name := range []string{"example.com", "api.example.com", "v1.api.example.com", "example.org"} {
		for _, a := range c.hosts[name] {
			p.externals = append(p.externals, place{addr: netip.MustParseAddr(a), name: "host:" + name})
		}
	}
	return p
}

func (p *places) pod(o *corev1.Pod) {
	if o.Status.Phase != corev1.PodRunning {
		return
	}
	at := place{name: o.Namespace + "/" + o.Name}
	for _, c := range o.Spec.Containers {
		at.ports = append(at.ports, c.Ports...)
	}
	for _, c := range o.Spec.InitContainers {
		at.ports = append(at.ports, c.Ports...)
	}
	for _, ip := range o.Status.PodIPs {
		at.addr = netip.MustParseAddr(ip.IP)
		if o.Spec.HostNetwork {
			p.nodes = append(p.nodes, at)
		} else {
			p.pods = append(p.pods, at)
		}
	}
}

func (p *places) node(o *corev1.Node) {
	for _, a := range o.Status.Addresses {
		if addr, err := netip.ParseAddr(a.Address); err == nil {
			p.nodes = append(p.nodes, place{addr: addr})
		}
	}
}

// flowsOf returns random flows of a cluster, reproducible from the seed.
func flowsOf(c *cluster, seed uint64, n int) []flow {
	r := rand.New(rand.NewPCG(seed, 0x666c6f77))
	p := placesOf(c)
	var out []flow
	for try := 0; len(out) < n && try < 20*n && len(p.pods) > 0; try++ {
		from, to := &p.pods, &p.pods
		switch k := r.IntN(100); {
		case k < 58:
		case k < 76:
			to = &p.externals
		case k < 86:
			from = &p.externals
		case k < 94:
			to = &p.nodes
		default:
			from = &p.nodes
		}
		src, dst := oneOf(r, *from), oneOf(r, *to)
		if src.addr.Is4() != dst.addr.Is4() || src.addr == dst.addr && len(out)%8 != 0 {
			continue // of a pod to itself there would be too many
		}
		out = append(out, flowBetween(r, src, dst))
	}
	return out
}

// oneOf returns one of a list.
func oneOf[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func flowBetween(r *rand.Rand, src, dst place) flow {
	f := flow{src: src.addr, dst: dst.addr}
	if r.IntN(2) == 0 {
		f.srcName = src.name
	}
	if r.IntN(2) == 0 || len(dst.ports) == 0 && dst.name != "" {
		f.dstName = dst.name
	}
	if strings.HasPrefix(src.name, "host:") { // a name is a destination only
		f.srcName = ""
	}
	f.protocol = oneOf(r, []corev1.Protocol{
		corev1.ProtocolTCP, corev1.ProtocolTCP, corev1.ProtocolTCP, corev1.ProtocolTCP, corev1.ProtocolTCP, corev1.ProtocolTCP,
		corev1.ProtocolUDP, corev1.ProtocolUDP, corev1.ProtocolSCTP, "",
	})
	if f.protocol == "" {
		return f
	}
	// The ports of the generator and those beside them.
	f.port = oneOf(r, []uint16{1, 2, 52, 53, 54, 79, 80, 81, 442, 443, 444, 8079, 8080, 8081, 8082, 9089, 9090, 9091, 65534, 65535})
	if len(dst.ports) > 0 && r.IntN(2) == 0 {
		f.port = uint16(oneOf(r, dst.ports).ContainerPort)
	}
	return f
}
