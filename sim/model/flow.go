package model

import (
	"cmp"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

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
	// Principal is the identity that the client's proxy shows in mutual TLS in place of
	// the client's own, "trust-domain/ns/x/sa/y"; "" is its own. A client without one
	// shows none.
	Principal string
	// Backends: the client knows the endpoints of a Service, as gateways do, so that
	// the ports of a headless one are translated too.
	Backends bool
}

// PortText returns "TCP 80", or the protocol alone where it has no ports.
func (f *Flow) PortText() string { return PortText(f.Protocol, f.Port) }

// RequestText returns "GET http://host:port/path", "" for a flow without request.
func (f *Flow) RequestText() string {
	r := f.Request
	if r == nil {
		return ""
	}
	scheme, method, path := cmp.Or(r.Scheme, "http"), cmp.Or(r.Method, "GET"), cmp.Or(r.Path, "/")
	host := r.Host
	if strings.Contains(host, ":") && !strings.HasPrefix(host, "[") {
		host = "[" + host + "]"
	}
	if secure := strings.HasSuffix(scheme, "s"); secure && f.Port != 443 || !secure && f.Port != 80 {
		host += ":" + strconv.Itoa(int(f.Port))
	}
	if len(r.Query) > 0 {
		q := url.Values{}
		for k, v := range r.Query {
			q.Set(k, v)
		}
		path += "?" + q.Encode()
	}
	return method + " " + scheme + "://" + host + path
}

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
