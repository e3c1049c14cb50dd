package mirror

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// Port is a port that a container declares.
type Port struct {
	Name     string // may be empty
	Protocol string // TCP, UDP or SCTP
	Port     uint16
}

type hostPort struct {
	node, protocol string
	port           uint16
}

// specOf finds the pod's spec in a Pod or in what makes pods.
func specOf(o *model.Object) *manifest.Node {
	if o == nil {
		return nil
	}
	switch o.Kind {
	case "Pod":
		return o.Root.Get("spec")
	case "CronJob":
		return o.Root.At("spec", "jobTemplate", "spec", "template", "spec")
	}
	return o.Root.At("spec", "template", "spec")
}

// Declared returns the ports of containers and of sidecars, in their order. Of a port that is declared twice the
// first stays, with the first name.
func Declared(o *model.Object) []Port {
	spec := specOf(o)
	var out []Port
	for _, list := range []string{"containers", "initContainers"} {
		containers := spec.Get(list)
		for i := range containers.Len() {
			c := containers.At(strconv.Itoa(i))
			if list == "initContainers" && c.Get("restartPolicy").Str() != "Always" {
				continue
			}
			ports := c.Get("ports")
			for j := range ports.Len() {
				out = addPort(out, ports.At(strconv.Itoa(j)))
			}
		}
	}
	return out
}

func addPort(out []Port, n *manifest.Node) []Port {
	number, err := strconv.ParseUint(n.Get("containerPort").Str(), 10, 16)
	proto, ok := model.APIProtocol(n.Get("protocol").Str())
	if err != nil || number == 0 || !ok {
		return out // the inventory has said so
	}
	p := Port{Name: n.Get("name").Str(), Protocol: proto.String(), Port: uint16(number)}
	if slices.Contains(out, p) {
		return out
	}
	return append(out, p)
}

// canary finds a port that nothing in the snapshot declares.
func (b *builder) canary() {
	used := map[uint16]bool{}
	for i := range b.inv.Endpoints {
		for _, p := range Declared(b.inv.Endpoints[i].Object) {
			used[p.Port] = true
		}
	}
	for b.m.Canary = 28765; used[b.m.Canary]; b.m.Canary++ {
	}
}

// serve gives a pod its ports: those that are declared or asked for, and the canary. On a node's network two pods cannot
// serve one port, and the kubelet refuses the second one that declares it.
func (b *builder) serve(p *Pod, o *model.Object) {
	if p.HostNetwork {
		p.Declared = slices.DeleteFunc(p.Declared, func(port Port) bool { return b.taken(p, port, o) })
	}
	all := slices.Clone(p.Declared)
	if !p.HostNetwork {
		all = append(all, b.o.Serve[p.ID]...)
	}
	all = append(all, Port{Protocol: "TCP", Port: b.m.Canary}, Port{Protocol: "UDP", Port: b.m.Canary})
	for _, port := range all {
		if p.Serves(port.Protocol, port.Port) || p.HostNetwork && b.taken(p, port, o) {
			continue
		}
		into := map[string]*[]uint16{"TCP": &p.TCP, "UDP": &p.UDP, "SCTP": &p.SCTP}[port.Protocol]
		if into != nil {
			*into = append(*into, port.Port)
		}
	}
}

func (b *builder) taken(p *Pod, port Port, o *model.Object) bool {
	key := hostPort{p.Node, port.Protocol, port.Port}
	if by := b.hostPorts[key]; by != "" && by != p.ID {
		if port.Port != b.m.Canary {
			b.lost(o, "", "%s serves %s %d on node %s already", by, port.Protocol, port.Port, p.Node)
		}
		return true
	}
	b.hostPorts[key] = p.ID
	return false
}

// args are the agent's.
func (p *Pod) args() []any {
	out := []any{"serve", "--keep-going"}
	for _, list := range []struct {
		flag  string
		ports []uint16
	}{{"--tcp", p.TCP}, {"--udp", p.UDP}, {"--sctp", p.SCTP}} {
		var text []string
		for _, port := range list.ports {
			text = append(text, strconv.Itoa(int(port)))
		}
		if len(text) > 0 {
			out = append(out, list.flag+"="+strings.Join(text, ","))
		}
	}
	return out
}

// containers spreads the declared ports over as few containers as their names allow: a name may occur once in a
// container, and often in a pod.
func (p *Pod) containers() [][]Port {
	out := [][]Port{nil}
	for _, port := range p.Declared {
		i := slices.IndexFunc(out, func(c []Port) bool {
			return !slices.ContainsFunc(c, func(q Port) bool {
				return q.Name != "" && q.Name == port.Name || q.Port == port.Port && q.Protocol == port.Protocol
			})
		})
		if i < 0 {
			i = len(out)
			out = append(out, nil)
		}
		out[i] = append(out[i], port)
	}
	return out
}

func portObjects(ports []Port) []any {
	var out []any
	for _, p := range ports {
		m := map[string]any{"containerPort": int64(p.Port), "protocol": p.Protocol}
		if p.Name != "" {
			m["name"] = p.Name
		}
		out = append(out, m)
	}
	return out
}

func containerName(i int) string {
	if i == 0 {
		return Container
	}
	return fmt.Sprintf("%s-%d", Container, i+1)
}
