package scenarios

import (
	"errors"
	"fmt"
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// receiver is endpoints of a destination of requests, with the ports that count.
type receiver struct {
	ports     algebra.Set
	endpoints []int
}

// receivers returns what takes requests of a destination: of a workload its pods at all
// TCP ports but those of their own proxies, of a Service the pods behind it at the
// ports to which it leads. Ports that are said are those of the workload, or of the Service.
func (v *view) receivers(to *ends, ports string) ([]receiver, error) {
	w, err := parseWant(ports)
	if err != nil {
		return nil, err
	}
	said := w.set.Intersect(algebra.ProtocolConns(algebra.TCP))
	if said.Empty() {
		return nil, errors.New("requests are sent over TCP: want ports such as TCP 8080")
	}
	if !to.addrs.Empty() {
		return nil, fmt.Errorf("%s is outside the cluster: what gets there is not for its policies alone; name a workload or a Service", to.text)
	}
	at := map[int]algebra.Set{}
	for _, i := range to.endpoints {
		at[i] = said
	}
	for _, p := range to.routed {
		if p.Kind != model.PartyService {
			return nil, fmt.Errorf("%s is outside the cluster: what gets there is not for its policies alone; name a workload or a Service", v.name(p))
		}
		if err := v.behindService(at, p.Index, said); err != nil {
			return nil, err
		}
	}
	return v.byPorts(at), nil
}

// behindService adds the ports of endpoints to which a Service leads.
func (v *view) behindService(at map[int]algebra.Set, service int, said algebra.Set) error {
	id, some := v.m.Services[service].ID(), false
	for _, p := range v.sim.Behind(service) {
		if p.Protocol != algebra.TCP || !said.Contains(algebra.ConnKey(algebra.IPv4, p.Protocol, p.Of)) {
			continue
		}
		if p.To.Kind != model.PartyEndpoint {
			return fmt.Errorf("service %s leads to %s, which is outside the cluster: name the workloads behind it", id, p.To.Addr)
		}
		some = true
		at[p.To.Index] = at[p.To.Index].Union(algebra.Ports(algebra.TCP, p.Port, p.Port))
	}
	if !some {
		return fmt.Errorf("service %s leads to nothing that takes requests on these ports: it has no TCP port with a backend in the manifests", id)
	}
	return nil
}

// byPorts puts endpoints together of which the same ports count.
func (v *view) byPorts(at map[int]algebra.Set) []receiver {
	var out []receiver
	for _, i := range v.order() {
		set, ok := at[i]
		if !ok {
			continue
		}
		if p := v.m.Endpoints[i].Proxy; p != nil && p.Sidecar != algebra.No {
			for _, r := range p.Own {
				set = set.Subtract(algebra.Ports(algebra.TCP, r.Low, r.High))
			}
		}
		j := slices.IndexFunc(out, func(r receiver) bool { return r.ports.Equal(set) })
		if j < 0 {
			j = len(out)
			out = append(out, receiver{ports: set})
		}
		out[j].endpoints = append(out[j].endpoints, i)
	}
	return out
}
