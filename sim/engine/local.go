package engine

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// localNode is what the profile makes of traffic from the local node.
func (e *Engine) localNode() model.LocalNode {
	if e.m.Profile == nil {
		return model.LocalNodeAllowed // the text of the API
	}
	return e.m.Profile.LocalNode.Value
}

// mayBeLocal tells whether connections from class a to class b may be from the
// local node, and the profile exempts those.
func (e *Engine) mayBeLocal(a, b uint32) bool {
	return e.c.list[a].host && !e.c.list[b].host && e.localNode() != model.LocalNodeEvaluated
}

// locality tells whether a host endpoint is on the node of a pod.
func (e *Engine) locality(from, to int) algebra.Tri {
	a, b := &e.m.Endpoints[from], &e.m.Endpoints[to]
	if a.Cluster != b.Cluster {
		return algebra.No
	}
	node := a.Node
	if a.Kind == model.Node {
		node = a.Name
	}
	switch {
	case node == "" || b.Node == "":
		return algebra.Maybe
	case node == b.Node:
		return algebra.Yes
	}
	return algebra.No
}

// localPoint evaluates the ingress of a pod from a host endpoint.
func (w *walker) localPoint() outcomes {
	at, mode := w.e.locality(w.peer.Index, w.subject), w.e.localNode()
	var out outcomes
	if at != algebra.Yes || mode == model.LocalNodeRoot {
		out = w.point(false)
	}
	if at == algebra.No {
		return out
	}
	w.recordLocal(at)
	if mode == model.LocalNodeLast {
		return out.or(w.point(true))
	}
	return out.or(outcomes{allow: true})
}

// local returns the ingress value of a pod for a host endpoint.
func (p *Pairs) local(from, to int) Value {
	r, k := p.e.rows[model.Ingress].at(p.e.c.of[to]), p.e.c.of[from]
	remote := r.at(k)
	at := p.e.locality(from, to)
	if at == algebra.No {
		return remote
	}
	local := Value{algebra.AllID, algebra.AllID}
	mode := p.e.localNode()
	if mode == model.LocalNodeLast {
		local = p.localRow(r, k)
	}
	if at == algebra.Yes && mode != model.LocalNodeRoot {
		return local
	}
	return Value{Allow: p.in.Intersect(local.Allow, remote.Allow), May: p.in.Union(local.May, remote.May)}
}

// localRow evaluates a row for a class whose default denies do not hold.
func (p *Pairs) localRow(r *row, k uint32) Value {
	p.ev.prog, p.ev.local = &r.prog, true
	p.ev.active = p.ev.active[:0]
	for t := range r.prog.tiers {
		for i := range r.prog.tiers[t].entries {
			p.ev.active = append(p.ev.active, r.prog.tiers[t].entries[i].classes.Contains(k))
		}
	}
	return p.ev.run()
}
