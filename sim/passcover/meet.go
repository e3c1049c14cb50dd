package passcover

import (
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// peers are those of a rule.
type peers struct {
	list []model.Peer
	any  bool
}

func (p *peers) none() bool { return !p.any && len(p.list) == 0 }

// meet returns the peers that both rules match, and those that both may match.
func meet(a, b *model.Rule) (sure, open peers) {
	switch {
	case a.AnyPeer && b.AnyPeer:
		return peers{any: true}, peers{}
	case a.AnyPeer:
		a = b
		fallthrough
	case b.AnyPeer:
		for i := range a.Peers {
			sure.add(&open, a.Peers[i], a.Peers[i].Uncertain == nil)
		}
		return sure, open
	}
	for i := range a.Peers {
		for k := range b.Peers {
			x, y := &a.Peers[i], &b.Peers[k]
			if p, exact, ok := both(x, y); ok {
				sure.add(&open, p, exact && x.Uncertain == nil && y.Uncertain == nil)
			}
		}
	}
	return sure, open
}

func (p *peers) add(open *peers, x model.Peer, sure bool) {
	if !sure {
		p = open
	}
	p.list = append(p.list, x)
}

// both returns a peer for what two peers have in common, whether it is exactly that, and
// false where they have nothing in common.
func both(x, y *model.Peer) (out model.Peer, exact, ok bool) {
	out = *x
	switch {
	case x.Pods != nil && y.Pods != nil:
		s, ok := selectors(x.Pods, y.Pods)
		out.Pods = &s
		return out, true, ok
	case x.Block != nil && y.Block != nil:
		b := *x.Block
		b.Addrs = x.Block.Addrs.Intersect(y.Block.Addrs)
		out.Block = &b
		return out, true, !b.Addrs.Empty()
	case x.Nodes != nil && y.Nodes != nil:
		out.Nodes = &model.NodeSelector{Labels: model.And(x.Nodes.Labels, y.Nodes.Labels)}
		return out, true, true
	case x.Block != nil:
		p, _, ok := both(y, x)
		return p, false, ok
	case y.Block != nil && x.Pods != nil:
		return out, false, y.Block.Scope.Pods != algebra.No
	case y.Block != nil && x.Nodes != nil:
		return out, false, y.Block.Scope.Nodes != algebra.No
	case x.Domains != nil && (y.Block != nil || y.Domains != nil):
		return *y, false, true
	}
	return out, false, false
}

// selectors returns the pods that both choose, and false where there certainly are none.
func selectors(a, b *model.Selector) (model.Selector, bool) {
	out := model.Selector{
		Namespace: a.Namespace, NamespaceLabels: model.And(a.NamespaceLabels, b.NamespaceLabels), PodLabels: model.And(a.PodLabels, b.PodLabels),
		HostNetwork: a.HostNetwork && b.HostNetwork, OnlyHost: a.OnlyHost || b.OnlyHost, LocalCluster: a.LocalCluster || b.LocalCluster,
	}
	if out.Namespace == "" {
		out.Namespace = b.Namespace
	}
	return out, (b.Namespace == "" || out.Namespace == b.Namespace) && (out.HostNetwork || !out.OnlyHost)
}

func subjects(a, b *model.Selector) (model.Selector, bool) { return selectors(a, b) }

// samePeers tells whether two rules have a selector in common.
func samePeers(a, b []model.Peer) bool {
	return slices.ContainsFunc(a, func(x model.Peer) bool {
		return slices.ContainsFunc(b, func(y model.Peer) bool {
			switch {
			case x.Pods != nil && y.Pods != nil:
				return x.Pods.Key() == y.Pods.Key()
			case x.Block != nil && y.Block != nil:
				return x.Block.Addrs.Equal(y.Block.Addrs)
			}
			return x.Pods == nil && y.Pods == nil
		})
	})
}
