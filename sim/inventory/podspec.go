package inventory

import (
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// podSpec reads what a pod's spec and a template's share.
func (c *chunk) podSpec(r *reader, rec *record, spec *manifest.Node, path string) {
	rec.endpoint.HostNetwork = isTrue(spec.Get("hostNetwork"))
	rec.endpoint.Node = spec.Get("nodeName").Str()
	rec.endpoint.ServiceAccount = serviceAccount(spec)
	c.portBuf = c.portBuf[:0]
	containers := items(spec.Get("containers"))
	for i := range containers {
		c.containerPorts(r, rec, &containers[i], path, "containers", i)
	}
	inits := items(spec.Get("initContainers"))
	for i := range inits {
		if inits[i].Get("restartPolicy").Str() == "Always" {
			c.sidecarPorts(r, rec, &inits[i], path, i)
		}
	}
	// Of two ports with one name and protocol a Service takes the first that the
	// pod declares (FindPort of the endpoint controllers): the order of
	// declaration is kept between them.
	slices.SortStableFunc(c.portBuf, comparePorts)
	rec.ports = c.ports.id(slices.Compact(c.portBuf))
}

// comparePorts orders ports by name and protocol.
func comparePorts(a, b model.NamedPort) int {
	if n := strings.Compare(a.Name, b.Name); n != 0 {
		return n
	}
	return int(a.Protocol) - int(b.Protocol)
}

// serviceAccount returns the account of a pod, "default" when it names none.
// The older field serviceAccount is an alias.
func serviceAccount(spec *manifest.Node) string {
	if s := spec.Get("serviceAccountName").Str(); s != "" {
		return s
	}
	if s := spec.Get("serviceAccount").Str(); s != "" {
		return s
	}
	return "default"
}

// sidecarPorts adds the ports of an init container that keeps running. Services
// resolve their names; whether policies do depends on the implementation.
func (c *chunk) sidecarPorts(r *reader, rec *record, container *manifest.Node, path string, i int) {
	before := len(c.portBuf)
	c.containerPorts(r, rec, container, path, "initContainers", i)
	if len(c.portBuf) > before {
		r.gap(index(path+".initContainers", i)+".ports",
			"ports of sidecar containers (restartable init containers) are taken as declared by the pod; whether policies find them by name depends on the implementation", true, true)
	}
}

// containerPorts adds the named ports of a container and checks all of them.
func (c *chunk) containerPorts(r *reader, rec *record, container *manifest.Node, path, list string, i int) {
	ports := items(container.Get("ports"))
	for j := range ports {
		p := &ports[j]
		at := func(field string) string {
			return index(index(path+"."+list, i)+".ports", j) + field
		}
		number, ok := portNumber(p.Get("containerPort"))
		if !ok {
			r.reject(at(".containerPort"), "must be between 1 and 65535", "")
			continue
		}
		protocol, ok := protocolOf(p.Get("protocol"))
		if !ok {
			r.reject(at(".protocol"), "unknown protocol "+quote(p.Get("protocol").Str()), "TCP, UDP or SCTP")
			continue
		}
		if host := p.Get("hostPort"); !rec.endpoint.HostNetwork && host.Str() != "" && host.Str() != "0" {
			r.gap(at(".hostPort"), "the container is also reached at its node's address on port "+host.Str()+"; not modelled", true, false)
		}
		name := p.Get("name").Str()
		if name == "" {
			continue
		}
		if !portName(name) {
			r.reject(at(".name"), "not a port name: "+quote(name), "at most 15 of a-z, 0-9 and single -, with a letter")
			continue
		}
		c.portBuf = append(c.portBuf, model.NamedPort{Name: name, Protocol: protocol, Port: number})
	}
}

// protocolOf reads a protocol; TCP is the default.
func protocolOf(n *manifest.Node) (algebra.Protocol, bool) { return model.APIProtocol(n.Str()) }
