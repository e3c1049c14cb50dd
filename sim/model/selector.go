package model

// Selector chooses endpoints. All parts must hold; an absent part holds for
// every endpoint. The zero value chooses every pod that is not on the host
// network.
type Selector struct {
	Namespace       string // exact namespace name; "" is any
	NamespaceLabels *Expr  // over the namespace's labels; nil is any
	PodLabels       *Expr  // over the endpoint's labels; nil is any
	HostNetwork     bool   // also pods on the host network (most implementations cannot tell them from their node)
	OnlyHost        bool   // with HostNetwork: only pods on the host network
	LocalCluster    bool   // only endpoints of the local cluster
}

// Matches tells whether the selector chooses a pod; ns are the labels of its namespace.
func (s *Selector) Matches(e *Endpoint, ns Labels) bool {
	if e.Kind != Pod || (e.HostNetwork && !s.HostNetwork) || (s.OnlyHost && !e.HostNetwork) {
		return false
	}
	if s.Namespace != "" && s.Namespace != e.Namespace {
		return false
	}
	if s.LocalCluster && e.Cluster != "" {
		return false
	}
	return s.NamespaceLabels.Matches(ns) && s.PodLabels.Matches(e.Labels)
}

// Key returns a canonical text: equal keys choose equal endpoints.
func (s *Selector) Key() string {
	k := s.Namespace + "\x00" + s.NamespaceLabels.String() + "\x00" + s.PodLabels.String()
	if s.HostNetwork {
		k += "\x00h"
	}
	if s.OnlyHost {
		k += "\x00o"
	}
	if s.LocalCluster {
		k += "\x00l"
	}
	return k
}

// String returns the selector in words.
func (s *Selector) String() string {
	out := "pods"
	if s.PodLabels != nil {
		out += " " + s.PodLabels.String()
	}
	switch {
	case s.Namespace != "":
		out += " in namespace " + s.Namespace
	case s.NamespaceLabels != nil:
		out += " in namespaces " + s.NamespaceLabels.String()
	default:
		out += " in any namespace"
	}
	return out
}
