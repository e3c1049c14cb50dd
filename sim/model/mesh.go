package model

import "github.com/netfate/netfate/sim/algebra"

// Proxy says how an endpoint takes part in a mesh.
type Proxy struct {
	Sidecar algebra.Tri // whether it has a sidecar; Maybe is for Reason
	Reason  *Reason
	// Ports at which traffic goes past the proxy.
	ExcludeIn, ExcludeOut []PortRange
	Own                   []PortRange // of ExcludeIn those at which the proxy itself answers, and no application
	// ExcludeOutAddrs are destinations that go past the proxy, but for the ports
	// in IncludeOut.
	ExcludeOutAddrs algebra.AddrSet
	IncludeOut      []PortRange
	Principal       string // its identity "trust-domain/ns/x/sa/y"
	Why             string // how this is known: "container istio-proxy", "namespace label istio-injection=enabled"
	// Gateway: the proxy is a gateway's. It serves its listeners, at which the
	// mesh's mutual TLS does not stand, and nothing it sends goes past it.
	Gateway bool
	// TrustedProxies is how many proxies before a gateway's are trusted to write the
	// client's address into the forwarding header; ProxyProtocol: they say it ahead
	// of the connection instead.
	TrustedProxies uint32
	ProxyProtocol  bool
	// Proxyless: there is no proxy. The workload speaks to the mesh's control plane
	// itself, as gRPC does, and only its gRPC is of the mesh.
	Proxyless bool
	// Announced: clients are told that the workload takes the mesh's mutual TLS.
	Announced bool
	Origin    Origin
}

// Proxyless is what a mesh does at workloads without a proxy that are of it.
type Proxyless struct {
	// Tiers take the place of Mesh.Request: all they take is requests.
	Tiers []Tier
	// AutoTLS: clients speak mutual TLS to who announces it, without being told.
	AutoTLS bool
	// OwnTLS: clients follow what says TLS other than the mesh's.
	OwnTLS bool
	// Permissive and PermissiveAnnounced are the modes that PERMISSIVE comes to, of
	// workloads that do not and that do announce mutual TLS.
	Permissive, PermissiveAnnounced MTLSMode
	Tokens                          bool // tokens are validated
	Forwarded                       bool // forwarding headers tell the client's address
	Normalized                      bool // paths are made what Mesh.Normalize says
	// Refused are workloads that refuse the configuration they are given.
	Refused []RefusedConfig
}

// RefusedConfig says that the workloads of a selector refuse all that they are given, for
// Reason: they go on as before, and do not serve where there is no before.
type RefusedConfig struct {
	Subject Selector
	Reason  Reason
}

// MTLSMode is what a proxy accepts.
type MTLSMode uint8

// The modes.
const (
	MTLSUnset      MTLSMode = iota // inherits
	MTLSDisable                    // plaintext only
	MTLSPermissive                 // both
	MTLSStrict                     // mutual TLS only
)

// String returns the API's name of the mode.
func (m MTLSMode) String() string {
	return [...]string{"UNSET", "DISABLE", "PERMISSIVE", "STRICT"}[m]
}

// Names of the tiers of a proxy, in their order.
const (
	TierCustom = "custom"
	TierDeny   = "deny"
	TierAllow  = "allow"
)

// Mesh is what a service mesh does with the model's traffic.
type Mesh struct {
	Name          string // its profile
	RootNamespace string
	TrustDomain   string
	// Request and Stream are the tiers that a proxy's inbound chain applies: to
	// requests on ports it knows to speak HTTP, and to connections on the others.
	// Their policies' rules have conditions (Rule.When) and no peers.
	Request, Stream []Tier
	Proxyless       Proxyless
	PeerTLS         []PeerTLS
	Tokens          []TokenRule
	// Normalize is what proxies do to a path before policies see it.
	Normalize PathNormalization
	// AutoTLS: a proxy speaks mutual TLS to every workload that has a proxy,
	// unless something says otherwise.
	AutoTLS bool
	Scopes  []EgressScope
	// Known are hosts beyond the Services that proxies know.
	Known []KnownHost
	// Destinations say how proxies connect to hosts, and name their subsets.
	Destinations []Destination
	// Routes route what proxies send, by host.
	Routes []HostRouting
	// Exports are Services that are not visible to every namespace, by index.
	Exports map[int]Export
	// Created is when Services were created, by index; RFC 3339.
	Created map[int]string
	// Protocols say what ports of Services speak; others are PortDetect.
	Protocols    map[ServicePortID]PortProtocol
	UnknownHosts OutboundMode // for hosts that a proxy does not know
	UnknownAt    Origin
}

// PathNormalization is what a proxy does to paths.
type PathNormalization uint8

