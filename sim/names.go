package sim

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// names finds endpoints and services by what people call them.
type names struct {
	m         *model.Model
	once      sync.Once
	byID      map[string][]int // endpoints by "namespace/name"
	workloads map[string][]int // endpoints by "namespace/workload"
	services  map[string]int
	nodes     map[string]int
}

func newNames(m *model.Model) *names {
	return &names{m: m}
}

// fill makes the maps when first needed: a matrix never is.
func (n *names) fill() {
	n.byID, n.workloads = map[string][]int{}, map[string][]int{}
	n.services, n.nodes = map[string]int{}, map[string]int{}
	for i := range n.m.Endpoints {
		e := &n.m.Endpoints[i]
		if e.Kind == model.Node {
			n.nodes[clusterPrefix(e.Cluster)+e.Name] = i
			continue
		}
		n.byID[clusterPrefix(e.Cluster)+e.ID()] = append(n.byID[clusterPrefix(e.Cluster)+e.ID()], i)
		n.workloads[clusterPrefix(e.Cluster)+e.WorkloadID()] = append(n.workloads[clusterPrefix(e.Cluster)+e.WorkloadID()], i)
	}
	for i := range n.m.Services {
		s := &n.m.Services[i]
		n.services[s.ID()] = i
	}
}

func clusterPrefix(cluster string) string {
	if cluster == "" {
		return ""
	}
	return cluster + ":"
}

// Subject is what a name stands for: one or several parties.
type Subject struct {
	Text    string
	Parties []model.Party
	Note    string // how the name was understood, such as "Deployment shop/cart: 3 pods"
}

// Internet is the name of every address outside the cluster.
const Internet = "internet"

// Resolve finds what a name stands for: "ns/pod", "ns/workload",
// "service:ns/name", "gateway:ns/name", "node:name", "host:name", an address, or
// "internet": one address of each range that rules tell apart.
// The error says what was looked for and the nearest names.
func (s *Simulator) Resolve(text string) (Subject, error) {
	s.names.once.Do(s.names.fill)
	kind, rest, found := strings.Cut(text, ":")
	if found {
		switch kind {
		case "service", "svc":
			return s.names.service(text, rest)
		case "node":
			return s.names.node(text, rest)
		case "host":
			return Subject{Text: text, Parties: []model.Party{{Kind: model.PartyHost, Host: rest}}, Note: "host name " + rest}, nil
		case "gateway":
			return s.gateway(text, rest)
		case "pod", "workload":
			return s.names.endpoint(text, rest, kind == "pod")
		}
	}
	if text == Internet {
		return s.internet(), nil
	}
	if addr, err := netip.ParseAddr(text); err == nil {
		return s.address(text, addr.Unmap()), nil
	}
	return s.names.endpoint(text, text, false)
}

func (s *Simulator) address(text string, addr netip.Addr) Subject {
	p := s.routes.ResolveAddress(addr)
	note := "address " + addr.String()
	switch p.Kind {
	case model.PartyEndpoint:
		note += ", which is " + s.m.Endpoints[p.Index].ID()
	case model.PartyService:
		note += ", which is Service " + s.m.Services[p.Index].ID()
	}
	return Subject{Text: text, Parties: []model.Party{p}, Note: note}
}

func (s *Simulator) gateway(text, id string) (Subject, error) {
	known := make([]string, len(s.m.Gateways))
	for g := range s.m.Gateways {
		if known[g] = s.m.Gateways[g].ID(); known[g] == id {
			return Subject{Text: text, Parties: []model.Party{{Kind: model.PartyGateway, Index: g}}, Note: "Gateway " + id}, nil
		}
	}
	return Subject{}, unknown("gateway", id, known)
}

// internet stands for every address outside the cluster.
func (s *Simulator) internet() Subject {
	out := Subject{Text: Internet}
	for _, p := range s.externals(model.Ingress) {
		if a, ok := s.sample(p.Range); ok {
			out.Parties = append(out.Parties, model.Party{Kind: model.PartyAddress, Addr: a})
		}
	}
	out.Note = "every address outside the cluster"
	if n := len(out.Parties); n > 1 {
		out.Note += fmt.Sprintf(": one of each of %d ranges that rules tell apart", n)
	}
	return out
}

// sample picks an address of a range that nothing of the cluster has: one of those
// for documentation where it can; false where none of the first ones will do.
func (s *Simulator) sample(r algebra.AddrRange) (netip.Addr, bool) {
	var tries []netip.Addr
	for _, text := range []string{"203.0.113.1", "198.51.100.1", "192.0.2.1", "2001:db8::1"} {
		if a, err := netip.ParseAddr(text); err == nil && a.Compare(r.From) >= 0 && a.Compare(r.To) <= 0 && a.Is4() == r.From.Is4() {
			tries = append(tries, a)
		}
	}
	a := r.From
	for range 64 {
		tries = append(tries, a)
		if a = a.Next(); !a.IsValid() || a.Compare(r.To) > 0 {
			break
		}
	}
	for _, a := range tries {
		if s.routes.ResolveAddress(a).Kind == model.PartyAddress {
			return a, true
		}
	}
	return r.From, false
}

func (n *names) service(text, id string) (Subject, error) {
	i, ok := n.services[id]
	if !ok {
		return Subject{}, unknown("Service", id, keys(n.services))
	}
	return Subject{Text: text, Parties: []model.Party{{Kind: model.PartyService, Index: i}}, Note: "Service " + id}, nil
}

func (n *names) node(text, name string) (Subject, error) {
	i, ok := n.nodes[name]
	if !ok {
		return Subject{}, unknown("node", name, keys(n.nodes))
	}
	return Subject{Text: text, Parties: []model.Party{{Kind: model.PartyEndpoint, Index: i}}, Note: "processes of node " + name}, nil
}

// endpoint finds a pod by name, then a workload: all its pods.
func (n *names) endpoint(text, id string, podOnly bool) (Subject, error) {
	if list := n.byID[id]; len(list) > 0 {
		return n.subject(text, id, list), nil
	}
	if list := n.workloads[id]; len(list) > 0 && !podOnly {
		return n.subject(text, id, list), nil
	}
	if !strings.Contains(id, "/") {
		return Subject{}, fmt.Errorf("%q names nothing: give namespace/pod, namespace/workload, service:namespace/name, node:name, host:name or an address", text)
	}
	known := append(keys(n.byID), keys(n.workloads)...)
	err := unknown("pod or workload", id, known)
	if _, ok := n.services[id]; ok {
		err = fmt.Errorf("%w; a Service has this name: say service:%s", err, id)
	}
	return Subject{}, err
}

func (n *names) subject(text, id string, list []int) Subject {
	out := Subject{Text: text}
	for _, i := range list {
		out.Parties = append(out.Parties, model.Party{Kind: model.PartyEndpoint, Index: i})
	}
	w := n.m.Endpoints[list[0]].Workload
	out.Note = w.Kind + " " + id
	if len(list) > 1 {
		out.Note += fmt.Sprintf(": %d pods", len(list))
	}
	return out
}

func unknown(what, id string, known []string) error {
	near := Nearest(id, known, 3)
	if len(near) == 0 {
		return fmt.Errorf("no %s %q in the snapshot", what, id)
	}
	return fmt.Errorf("no %s %q in the snapshot; did you mean %s?", what, id, strings.Join(near, ", "))
}

func keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
