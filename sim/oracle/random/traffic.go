package random

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// traffic returns what a rule matches of a connection: all, or sets, or named
// ports, or both of these, or nothing.
func (g *gen) traffic() model.Traffic {
	if g.chance(35) {
		return model.Traffic{Any: true}
	}
	var t model.Traffic
	if g.chance(75) {
		for range 1 + g.upTo(2) {
			t.Conns = t.Conns.Union(g.conns())
		}
	}
	if g.chance(30) {
		for range 1 + g.upTo(1) {
			t.Named = append(t.Named, g.portName())
		}
	}
	return t
}

func (g *gen) portName() model.PortName {
	n := model.PortName{Name: pick(g, "web", "dns", "none"), HasProtocol: g.chance(60)}
	if n.HasProtocol {
		n.Protocol = g.portProtocol()
	}
	return n
}

func (g *gen) portProtocol() algebra.Protocol {
	return pick(g, algebra.TCP, algebra.TCP, algebra.TCP, algebra.UDP, algebra.SCTP)
}

// conns returns a set of connections of one protocol.
func (g *gen) conns() algebra.Set {
	p := g.portProtocol()
	switch g.r.IntN(10) {
	case 0:
		return algebra.ProtocolConns(p)
	case 1:
		return algebra.ProtocolConns(pick(g, algebra.ICMP, algebra.ICMPv6, algebra.Protocol(47)))
	case 2:
		return algebra.Ports(algebra.ICMP, 8<<8, 8<<8) // echo request
	case 3:
		return algebra.PortsIn(pick(g, algebra.IPv4, algebra.IPv6), p, 80, 8080)
	}
	lo := pick[uint16](g, 1, 53, 80, 81, 1024, 8080, 65535)
	if g.chance(60) {
		return algebra.Ports(p, lo, lo)
	}
	return algebra.Ports(p, lo, max(lo, pick[uint16](g, 81, 443, 8080, 65535)))
}
