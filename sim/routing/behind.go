package routing

import (
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Place is where a port of a Service leads.
type Place struct {
	To       model.Party // an endpoint, or an address that none has
	Protocol algebra.Protocol
	Port     uint16 // there
	Of       uint16 // the Service's own port
}

// Behind returns where the ports of a Service lead in the families of the cluster,
// whoever asks. It is empty for a Service without backends, and for one of which no
// EndpointSlice is known.
func (ix *Index) Behind(service int) []Place {
	var out []Place
	for _, fam := range [...]algebra.Family{algebra.IPv4, algebra.IPv6} {
		if fam == algebra.IPv4 && !ix.m.V4 || fam == algebra.IPv6 && !ix.m.V6 {
			continue
		}
		x := expansion{ix: ix, m: ix.m, family: fam, quiet: true}
		ports := ix.m.Services[service].Ports
		for j := range ports {
			found, _ := x.backends(portRef{int32(service), int32(j)})
			for _, b := range found {
				if p := (Place{b.party, ports[j].Protocol, b.port, ports[j].Port}); !slices.Contains(out, p) {
					out = append(out, p)
				}
			}
		}
	}
	return out
}

// fronts says which ports of Services lead to TCP ports of endpoints.
type fronts struct {
	services map[Place][]model.ServicePortID // by place, whatever leads there
	ports    map[int][]uint16                // of an endpoint, in order
}

// Before returns the ports of Services that lead to a TCP port of an endpoint.
func (ix *Index) Before(endpoint int, port uint16) []model.ServicePortID {
	return ix.before().services[Place{To: model.Party{Kind: model.PartyEndpoint, Index: endpoint}, Protocol: algebra.TCP, Port: port}]
}

// PortsBefore returns the TCP ports of an endpoint to which Services lead, in order.
func (ix *Index) PortsBefore(endpoint int) []uint16 { return ix.before().ports[endpoint] }

func (ix *Index) buildBefore() *fronts {
	out := &fronts{map[Place][]model.ServicePortID{}, map[int][]uint16{}}
	for i := range ix.m.Services {
		for _, p := range ix.Behind(i) {
			if p.To.Kind != model.PartyEndpoint || p.Protocol != algebra.TCP {
				continue
			}
			id := model.ServicePortID{Service: i, Port: p.Of}
			p.Of = 0
			if out.services[p] == nil {
				out.ports[p.To.Index] = append(out.ports[p.To.Index], p.Port)
			}
			out.services[p] = append(out.services[p], id)
		}
	}
	for _, ports := range out.ports {
		slices.Sort(ports)
	}
	return out
}
