package admit

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/mesh"
	"github.com/netfate/netfate/sim/model"
)

// dest is endpoints whose proxies do the same.
type dest struct {
	id     int32
	rep    int
	spans  []span // all ports from 1, in order
	chains *chains
	local  [2]netip.Addr // where it matters
	memo   map[question]ID
}

// span is ports at which the proxy does the same.
type span struct {
	low, high uint16
	in        mesh.Inbound
	services  []model.ServicePortID
}

// chains are the policies that select an endpoint, for requests and for streams.
type chains struct {
	id                int32
	custom            [][]*model.Policy
	requests, streams [][]*model.Policy
	onClient          []*onClient       // their leaves over the client
	ports             []model.PortRange // those that they name
	local             bool              // they look at the endpoint's own address
	sni               bool              // and at the server name of the handshake
	sigs              map[string]int32
	signatures        []int32 // by identity
}

// chainsOf returns the policies of an endpoint, one value for equal ones.
func (t *Table) chainsOf(endpoint int) *chains {
	c := &chains{custom: t.chains.Custom.Policies(endpoint), requests: t.chains.Requests.Policies(endpoint),
		streams: t.chains.Streams.Policies(endpoint), sigs: map[string]int32{}}
	var key strings.Builder
	for _, tiers := range [][][]*model.Policy{c.custom, c.requests, c.streams} {
		for _, list := range tiers {
			for _, p := range list {
				fmt.Fprintf(&key, "%p ", p)
			}
			key.WriteByte('/')
		}
	}
	if have := t.chainIDs[key.String()]; have != nil {
		return have
	}
	c.id = int32(len(t.chainIDs))
	t.chainIDs[key.String()] = c
	for _, tiers := range [][][]*model.Policy{c.custom, c.requests, c.streams} {
		for _, list := range tiers {
			for _, p := range list {
				LeavesOf(p, func(x *model.Cond) { c.look(x, t) })
			}
		}
	}
	return c
}

// Leaves calls f for each leaf of the conditions of a mesh's policies.
func Leaves(m *model.Mesh, f func(*model.Cond)) {
	for _, tiers := range [][]model.Tier{m.Request, m.Stream, m.Proxyless.Tiers} {
		for i := range tiers {
			for _, p := range tiers[i].Policies {
				LeavesOf(p, f)
			}
		}
	}
}

// LeavesOf calls f for each leaf of the conditions of a policy.
func LeavesOf(p *model.Policy, f func(*model.Cond)) {
	var walk func(x *model.Cond)
	walk = func(x *model.Cond) {
		if x == nil {
			return
		}
		if x.Op == model.CondMatch {
			f(x)
		}
		for _, a := range x.Args {
			walk(a)
		}
	}
	for i := range p.Rules {
		walk(p.Rules[i].When)
	}
}

// look notes a leaf that looks at something beside the request.
func (c *chains) look(x *model.Cond, t *Table) {
	switch x.Attr {
	case model.AttrPrincipal, model.AttrPeerAddr, model.AttrRemoteAddr:
		c.onClient = append(c.onClient, t.clientCond(x))
	case model.AttrSNI:
		c.sni = true
	case model.AttrLocalAddr:
		c.local = true
	case model.AttrPort:
		c.ports = append(c.ports, x.Ports...)
	}
}

// dest returns the destination that an endpoint belongs to.
func (t *Table) dest(endpoint int) *dest {
	if d := t.dests[endpoint]; d != nil {
		return d
	}
	d := &dest{rep: endpoint, chains: t.chainsOf(endpoint)}
	d.spans = t.spansOf(endpoint, d.chains)
	if d.chains.local || t.byAddress {
		d.local = [2]netip.Addr{t.addr(endpoint, algebra.IPv4), t.addr(endpoint, algebra.IPv6)}
	}
	key := d.key()
	if have := t.destIDs[key]; have != nil {
		t.dests[endpoint] = have
		return have
	}
	d.id, d.memo = int32(len(t.destIDs)), map[question]ID{}
	t.destIDs[key] = d
	t.dests[endpoint] = d
	return d
}

// spansOf parts the ports of an endpoint.
func (t *Table) spansOf(endpoint int, c *chains) []span {
	cuts := append(t.view.Cuts(endpoint, slices.Clone(t.cuts)), 1, 1<<16)
	for _, r := range c.ports {
		cuts = append(cuts, uint32(r.Low), uint32(r.High)+1)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var out []span
	for i := 0; i+1 < len(cuts); i++ {
		if cuts[i] == 0 {
			continue
		}
		low := uint16(cuts[i])
		out = append(out, span{low: low, high: uint16(cuts[i+1] - 1), in: t.view.Inbound(endpoint, low), services: t.view.ServicesBefore(endpoint, low)})
	}
	return out
}

func (d *dest) key() string {
	var b strings.Builder
	fmt.Fprint(&b, d.chains.id, d.local)
	for i := range d.spans {
		s := &d.spans[i]
		fmt.Fprint(&b, "|", s.low, s.in.Sidecar, s.in.Bypass, s.in.Mode, s.in.Protocol, s.in.ProtocolReason != nil, s.in.Proxyless, s.in.Unannounced, s.in.PeerOnly, s.in.Refused != nil, s.in.Unserved, s.services)
		for _, r := range s.in.Tokens() {
			fmt.Fprintf(&b, " %q%q", r.Issuer, r.Audiences)
		}
	}
	return b.String()
}

// Equal tells whether two endpoints are one destination.
func (t *Table) Equal(a, b int) bool { return t.dest(a) == t.dest(b) }
