package model

import (
	"net/netip"
)

// RouteTable chooses what becomes of a request: the entry of the most specific
// host, and in it the first rule that matches.
type RouteTable struct {
	Hosts []HostRoutes // the most specific first
	// Fallthrough: where no rule of a host's entry matches, the next less
	// specific matching host is tried.
	Fallthrough bool
	NoMatch     RouteAction // where nothing matches
}

// HostRoutes are the rules for requests to a host.
type HostRoutes struct {
	Host  Pattern // PatternExact, PatternHostSuffix or PatternAny
	Rules []RouteRule
}

// RouteRule is one rule: the first whose condition holds decides.
type RouteRule struct {
	When   *Cond // nil is every request
	Action RouteAction
	Origin Origin // the rule or match
	// Uncertain is why the rule may or may not be in force; nil: it is.
	Uncertain *Reason
	// ClientNamespace and ClientLabels limit whose requests a proxy's rule is for; zero is every client.
	ClientNamespace string
	ClientLabels    Labels
	ClientPort      uint16 // and the port they ask for; 0 is every port
	Order           string // why it stands here, in words: "Exact path before prefix", "older route"
}

// RouteKind says what an action does.
type RouteKind uint8

// The kinds of action.
const (
	RouteForward  RouteKind = iota // to Backends by their weights
	RouteRespond                   // answers Status itself
	RouteRedirect                  // answers a redirect to Location
	RouteReset                     // closes the connection
	RoutePass                      // not routed: goes on to where it was addressed
)

// RouteAction is what a route does with a request.
type RouteAction struct {
	Kind     RouteKind
	Status   int    // for RouteRespond and RouteRedirect; HTTP status
	Location string // for RouteRedirect: what the client is told, in words
	// Redirect makes the location of the request; nil leaves Location.
	Redirect *Redirect
	Why      string // one sentence: why it responds or resets
	Rewrite  *Rewrite
	Backends []RouteBackend
	Mirrors  []RouteBackend // get a copy; no bearing on the verdict
	// Abort is the share of requests, of 100, that a fault answers with Status instead.
	Abort float64
	// Gate is a check of requests that the snapshot cannot decide (external authorization); nil is none.
	Gate   *Reason
	Origin Origin
}

// Redirect makes of a request the location that its client is told.
type Redirect struct {
	Scheme  string  // "" keeps the request's
	Port    uint16  // 0 is that of Scheme, or the listener's where Scheme is "" too
	Rewrite Rewrite // of its host and path
}

// Rewrite is what a route changes of a request before it goes on.
type Rewrite struct {
	Host       string // "" keeps it
	Path       string // the whole path, "" keeps it
	Prefix     string // with HasPrefix: replaces the matched prefix MatchedPrefix
	HasPrefix  bool
	Matched    string
	Raw        bool              // the prefix is replaced as text, without regard to slashes
	Expr       string            // an RE2 expression of which every match in the path is replaced by Subst
	Subst      string            // with \1 to \9 for its groups, \0 for the whole match
	Set        map[string]string // request headers, lower-case names
	Add        map[string]string
	Remove     []string
	Unsettled  *Reason // a rewrite that is not carried exactly
	SetOrigins Origin
	// Response is what is changed of the response; nil is nothing.
	Response *HeaderChange
}

// HeaderChange is what a route changes of headers; names are in lower case.
type HeaderChange struct {
	Set, Add map[string]string
	Remove   []string
}

// RouteBackend is one destination of a route.
type RouteBackend struct {
	Weight uint32 // relative to the sum of all; 0 gets nothing
	// Service is an index into Model.Services, -1 when the backend is Host or fails.
	Service int
	Port    uint16 // the Service's port
	Subset  Labels // further labels of the pods; nil is all
	// SubsetName is the subset's name where a mesh's Destination defines it.
	SubsetName string
	Host       string // a destination outside the cluster
	Name       string // as written: "ns/name:port"
	Rewrite    *Rewrite
	// Copied is the share of requests, of 1, that a mirror gets; 0 is every request.
	Copied float64
	// Fail is the status that the backend's share is answered with, 0 when it works; Why says the reason.
	Fail   int
	Why    string
	TLS    ClientTLS // what the router speaks to the backend
	Origin Origin
}

// ClientTLS is how a proxy connects to a backend.
type ClientTLS uint8

// The ways.
const (
	TLSAuto   ClientTLS = iota // mutual TLS of the mesh where the backend speaks it, else plaintext
	TLSNone                    // plaintext
	TLSMutual                  // the mesh's mutual TLS
	TLSOwn                     // TLS, or mutual TLS with own certificates: no identity of the mesh
)

// String returns the way in words.
func (t ClientTLS) String() string {
	return [...]string{"automatic mutual TLS", "plaintext", "mutual TLS of the mesh", "TLS of its own"}[t]
}

// ListenerProtocol is what a gateway's listener speaks.
type ListenerProtocol uint8

// The protocols.
const (
	ListenHTTP ListenerProtocol = iota
	ListenHTTPS
	ListenTLS // passes TLS through, chosen by server name
	ListenTLSTerminate
	ListenTCP
	ListenUDP
)

// String returns the API's name of the protocol.
func (p ListenerProtocol) String() string {
	return [...]string{"HTTP", "HTTPS", "TLS", "TLS", "TCP", "UDP"}[p]
}

// Listener is one port and host name at which a gateway takes traffic.
type Listener struct {
	Name     string
	Protocol ListenerProtocol
	Port     uint16
	Host     Pattern // of the requests, or server names, it takes; PatternAny is all
	// Table routes requests; for ListenTLS its hosts are server names; for
	// ListenTCP and ListenUDP it has one entry for any host with one rule.
	Table RouteTable
	// Down is why the listener does not serve; "" when it does.
	Down string
	// Gate is what the listener asks of clients that a request does not say; nil is nothing.
	Gate   *Reason
	Origin Origin
	// Attached tells which routes were taken and which not, with the reason.
	Attached []Attachment
}

// Attachment is what became of a route that names a listener.
type Attachment struct {
	Route    Origin
	Accepted bool
	Why      string    // the condition's reason and a sentence
	Hosts    []Pattern // that the route names; none is every host
}

// Gateway is a way into the cluster.
type Gateway struct {
	Namespace, Name string
	Class           string
	Listeners       []Listener
	// Pods are indexes into Model.Endpoints of the pods that carry the traffic;
	// empty: not known, the hop from them is then undetermined.
	Pods []int
	// Service is the Service before the pods, -1 when not known.
	Service int
	// PodsWhy says how Pods are known, or why they are not.
	PodsWhy string
	// NoPods says that no pod carries the traffic, and what does; nil: pods do. What
	// selects pods then does not select it.
	NoPods *Reason
	// Addrs and Hosts are the addresses and names at which it is asked to be reached.
	Addrs []netip.Addr
	Hosts []string
	// Profile is the implementation that serves it, or the API's text where it is not
	// known; never nil.
	Profile *GatewayProfile
	// Down is why the gateway does not serve at all; "" when it does.
	Down   string
	Origin Origin
}

// ID returns "namespace/name".
func (g *Gateway) ID() string { return g.Namespace + "/" + g.Name }

// ServiceRoutes route the requests that clients of a mesh address to a Service.
type ServiceRoutes struct {
	Service int    // index into Model.Services
	Port    uint16 // the Service's port; 0 is every port
	// Consumer is the namespace whose clients alone the routes are for, and for
	// which they replace the others; "" is every client.
	Consumer string
	// Stream: the routes are for connections, of which nothing but the server name
	// is looked at; otherwise for requests.
	Stream bool
	Table  RouteTable
}
