package sim

import (
	"github.com/netfate/netfate/sim/admit"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// peerBlocks lists the blocks of addresses in the conditions of a mesh's policies on clients.
func peerBlocks(m *model.Mesh) []algebra.AddrSet {
	var out []algebra.AddrSet
	admit.Leaves(m, func(c *model.Cond) {
		if c.Attr == model.AttrPeerAddr || c.Attr == model.AttrRemoteAddr {
			out = append(out, c.Addrs)
		}
	})
	return out
}

// blocks returns the blocks of addresses that policies of proxies name of clients.
func (x *layer7) blocks() []algebra.AddrSet {
	if x == nil {
		return nil
	}
	return x.peerBlocks
}

func (a *Proxies) blocks() []algebra.AddrSet {
	if a == nil {
		return nil
	}
	return a.s.l7.blocks()
}

// SourceRanges returns the ranges of addresses outside the cluster that rules tell
// apart as sources: those of the network, and those of proxies.
func (s *Simulator) SourceRanges() []algebra.AddrRange {
	return parted(s.engine.ExternalRanges(model.Ingress), s.l7.blocks())
}

// parted parts ranges at the ends of blocks.
func parted(ranges []algebra.AddrRange, blocks []algebra.AddrSet) []algebra.AddrRange {
	if len(blocks) == 0 {
		return ranges
	}
	sets := blocks[:len(blocks):len(blocks)]
	for _, r := range ranges {
		sets = append(sets, algebra.AddrSet{r})
	}
	return algebra.Partition(sets)
}
