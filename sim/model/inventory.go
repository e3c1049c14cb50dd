package model

import (
	"net/netip"

	"github.com/netfate/netfate/sim/algebra"
)

// NameLabel is the label that Kubernetes keeps on every namespace.
const NameLabel = "kubernetes.io/metadata.name"

// Namespace is a namespace with its labels; NameLabel is always among them.
type Namespace struct {
	Name    string
	Labels  Labels
	Object  *Object // nil when the namespace is only named by other objects
	Cluster string
}

// EndpointKind says what an endpoint is.
type EndpointKind uint8

// The kinds. External addresses are not endpoints: they are exact ranges.
const (
	Pod  EndpointKind = iota // a pod, or one pod standing for the equal pods of a template
	Node                     // a node's own processes, at the node's addresses
)

// String returns "Pod" or "Node".
func (k EndpointKind) String() string {
	if k == Node {
		return "Node"
	}
	return "Pod"
}

// NamedPort is a port that a container declares by name.
type NamedPort struct {
	Name     string
	Protocol algebra.Protocol
	Port     uint16
}

// Workload is what an endpoint is shown as: its controller, or itself.
type Workload struct {
	Kind string // Deployment, StatefulSet, ..., Pod
	Name string
}

// Endpoint is what traffic comes from or goes to inside the cluster.
type Endpoint struct {
	Kind           EndpointKind
	Namespace      string // "" for nodes
	Name           string
	Workload       Workload
	Labels         Labels
	ServiceAccount string
	HostNetwork    bool
	Node           string       // the node it runs on; "" when not known
	IPs            []netip.Addr // none: not known (a template's pods)
	Ports          []NamedPort  // sorted by name and protocol; equal ones in the order they are declared
	Template       bool         // stands for the equal pods that a template creates
	NotReady       bool         // known not to be ready: no Service sends traffic to it
	Cluster        string       // "" is the local cluster
	Proxy          *Proxy       // its part in a mesh; nil is none
	Object         *Object
}

// ID returns "namespace/name", or the name alone for a node.
func (e *Endpoint) ID() string {
	if e.Namespace == "" {
		return e.Name
	}
	return e.Namespace + "/" + e.Name
}

// WorkloadID returns "namespace/workload", or the name alone for a node.
func (e *Endpoint) WorkloadID() string {
	if e.Namespace == "" {
		return e.Workload.Name
	}
	return e.Namespace + "/" + e.Workload.Name
}

// Families returns which address families the endpoint is known to have; both
// when its addresses are not known.
func (e *Endpoint) Families() (v4, v6 bool) {
	for _, ip := range e.IPs {
		if ip.Is4() {
			v4 = true
		} else {
			v6 = true
		}
	}
	if len(e.IPs) == 0 {
		return true, true
	}
	return v4, v6
}

// ServiceType is the type of a Service.
type ServiceType uint8

// The Service types.
const (
	ClusterIP ServiceType = iota
	NodePort
	LoadBalancer
	ExternalName
)

// String returns the API's name of the type.
func (t ServiceType) String() string {
	return [...]string{"ClusterIP", "NodePort", "LoadBalancer", "ExternalName"}[t]
}

// ServicePort is one port of a Service.
type ServicePort struct {
	Name       string
	Protocol   algebra.Protocol
	Port       uint16
	TargetPort uint16 // 0 when TargetName is set
	TargetName string // a container port's name, looked up on each backend
	NodePort   uint16 // 0: none
	Origin     Origin
}

// Backend is one address behind a Service that has no selector, from its
// EndpointSlices.
type Backend struct {
	Addr     netip.Addr
	Ports    []SlicePort
	NotReady bool
	Node     string
	Origin   Origin
}

// SlicePort is a port of an EndpointSlice, by the Service port's name.
type SlicePort struct {
	Name     string
	Protocol algebra.Protocol
	Port     uint16
}

// Service is a Service; routing rewrites a flow to it into flows to its backends.
type Service struct {
	Namespace, Name string
	Type            ServiceType
	Headless        bool
	ClusterIPs      []netip.Addr
	External        []netip.Addr // externalIPs and load balancer addresses
	ExternalName    string
	Selector        Labels // nil: no selector
	HasSelector     bool
	Ports           []ServicePort
	Backends        []Backend // only without selector
	InternalLocal   bool      // internalTrafficPolicy: Local
	ExternalLocal   bool      // externalTrafficPolicy: Local
	PublishNotReady bool
	Families        []algebra.Family // none: not stated
	Object          *Object
}

// ID returns "namespace/name".
func (s *Service) ID() string { return s.Namespace + "/" + s.Name }

// Exposed tells whether the Service takes traffic from outside the cluster.
func (s *Service) Exposed() bool {
	return s.Type == NodePort || s.Type == LoadBalancer || len(s.External) > 0
}
