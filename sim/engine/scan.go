package engine

import (
	"encoding/binary"
	"strings"
	"unsafe"

	"github.com/netfate/netfate/sim/model"
)

// scanner reads every endpoint once: endpoints are large and many, so going over
// them is what building classes costs.
type scanner struct {
	m        *model.Model
	keys     []classKey // by endpoint, without addr
	hull     hull
	labels   *interns[model.Label]
	ports    *interns[model.NamedPort]
	hosts    map[string]int32
	spaces   []space
	byName   map[[2]string]int32 // spaces by cluster and name
	last     int32               // the space of the pod before
	nsLabels map[string]model.Labels
}

func scan(m *model.Model) *scanner {
	s := &scanner{m: m, keys: make([]classKey, len(m.Endpoints)), labels: newInterns(labelsKey), ports: newInterns(portsKey),
		hosts: map[string]int32{}, byName: map[[2]string]int32{}, last: -1, nsLabels: m.NamespaceLabels()}
	for i := range m.Endpoints {
		e := &m.Endpoints[i]
		key := &s.keys[i]
		key.ns, key.labels = s.space(e), s.labels.id(e.Labels)
		key.ports = s.ports.id(portsOf(e))
		key.fam, key.unknown = families(e), len(e.IPs) == 0
		if e.Kind == model.Node || e.HostNetwork {
			key.host = s.host(hostKey(e))
			continue
		}
		for _, ip := range e.IPs {
			s.hull.add(ip)
		}
	}
	return s
}

// space returns the index of the endpoint's namespace, -1 for nodes.
func (s *scanner) space(e *model.Endpoint) int32 {
	if e.Kind == model.Node {
		return -1
	}
	if s.last >= 0 && s.spaces[s.last].name == e.Namespace && s.spaces[s.last].cluster == e.Cluster {
		return s.last
	}
	name := [2]string{e.Cluster, e.Namespace}
	id, ok := s.byName[name]
	if !ok {
		id = int32(len(s.spaces))
		s.byName[name] = id
		s.spaces = append(s.spaces, space{cluster: e.Cluster, name: e.Namespace, labels: model.LabelsOf(s.nsLabels, e)})
	}
	s.last = id
	return id
}

func (s *scanner) host(key string) int32 {
	id, ok := s.hosts[key]
	if !ok {
		id = int32(len(s.hosts)) + 1
		s.hosts[key] = id
	}
	return id
}

// hostKey keeps host endpoints of different nodes or addresses apart: rules and
// the local node see both.
func hostKey(e *model.Endpoint) string {
	var b strings.Builder
	if e.Kind == model.Node {
		b.WriteString("node\x00" + e.Name + "\x00" + e.Cluster)
	} else {
		b.WriteString("host\x00" + e.Node)
	}
	for _, ip := range e.IPs {
		b.WriteByte(0)
		b.WriteString(ip.String())
	}
	return b.String()
}

// portsOf returns the named ports of an endpoint; a node's processes have none.
func portsOf(e *model.Endpoint) []model.NamedPort {
	if e.Kind == model.Node {
		return nil
	}
	return e.Ports
}

func families(e *model.Endpoint) uint8 {
	v4, v6 := e.Families()
	var f uint8
	if v4 {
		f |= famV4
	}
	if v6 {
		f |= famV6
	}
	return f
}

// interns numbers values that endpoints share, by identity first and by
// content where identity differs.
type interns[T any] struct {
	byPtr map[unsafe.Pointer]int32
	byKey map[string]int32
	list  [][]T
	key   func([]T) string
	ptr   unsafe.Pointer // of the one before, which the next is most often
	last  int32
}

func newInterns[T any](key func([]T) string) *interns[T] {
	return &interns[T]{byPtr: map[unsafe.Pointer]int32{}, byKey: map[string]int32{}, key: key}
}

// id returns the number of a value. Equal data pointers mean equal content only
// at equal length.
func (n *interns[T]) id(v []T) int32 {
	p := unsafe.Pointer(unsafe.SliceData(v))
	if len(v) > 0 && p == n.ptr && len(n.list[n.last]) == len(v) {
		return n.last
	}
	id, ok := n.byPtr[p]
	if !ok || len(v) == 0 || len(n.list[id]) != len(v) {
		id = n.byContent(v)
	}
	if len(v) > 0 {
		n.byPtr[p], n.ptr, n.last = id, p, id
	}
	return id
}

func (n *interns[T]) byContent(v []T) int32 {
	k := n.key(v)
	id, ok := n.byKey[k]
	if !ok {
		id = int32(len(n.list))
		n.byKey[k] = id
		n.list = append(n.list, v)
	}
	return id
}

func labelsKey(l []model.Label) string {
	var b strings.Builder
	for _, x := range l {
		b.WriteString(x.Key)
		b.WriteByte(0)
		b.WriteString(x.Value)
		b.WriteByte(0)
	}
	return b.String()
}

func portsKey(ps []model.NamedPort) string {
	b := make([]byte, 0, 32)
	for _, p := range ps {
		b = append(b, p.Name...)
		b = append(b, 0, byte(p.Protocol))
		b = binary.BigEndian.AppendUint16(b, p.Port)
	}
	return string(b)
}
