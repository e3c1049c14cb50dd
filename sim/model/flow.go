package model

import (
	"net/netip"
	"strconv"

	"github.com/netfate/netfate/sim/algebra"
)

// PartyKind says what one end of a flow is.
type PartyKind uint8

// The kinds of party.
const (
	PartyEndpoint PartyKind = iota // Party.Index is an index into Model.Endpoints
	PartyService                   // Party.Index is an index into Model.Services
	PartyAddress                   // Party.Addr is an address outside the cluster, or of nothing known in it
	PartyHost                      // Party.Host is a host name outside the cluster
	PartyGateway                   // Party.Index is an index into Model.Gateways
)

// Party is one end of a flow.
type Party struct {
	Kind  PartyKind
	Index int
	Addr  netip.Addr
	Host  string
}

// Flow is a question: may From open this connection to To? Where To is a
// Service, Port is the Service's port.
type Flow struct {
	From, To Party
	Protocol algebra.Protocol
	Port     uint16 // for ICMP: type<<8 | code
	// Families to ask for; none means every family that both ends may have.
	Families []algebra.Family
	Request  *Request // nil below layer 7
}

// PortText returns "TCP 80", or the protocol alone where it has no ports.
func (f *Flow) PortText() string { return PortText(f.Protocol, f.Port) }

// APIProtocol returns the protocol of a name as the Kubernetes API spells it, TCP
// for "", which is its default; false for any other name.
func APIProtocol(name string) (algebra.Protocol, bool) {
	switch name {
	case "TCP", "":
		return algebra.TCP, true
	case "UDP":
		return algebra.UDP, true
	case "SCTP":
		return algebra.SCTP, true
	}
	return 0, false
}

// PortText returns "TCP 80", or the protocol alone where it has no ports.
func PortText(p algebra.Protocol, port uint16) string {
	switch p {
	case algebra.TCP, algebra.UDP, algebra.SCTP:
		return p.String() + " " + strconv.Itoa(int(port))
	}
	return p.String()
}