// The normalizations.
const (
	NormalizeNone          PathNormalization = iota
	NormalizeBase                            // dot segments and backslashes (RFC 3986)
	NormalizeMergeSlashes                    // and doubled slashes
	NormalizeDecodeSlashes                   // and %2F and %5C
)

// OutboundMode is what a proxy does with traffic to hosts that it does not know.
type OutboundMode uint8

// The modes.
const (
	OutboundUnset OutboundMode = iota // as the mesh says
	OutboundAny                       // goes on as it is
	OutboundKnown                     // only known hosts are reached
)

// Export limits who sees something: namespaces by name, "." for its own; Nobody
// for none.
type Export struct {
	Namespaces []string
	Nobody     bool
	Origin     Origin
}

// EgressScope limits the hosts that the proxies of workloads know.
type EgressScope struct {
	Namespace string  // of the scope; the root namespace's without selector is every namespace's default
	Selector  *Labels // nil is every workload of the namespace
	// Hosts are "namespace/host" patterns; none with All set is every host.
	Hosts   []ScopedHost
	All     bool
	Unknown OutboundMode
	// Serves are the ports that the proxies of these workloads are told to serve,
	// in place of those of the Services before them; nil leaves the Services'.
	Serves  []KnownPort
	Created string
	Key     string // the order among equally old ones
	Origin  Origin
}

// ScopedHost is one pattern of a scope.
type ScopedHost struct {
	Namespace string // name, "*" any, "." the scope's own, "~" none
	Host      string // exact, "*" any, or "*.suffix"
	Port      uint16 // 0 is any
	Not       bool   // takes hosts out of the scope
	Origin    Origin
}

// KnownHost is a host that the mesh knows by name besides Services.
type KnownHost struct {
	Namespace string
	Hosts     []string
	Addrs     algebra.AddrSet
	Ports     []KnownPort
	Internal  bool    // its workloads are in the mesh
	Selector  *Labels // pods of its namespace behind it; nil is none
	Endpoints []string
	Export    Export
	Origin    Origin
}

// KnownPort is a port of a known host.
type KnownPort struct {
	Port, Target uint16
	Protocol     PortProtocol
}

// PortProtocol is what a port is said to speak.
type PortProtocol uint8

// The protocols.
const (
	PortDetect PortProtocol = iota // not said: a proxy looks at the first bytes
	PortHTTP                       // HTTP of any version, gRPC among it
	PortStream                     // TCP, TLS and protocols on top of them
	PortOther                      // UDP and others that proxies leave alone
)

// Destination says how proxies connect to a host.
type Destination struct {
	Namespace string
	Host      string // full name
	Selector  *Labels
	TLS       ClientTLS
	TLSSaid   bool // otherwise TLS is the default
	TLSAt     Origin
	PortTLS   map[uint16]ClientTLS // at single ports; TLSAuto is the default
	Settings  bool                 // says how to connect at all: of several for a host the oldest such counts
	Subsets   []Subset
	Export    Export
	Created   string
	Key       string // the order among equally old ones
	Origin    Origin
}

// Subset is a named part of a host's pods.
type Subset struct {
	Name    string
	Labels  Labels
	TLS     ClientTLS
	TLSSaid bool
	PortTLS map[uint16]ClientTLS
	Origin  Origin
}

// HostRouting is how proxies route what is sent to hosts.
type HostRouting struct {
	Namespace string
	Hosts     []string // full names, "*" or "*.suffix"
	HTTP      []RouteRule
	// Stream rules choose by AttrSNI, AttrPort and AttrLocalAddr.
	Stream  []RouteRule
	Export  Export
	Created string
	Key     string // the order among equally old ones
	Origin  Origin
}

// PeerTLS is what a mesh says of the mutual TLS that proxies accept: for all, for
// a namespace, or for the workloads of a selector.
type PeerTLS struct {
	Namespace string   // "" is the whole mesh
	Selector  *Labels  // nil is every workload
	Mode      MTLSMode // MTLSUnset inherits
	Ports     map[uint16]MTLSMode
	Created   string // RFC 3339; "" when not known: the oldest of a level counts
	Key       string // the order among equally old ones
	Origin    Origin
	PortAt    map[uint16]Origin
}

// TokenRule is a kind of token that proxies validate.
type TokenRule struct {
	Namespace string // "" is the whole mesh
	Selector  *Labels
	Issuer    string   // "" is any
	Audiences []string // of which the token must have one; none is any
	Words     []string // claims whose text is a list of words
	Forward   bool     // a proxy that sends the request on leaves the token in it
	Origin    Origin
}

// ServicePortID names a port of a Service: an index into Model.Services and the
// Service's port.
type ServicePortID struct {
	Service int
	Port    uint16
}
