package model

import (
	"net"
	"net/netip"
	"strconv"
)

// Request is what a flow says at layer 7. The policy APIs of layers 3 and 4 do
// not look at it.
type Request struct {
	Method string // upper case; "" is GET
	Scheme string // "http", "https", "grpc"; "" is http
	Host   string // lower case, without port
	// HostPort is the port that the Host header names: clients leave it out where
	// it is the scheme's own, and then it is 0.
	HostPort uint16
	Path     string            // absolute path, without query; "" is "/"
	Query    map[string]string // the first value of each parameter
	Headers  map[string]string // lower-case names; several values joined by ","
	Token    *Token            // the bearer token it carries; nil is none
}

// Authority returns the Host header: the host, and the port where the request
// names one.
func (r *Request) Authority() string {
	if r.HostPort == 0 {
		return r.Host
	}
	return net.JoinHostPort(r.Host, strconv.Itoa(int(r.HostPort)))
}

// Token is the JSON Web Token of a request, as its issuer wrote it.
type Token struct {
	Invalid   bool // fails its validation: wrong signature, expired, unknown issuer
	Issuer    string
	Subject   string
	Audiences []string
	Presenter string              // claim azp
	Claims    map[string][]string // by path with "." between the levels; one value is a list of one
}

// Principal returns the request's identity "issuer/subject".
func (t *Token) Principal() string { return t.Issuer + "/" + t.Subject }

// Seen is a request, or a plain connection, as one enforcement point sees it.
type Seen struct {
	Request   *Request   // nil: the point does not speak the request's protocol
	Principal string     // identity of the peer from mutual TLS, "trust-domain/ns/x/sa/y"; "" is none
	Peer      netip.Addr // address of the other end of the connection; invalid when not known
	Remote    netip.Addr // address of the client as forwarding headers tell; invalid when not known
	Local     netip.Addr // address it was sent to; invalid when not known
	Port      uint16     // port it arrives at on the workload
	SNI       string     // server name of the TLS handshake; "" is none
	Verified  bool       // Request.Token was validated at this point
	// AnyRequest: the point speaks HTTP, and what is requested is not said: all
	// that is of the request is open.
	AnyRequest bool
}
