package admit

import (
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/mesh"
	"github.com/netfate/netfate/sim/model"
)

// Way is how a client gets to a port of an endpoint.
type Way struct {
	Service model.ServicePortID // the Service that it addresses; with index -1 the endpoint's own address
	proxied bool                // its proxy opens the connection
	stream  bool                // and takes it for a plain stream
	grpc    bool                // it is for gRPC alone: the client has no proxy and is of the mesh
	tls     model.ClientTLS
	// serverName is what the client's proxy asks for in mutual TLS, where policies look at it.
	serverName string
	// unsure: it may also go past the proxy.
	unsure *model.Reason
	// routed: it is there only for what a route of the client sends that way.
	routed *model.Reason
}

// direct is the endpoint's own address.
const direct = -1

func past() Way { return Way{Service: model.ServicePortID{Service: direct}} }

// ways returns how the clients of a group get to a span of a destination's ports.
func (t *Table) ways(g int32, d *dest, s *span, f algebra.Family) []Way {
	if t.groups[g].sidecar == algebra.No {
		return []Way{past()}
	}
	client := t.groups[g].rep
	grpc := t.view.Client(client).Proxyless
	var out []Way
	add := func(service model.ServicePortID, a mesh.Asked) {
		way, ok := t.way(client, t.view.Unrouted(a), a.Port)
		if !d.chains.sni {
			way.serverName = ""
		}
		way.grpc = grpc
		if way.Service = service; ok {
			out = append(out, way)
			out = append(out, t.bySubsets(client, a, way)...)
		}
	}
	for _, id := range s.services {
		add(id, mesh.Asked{Client: client, Service: id.Service, Host: t.view.Host(id.Service), Port: id.Port, Request: s.in.Protocol != model.PortStream})
	}
	if grpc { // a call of an address is none of the mesh
		return append(out, past())
	}
	add(past().Service, mesh.Asked{Client: client, Service: direct, Addr: t.m.Endpoints[d.rep].ID(), IP: d.local[f], Port: s.low, Request: true})
	return out
}

// bySubsets are the ways of what routes send to subsets of a Service that are
// connected to in another way. Which requests those are is the routes' matter.
func (t *Table) bySubsets(client int, a mesh.Asked, plain Way) []Way {
	if a.Service < 0 || !plain.proxied {
		return nil
	}
	var out []Way
	for _, name := range t.subsets[a.Service] {
		if _, there := t.view.Subset(client, a.Host, name); !there {
			continue
		}
		w := plain
		var at model.Origin
		if w.tls, at = t.view.TLS(client, a.Host, a.Port, name); w.serverName != "" {
			w.serverName = mesh.ServerName(a.Host, a.Port, name)
		}
		if w == plain {
			continue
		}
		w.routed = &model.Reason{Kind: model.MissingFact, Confidence: model.Source, Origin: at,
			Text: "routes send to the subset " + name + " of " + a.Host + ", which clients connect to in a way of its own: which requests they send there is not in these sets"}
		out = append(out, w)
	}
	return out
}

// routedSubsets are the subsets of Services that routes send to, by Service.
func routedSubsets(m *model.Mesh) map[int][]string {
	out := map[int][]string{}
	for i := range m.Routes {
		for _, rules := range [][]model.RouteRule{m.Routes[i].HTTP, m.Routes[i].Stream} {
			for j := range rules {
				for _, b := range rules[j].Action.Backends {
					if b.Service >= 0 && b.SubsetName != "" && !slices.Contains(out[b.Service], b.SubsetName) {
						out[b.Service] = append(out[b.Service], b.SubsetName)
					}
				}
			}
		}
	}
	return out
}

// way is what is left of what a client's proxy does; false where it lets nothing out.
func (t *Table) way(client int, w mesh.Way, port uint16) (Way, bool) {
	out := Way{proxied: true, unsure: w.Unsure}
	switch {
	case w.Bypass:
		return Way{}, true
	case w.Blocked:
		return out, false
	case w.Through:
		out.tls = model.TLSNone
	default:
		out.tls, _ = t.view.TLS(client, w.Host, port, "")
		out.stream, out.serverName = !w.HTTP, mesh.ServerName(w.Host, port, "")
	}
	return out, true
}

// same tells whether two ways differ in nothing but what they address.
func (w Way) same(x Way) bool {
	w.Service = x.Service
	return w == x
}

// distinct leaves out the ways that add nothing.
func distinct(list []Way) []Way {
	var out []Way
	for _, w := range list {
		if !slices.ContainsFunc(out, w.same) {
			out = append(out, w)
		}
	}
	return out
}
