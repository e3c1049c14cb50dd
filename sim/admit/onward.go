package admit

import (
	"net/netip"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Onward is how a gateway's pod sends on to a backend what it takes.
type Onward struct {
	Proxied    bool            // it is of the mesh
	Principal  string          // and this is its identity
	TLS        model.ClientTLS // what it speaks
	ServerName string          // what it asks for in mutual TLS
	Stream     bool            // it sees a stream, no requests
	Direct     bool            // a client sends it itself, which tells nothing of another
	Peer       netip.Addr      // the pod's address, invalid where it is not known
	// Client is the address that it tells its backend of the client, invalid where that
	// is not known.
	Client netip.Addr
}

// From returns what gets through to a port of an endpoint of what a gateway sends on,
// in one family.
func (t *Table) From(o Onward, to int, port uint16, f algebra.Family) Passage {
	d := t.dest(to)
	s := d.spanOf(port)
	a := &arrival{t: t, d: d, s: s, family: f, from: [2]identity{{"", o.Peer}, {o.Principal, o.Peer}}}
	if !o.Stream && !o.Direct {
		a.client = &o.Client
	}
	w := Way{proxied: o.Proxied, stream: o.Stream, tls: o.TLS}
	if d.chains.sni {
		w.serverName = o.ServerName
	}
	out := a.sent(w)
	p := a.told(out)
	p.Low, p.High = port, port
	if r := NewRoutes(t.sp); !o.Stream && !o.Direct && r.looksAt(out.requests, forwarded) {
		p.Requests, p.Shown = r.whatever(p.Requests, forwarded), r.whatever(p.Shown, forwarded)
		p.Reasons = append(p.Reasons, model.Reason{Kind: model.MissingFact, Confidence: model.Source,
			Text: "policies look at the header x-forwarded-for, to which the gateway adds"})
	}
	return p
}

// spanOf returns the span of a port.
func (d *dest) spanOf(port uint16) *span {
	for i := range d.spans {
		if s := &d.spans[i]; s.low <= port && port <= s.high {
			return s
		}
	}
	return &d.spans[len(d.spans)-1]
}
