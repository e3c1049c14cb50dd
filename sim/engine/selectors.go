package engine

import (
	"sync"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// resolver turns selectors and blocks into sets of classes. One goroutine uses
// it at a time; a fork shares what never changes.
type resolver struct {
	*places
	labels labelEvaluator
	// Sets of classes over many namespaces are worth finding again.
	nsIDs, podIDs exprMemo
	nsSets        map[nsKey]algebra.Set
	podSets       []algebra.Set // by number of expression
	wide          map[wideKey]algebra.Set
}

// places are where the classes of a model stand. They are safe for concurrent use.
type places struct {
	m       *model.Model
	c       *classes
	byName  map[string][]int32 // spaces by namespace name (one a cluster)
	nodes   []uint32           // classes of nodes
	hosts   []uint32           // classes of pods on the host network
	hostSet algebra.Set        // the same
	unknown algebra.Set        // pods whose addresses are not known
	byAddr  [2]struct {
		once sync.Once
		list []addrClass
	}
}

// nsKey identifies a choice of namespaces.
type nsKey struct {
	expr  int32
	local bool
}

// wideKey identifies a selector over many namespaces.
type wideKey struct {
	ns             nsKey
	pods           int32
	host, onlyHost bool
}

func newResolver(m *model.Model, c *classes) *resolver {
	p := &places{m: m, c: c, byName: make(map[string][]int32, len(c.spaces))}
	for i := range c.spaces {
		p.byName[c.spaces[i].name] = append(p.byName[c.spaces[i].name], int32(i))
	}
	for k := range c.list {
		switch cl := &c.list[k]; {
		case cl.ns < 0:
			p.nodes = append(p.nodes, uint32(k))
		case cl.host:
			p.hosts = append(p.hosts, uint32(k))
			p.hostSet = appendClass(p.hostSet, uint32(k))
		case cl.unknown:
			p.unknown = appendClass(p.unknown, uint32(k))
		}
	}
	return p.resolver(nil)
}

func (p *places) resolver(base labelIndex) *resolver {
	return &resolver{places: p, labels: newLabelEvaluator(p.c, base), nsIDs: newExprMemo(), podIDs: newExprMemo(),
		nsSets: map[nsKey]algebra.Set{}, wide: map[wideKey]algebra.Set{}}
}

// fork returns a resolver for another goroutine. The label index of r is not
// written to any more.
func (r *resolver) fork() *resolver {
	base := r.labels.base
	if base == nil {
		base = r.labels.mine
	}
	return r.places.resolver(base)
}

// selector returns the classes that a selector chooses.
func (r *resolver) selector(s *model.Selector) algebra.Set {
	if s.OnlyHost && (!s.HostNetwork || len(r.hosts) == 0) {
		return nil
	}
	if s.Namespace == "" {
		return r.overNamespaces(s)
	}
	var out algebra.Set
	for _, i := range r.byName[s.Namespace] {
		sp := &r.c.spaces[i]
		if (!s.LocalCluster || sp.cluster == "") && s.NamespaceLabels.Matches(sp.labels) {
			out = out.Union(r.onNetwork(r.labels.matching(s.PodLabels, sp.first, sp.last), s))
		}
	}
	return out
}

// onNetwork keeps the pods on the host network or those that are not.
func (r *resolver) onNetwork(set algebra.Set, s *model.Selector) algebra.Set {
	switch {
	case s.OnlyHost:
		return set.Intersect(r.hostSet)
	case s.HostNetwork:
		return set
	}
	return set.Subtract(r.hostSet)
}

// overNamespaces is what labels choose of the pods, in the namespaces chosen.
func (r *resolver) overNamespaces(s *model.Selector) algebra.Set {
	id, _ := r.nsIDs.id(s.NamespaceLabels)
	key := wideKey{ns: nsKey{id, s.LocalCluster}, host: s.HostNetwork, onlyHost: s.OnlyHost}
	id, isNew := r.podIDs.id(s.PodLabels)
	if key.pods = id; isNew {
		r.podSets = append(r.podSets, r.labels.matching(s.PodLabels, 0, r.c.podEnd))
	}
	set, ok := r.wide[key]
	if !ok {
		set = r.onNetwork(r.podSets[id].Intersect(r.namespaces(key.ns, s)), s)
		r.wide[key] = set
	}
	return set
}

// namespaces returns the classes in the namespaces that a selector chooses.
func (r *resolver) namespaces(key nsKey, s *model.Selector) algebra.Set {
	set, ok := r.nsSets[key]
	if ok {
		return set
	}
	var b algebra.Builder
	for i := range r.c.spaces {
		sp := &r.c.spaces[i]
		if sp.first < sp.last && (!s.LocalCluster || sp.cluster == "") && s.NamespaceLabels.Matches(sp.labels) {
			b.Add(sp.first, sp.last-1)
		}
	}
	set = b.Set()
	r.nsSets[key] = set
	return set
}
