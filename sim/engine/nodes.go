package engine

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// nodeSelector returns the host classes that a node selector chooses for
// certain, and those that it may choose because their node is not known.
func (p *places) nodeSelector(s *model.NodeSelector) (yes, maybe algebra.Set) {
	var y, mb algebra.Builder
	byName := map[[2]string]bool{} // whether a node matches, by cluster and name
	byCluster := map[string]bool{} // whether any node of a cluster matches
	for _, k := range p.nodes {
		e := &p.m.Endpoints[p.c.list[k].rep]
		match := s.Labels.Matches(e.Labels)
		byName[[2]string{e.Cluster, e.Name}] = match
		byCluster[e.Cluster] = byCluster[e.Cluster] || match
		if match {
			y.Add(k, k)
		}
	}
	for _, k := range p.hosts {
		e := &p.m.Endpoints[p.c.list[k].rep]
		match, known := byName[[2]string{e.Cluster, e.Node}]
		anyMatch, anyNode := byCluster[e.Cluster]
		switch {
		case known && match:
			y.Add(k, k)
		case !known && (e.Node != "" || anyMatch || !anyNode):
			mb.Add(k, k)
		}
	}
	return y.Set(), mb.Set()
}
