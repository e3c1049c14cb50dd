package engine

import (
	"slices"

	"github.com/netfate/netfate/sim/model"
)

// Families that a class's members are known to have.
const (
	famV4   uint8 = 1
	famV6   uint8 = 2
	famBoth uint8 = famV4 | famV6
)

// class is a set of endpoints that no rule tells apart. rep stands for all.
type class struct {
	rep     int32 // index of the first member in Model.Endpoints
	ns      int32 // index into classes.spaces, -1 for nodes
	labels  int32 // index into classes.labelSets
	ports   int32 // index into classes.portSets
	fam     uint8
	host    bool // a node, or a pod on the host network
	unknown bool // its addresses are not known
}

// space is a namespace's run of classes.
type space struct {
	cluster, name string
	labels        model.Labels
	first, last   uint32 // classes first..last-1
}

// classes are the classes of a model, those of one namespace side by side and
// those of nodes at the end.
type classes struct {
	list      []class
	podEnd    uint32   // classes 0..podEnd-1 are of pods
	of        []uint32 // class by endpoint
	members   []int32  // endpoints by class
	start     []int32  // members[start[c]:start[c+1]]
	spaces    []space
	portSets  [][]model.NamedPort
	labelSets [][]model.Label
	hull      hull
}

// classKey is what makes two endpoints alike. All parts are numbers of what
// equal endpoints share.
type classKey struct {
	ns, labels, ports int32
	host              int32  // node and addresses of a host endpoint, 0 for others
	addr              uint64 // which address blocks hold its addresses
	fam               uint8
	unknown           bool
}

// buildClasses groups the endpoints. The cutter's boundaries part pods which are
// alike otherwise.
func buildClasses(m *model.Model) (*classes, *cutter) {
	s := scan(m)
	cuts := newCutter(m, s.hull)
	c := &classes{of: make([]uint32, len(m.Endpoints)), spaces: s.spaces, portSets: s.ports.list, labelSets: s.labels.list,
		hull: s.hull}
	index := make(map[classKey]uint32)
	var last classKey
	var lastID uint32
	for i := range s.keys {
		key := s.keys[i]
		if key.host == 0 && !key.unknown && len(cuts.bounds) > 0 {
			key.addr = cuts.signature(m.Endpoints[i].IPs)
		}
		// Replicas stand side by side, so most endpoints are like the one before.
		if i == 0 || key != last {
			id, ok := index[key]
			if !ok {
				id = uint32(len(c.list))
				index[key] = id
				c.list = append(c.list, class{rep: int32(i), ns: key.ns, labels: key.labels, ports: key.ports, fam: key.fam,
					host: key.host != 0, unknown: key.unknown})
			}
			last, lastID = key, id
		}
		c.of[i] = lastID
	}
	c.renumber(m)
	c.collectMembers()
	return c, cuts
}

func (c *classes) collectMembers() {
	c.start = make([]int32, len(c.list)+1)
	for _, k := range c.of {
		c.start[k+1]++
	}
	for k := range c.list {
		c.start[k+1] += c.start[k]
	}
	c.members = make([]int32, len(c.of))
	next := slices.Clone(c.start)
	for e, k := range c.of {
		c.members[next[k]] = int32(e)
		next[k]++
	}
}

// membersOf returns the endpoints of a class.
func (c *classes) membersOf(k uint32) []int32 { return c.members[c.start[k]:c.start[k+1]] }
