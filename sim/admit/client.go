package admit

import (
	"net/netip"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Client is who opens connections: an endpoint, or with Endpoint -1 an address
// outside the cluster.
type Client struct {
	Endpoint int
	Addr     netip.Addr
}

// group is clients whose proxies send alike.
type group struct {
	rep     int // one of them, -1 where there is no proxy
	sidecar algebra.Tri
	reason  *model.Reason // for Maybe
}

// identity is what policies see of a client.
type identity struct {
	principal string
	peer      netip.Addr
}

// client is an endpoint as a client: its group, and by family its identities with
// and without mutual TLS.
type client struct {
	group         int32
	mutual, plain [2]int32
}

// client returns the class of a client.
func (t *Table) client(c Client) client {
	if c.Endpoint < 0 {
		id := t.identity("", c.Addr)
		return client{plain: [2]int32{id, id}, mutual: [2]int32{id, id}}
	}
	if out := t.clients[c.Endpoint]; out != nil {
		return *out
	}
	var out client
	x := t.view.Client(c.Endpoint)
	out.group = t.groupOf(c.Endpoint, x.Sidecar, x.Reason)
	for _, f := range [...]algebra.Family{algebra.IPv4, algebra.IPv6} {
		peer := t.addr(c.Endpoint, f)
		out.plain[f], out.mutual[f] = t.identity("", peer), t.identity(x.Principal, peer)
	}
	t.clients[c.Endpoint] = &out
	return out
}

// Class returns a number that is equal for endpoints that are one client to every
// destination, and one destination.
func (t *Table) Class(endpoint int) int {
	key := class{t.client(Client{Endpoint: endpoint}), t.dest(endpoint).id}
	id, known := t.classIDs[key]
	if !known {
		id = len(t.classIDs)
		t.classIDs[key] = id
	}
	return id
}

type class struct {
	client
	dest int32
}

// Know notes an endpoint as a client. It changes no answer: conditions are asked
// of many clients at once when they are known before the first answer.
func (t *Table) Know(endpoint int) { t.client(Client{Endpoint: endpoint}) }

// Alike tells whether two endpoints are one client to every destination.
func (t *Table) Alike(a, b int) bool {
	return t.client(Client{Endpoint: a}) == t.client(Client{Endpoint: b})
}

func (t *Table) groupOf(endpoint int, sidecar algebra.Tri, why *model.Reason) int32 {
	key := t.view.ClientKey(endpoint)
	if sidecar == algebra.No {
		key = ""
	}
	g, known := t.groupIDs[key]
	if !known {
		g = int32(len(t.groups))
		t.groupIDs[key] = g
		t.groups = append(t.groups, group{rep: endpoint, sidecar: sidecar, reason: why})
	}
	return g
}

func (t *Table) identity(principal string, peer netip.Addr) int32 {
	if !t.byPeer {
		peer = netip.Addr{}
	}
	key := identity{principal, peer}
	id, known := t.identityIDs[key]
	if !known {
		id = int32(len(t.identities))
		t.identityIDs[key] = id
		t.identities = append(t.identities, key)
		t.byPrincipal[principal] = append(t.byPrincipal[principal], id)
	}
	return id
}

// addr is an endpoint's address in a family, invalid where it is not known.
func (t *Table) addr(endpoint int, f algebra.Family) netip.Addr {
	for _, ip := range t.m.Endpoints[endpoint].IPs {
		if ip.Is4() == (f == algebra.IPv4) {
			return ip
		}
	}
	return netip.Addr{}
}
