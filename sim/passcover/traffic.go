package passcover

import (
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// A key of the policy map has no protocol, a protocol, or a protocol and the first bits of a
// port: a range is several such keys, a single port is one.

func empty(t *model.Traffic) bool { return !t.Any && len(t.Named) == 0 && t.Conns.Empty() }

func protocols() []algebra.Protocol {
	return []algebra.Protocol{algebra.TCP, algebra.UDP, algebra.SCTP}
}

// whole tells whether a set has a key for all ports of the protocol.
func whole(s algebra.Set, p algebra.Protocol) bool {
	return algebra.DropPortZero(algebra.ProtocolConns(p)).SubsetOf(s)
}

// cover returns the connections of r whose keys those of c cover, and those of which that is
// not known. equal tells whether an equal key covers: not where both are of one identity.
func cover(r, c *model.Traffic, equal bool) (sure, open model.Traffic) {
	switch {
	case r.Any && c.Any && equal, !r.Any && c.Any:
		return *r, model.Traffic{}
	case r.Any:
		return model.Traffic{}, model.Traffic{}
	case len(r.Named)+len(c.Named) > 0:
		return model.Traffic{}, *r
	}
	for _, p := range protocols() {
		conns := algebra.ProtocolConns(p)
		mine := r.Conns.Intersect(conns)
		common := mine.Intersect(c.Conns)
		all := whole(c.Conns, p)
		switch {
		case common.Empty():
		case whole(r.Conns, p):
			if all && equal {
				sure.Conns = sure.Conns.Union(mine)
			}
		case all, equal && !r.Ranges:
			sure.Conns = sure.Conns.Union(common)
		case r.Ranges || c.Ranges:
			open.Conns = open.Conns.Union(common)
		}
	}
	return sure, open
}

// narrower returns what x matches of p with keys that may be as long as p's or longer.
func narrower(p, x *model.Traffic) model.Traffic {
	switch {
	case p.Any:
		return *x
	case x.Any:
		return model.Traffic{}
	case len(p.Named)+len(x.Named) > 0:
		return *p
	}
	var out algebra.Set
	for _, proto := range protocols() {
		if whole(p.Conns, proto) || !whole(x.Conns, proto) {
			out = out.Union(p.Conns.Intersect(x.Conns).Intersect(algebra.ProtocolConns(proto)))
		}
	}
	return model.Traffic{Conns: out, Ranges: p.Ranges || x.Ranges}
}

// broader returns what x matches of p with keys that may be as short as p's or shorter.
func broader(p, x *model.Traffic) model.Traffic {
	switch {
	case x.Any:
		return *p
	case p.Any:
		return model.Traffic{}
	case len(p.Named)+len(x.Named) > 0:
		return *p
	}
	var out algebra.Set
	for _, proto := range protocols() {
		if !whole(p.Conns, proto) || whole(x.Conns, proto) {
			out = out.Union(p.Conns.Intersect(x.Conns).Intersect(algebra.ProtocolConns(proto)))
		}
	}
	return model.Traffic{Conns: out, Ranges: p.Ranges || x.Ranges}
}

func sameTraffic(a, b *model.Traffic) bool {
	return a.Any == b.Any && a.Conns.Equal(b.Conns) && slices.Equal(a.Named, b.Named)
}
