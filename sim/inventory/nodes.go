package inventory

import (
	"net/netip"
	"slices"

	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// readNodes adds an endpoint for each Node object: the node's own processes at
// its addresses.
func (b *builder) readNodes(objects []*model.Object) {
	objects = b.byName(objects)
	for _, o := range objects {
		r := reader{o: o, opt: &b.opt}
		e := b.node(&r)
		if !r.rejected {
			b.res.Endpoints = append(b.res.Endpoints, e)
		}
		b.take(&r.report)
	}
}

func (b *builder) node(r *reader) model.Endpoint {
	r.check()
	meta := r.o.Root.Get("metadata")
	r.checkMeta(meta, subdomainName)
	e := model.Endpoint{
		Kind: model.Node, Name: r.o.Name, Workload: model.Workload{Kind: "Node", Name: r.o.Name},
		Labels: slices.Clip(r.labels(nil, meta.Get("labels"), "metadata.labels")),
		Node:   r.o.Name, Cluster: r.o.Cluster, Object: r.o,
	}
	addresses := items(r.o.Root.Get("status").Get("addresses"))
	for i := range addresses {
		if a, ok := nodeAddress(&addresses[i]); ok && !slices.Contains(e.IPs, a) {
			e.IPs = append(e.IPs, a)
			b.fam.addr(a)
		}
	}
	b.podRanges(r.o.Root.Get("spec"))
	return e
}

// podRanges notes the families of spec.podCIDRs, or the older podCIDR.
func (b *builder) podRanges(spec *manifest.Node) {
	list := items(spec.Get("podCIDRs"))
	for i := range list {
		b.fam.prefix(list[i].Str())
	}
	b.fam.prefix(spec.Get("podCIDR").Str())
}

// nodeAddress reads one entry of status.addresses; host names are no addresses.
func nodeAddress(n *manifest.Node) (netip.Addr, bool) {
	return parseAddr(n.Get("address").Str())
}
