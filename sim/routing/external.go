package routing

import (
	"slices"
	"strconv"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// fromOutside enters the cluster at a Service: at its load balancer or external
// address on the Service's port, or at a node on the node port.
func (x *expansion) fromOutside(i int) {
	s := &x.m.Services[i]
	if s.Headless {
		x.deny(model.NoSuchHost, "Service "+s.ID()+" is headless: its name resolves inside the cluster only", s.Object, "spec.clusterIP")
		return
	}
	if s.Type == model.ClusterIP && len(s.External) == 0 {
		x.deny(model.Timeout, "the cluster IP of Service "+s.ID()+" is not reachable from outside the cluster", s.Object, "spec.type")
		return
	}
	j := findPort(s, x.f.Protocol, x.f.Port)
	if j < 0 {
		j = findNodePort(s, x.f.Protocol, x.f.Port)
	}
	if j < 0 {
		x.noPort(s)
		return
	}
	if p := &s.Ports[j]; s.Type == model.NodePort && len(s.External) == 0 {
		through := "its node port"
		if p.NodePort != 0 {
			through += " " + strconv.Itoa(int(p.NodePort))
		}
		x.note("Service " + s.ID() + " is reached from outside through " + through + " of a node")
	}
	x.enter(portRef{int32(i), int32(j)}, nil, nil)
}

func findNodePort(s *model.Service, p algebra.Protocol, port uint16) int {
	return slices.IndexFunc(s.Ports, func(sp model.ServicePort) bool {
		return sp.NodePort == port && port != 0 && sp.Protocol == p
	})
}

// atExternal goes to a Service's external or load balancer address. Inside the
// cluster kube-proxy takes such traffic on the client's own node, as if it had
// been to the load balancer and back.
func (x *expansion) atExternal(ref portRef) {
	if !x.serves(int(ref.service)) {
		x.notInFamily("Service "+x.m.Services[ref.service].ID()+" has no "+x.family.String()+" address", x.m.Services[ref.service].Object)
		return
	}
	x.enter(ref, nil, nil)
}

// atNodePort goes to a node port on a node, or on a pod at the node's address.
func (x *expansion) atNodePort(ref portRef, to model.Party) {
	x.note("port " + x.f.PortText() + " of a node is a node port of Service " + x.m.Services[ref.service].ID())
	at := &x.m.Endpoints[to.Index]
	var via *Via
	if x.from != nil && !onHost(x.from) && (x.from.Node == "" || x.from.Node != at.Node) {
		via = &Via{To: to, Port: x.f.Port}
	}
	x.enter(ref, at, via)
}

// onHost tells whether an endpoint has its node's addresses.
func onHost(e *model.Endpoint) bool { return e.Kind == model.Node || e.HostNetwork }

// enter goes to the backends of a Service that is reached at an address outside
// its cluster IP; at is the node or host-network pod whose port it is, nil where
// any node may take the traffic.
func (x *expansion) enter(ref portRef, at *model.Endpoint, via *Via) {
	s := &x.m.Services[ref.service]
	found, ok := x.backends(ref)
	if !ok {
		return
	}
	t := target{service: int(ref.service), note: x.portNote(s, int(ref.port)), via: via, hairpin: true}
	if s.ExternalLocal {
		found = x.entryLocal(found, s, at)
	} else {
		x.translateSource(&t, s, at)
	}
	for _, b := range found {
		x.add(b.party, b.port, t)
	}
}

// entryLocal applies externalTrafficPolicy: Local. The source is kept, and a
// node sends to its own backends only; load balancers pass over nodes that have
// none. Traffic of the node's own pods is under neither policy.
func (x *expansion) entryLocal(found []backend, s *model.Service, at *model.Endpoint) []backend {
	if at == nil || x.from != nil && x.from.Node != "" && x.from.Node == at.Node {
		return found
	}
	if x.from == nil {
		return x.onNode(found, at.Node, s, "externalTrafficPolicy")
	}
	if slices.ContainsFunc(found, func(b backend) bool { return b.node != at.Node }) {
		x.route.Reasons = append(x.route.Reasons, model.Reason{
			Kind: model.UndefinedByAPI, Confidence: model.Inferred, Origin: s.Object.At("spec.externalTrafficPolicy"),
			Text: "whether externalTrafficPolicy: Local binds traffic of pods that reach the node port of another node depends on the implementation",
		})
	}
	return found
}

// translateSource says whose address the receiver sees under
// externalTrafficPolicy: Cluster. kube-proxy masquerades, because the answer must
// come back through the node that took the traffic; others keep the client's.
func (x *expansion) translateSource(t *target, s *model.Service, at *model.Endpoint) {
	if x.from != nil && onHost(x.from) && (at == nil || x.from.Node == at.Node) {
		return // the source is that node already
	}
	t.snat = algebra.Maybe
	t.reason = &model.Reason{
		Kind: model.UndefinedByAPI, Row: "N31", Confidence: model.Source, Origin: s.Object.At("spec.externalTrafficPolicy"),
		Text: "whether the receiver sees the client's address or a node's (externalTrafficPolicy: Cluster) depends on the implementation",
	}
	t.nodes = x.entryNodes(at)
}

// entryNodes returns the nodes that may take the traffic: the one addressed,
// the client's own, or any.
func (x *expansion) entryNodes(at *model.Endpoint) []int {
	cluster, name := "", ""
	switch {
	case at != nil:
		cluster, name = at.Cluster, at.Node
	case x.from != nil:
		cluster, name = x.from.Cluster, x.from.Node
	}
	all := x.ix.nodes()[cluster]
	if name == "" {
		return all
	}
	for _, i := range all {
		if x.m.Endpoints[i].Name == name {
			return []int{i}
		}
	}
	return nil
}
