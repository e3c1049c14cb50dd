package mesh

import (
	"net/netip"
	"strconv"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/l7"
	"github.com/netfate/netfate/sim/model"
)

// Client tells whether an endpoint's traffic leaves through a proxy.
type Client struct {
	Sidecar   algebra.Tri
	Reason    *model.Reason // for Maybe
	Principal string        // its identity in mutual TLS
	Proxyless bool          // it speaks to the mesh's control plane itself
}

// Client describes an endpoint as a client.
func (v *View) Client(endpoint int) Client {
	p, has := v.sidecar(endpoint)
	if p == nil {
		return Client{}
	}
	return Client{Sidecar: has, Reason: p.Reason, Principal: p.Principal, Proxyless: p.Proxyless}
}

// Asked is what a client's proxy is asked to reach.
type Asked struct {
	Client  int        // index into Model.Endpoints
	Service int        // the Service that is addressed, -1 for none
	Host    string     // full host name; "" for an address
	Addr    string     // the address asked for, where it is no name; for the trace
	IP      netip.Addr // the address that the client connects to, where it is known
	Port    uint16
	Request bool // the proxy sees a request, not an opaque stream
}

// Way is what a client's proxy does with what it is asked to reach.
type Way struct {
	Bypass    bool   // goes past the proxy
	Why       string // why it bypasses, passes or blocks
	Origin    model.Origin
	Blocked   bool // not known and not let through
	Through   bool // not known, goes on as it is, without mutual TLS
	HTTP      bool // routed as requests, otherwise as streams
	Router    *l7.Router
	Service   int // where it goes without a route, -1 for a known host outside the cluster
	Host      string
	KnownHost *model.KnownHost
	// Unsure is why the traffic may go past the proxy; nil: Bypass is certain.
	Unsure *model.Reason
}

// Outbound returns the way of a client's traffic.
func (v *View) Outbound(a Asked) Way {
	e := &v.m.Endpoints[a.Client]
	scope := v.scopeOf(e)
	w := v.way(e, scope, &a)
	if !w.Bypass && !w.Blocked && !w.Through {
		w.Router = v.route(e, scope, &a, w.HTTP)
	}
	return w
}

// Unrouted is Outbound without the route that the client's proxy applies.
func (v *View) Unrouted(a Asked) Way {
	e := &v.m.Endpoints[a.Client]
	return v.way(e, v.scopeOf(e), &a)
}

// way is the way of a client's traffic, but for its route.
func (v *View) way(e *model.Endpoint, scope *model.EgressScope, a *Asked) Way {
	past, why, unsure := v.past(e, a)
	if past == algebra.Yes {
		return Way{Bypass: true, Service: a.Service, Host: a.Host, Why: why, Origin: e.Proxy.Origin}
	}
	w := Way{Service: a.Service, Host: a.Host, Unsure: unsure}
	if !v.known(e, scope, a, &w) {
		if e.Proxy != nil && e.Proxy.Proxyless {
			w.Blocked = true
			w.Why += "; the mesh's control plane does not describe it to the client"
			return w
		}
		return v.unknown(scope, w)
	}
	w.Why = ""
	if w.KnownHost != nil && w.Host == "" {
		w.Host = w.KnownHost.Hosts[0]
	}
	w.HTTP = a.Request && v.outProtocol(a, &w) != model.PortStream
	return w
}

// past tells whether traffic leaves a client past its proxy.
func (v *View) past(e *model.Endpoint, a *Asked) (algebra.Tri, string, *model.Reason) {
	p := e.Proxy
	switch {
	case p == nil:
		return algebra.No, "", nil
	case p.Gateway:
		return algebra.Yes, "what the pod of a gateway sends by itself does not go through its proxy", nil
	case inRanges(p.ExcludeOut, a.Port):
		return algebra.Yes, "port " + strconv.Itoa(int(a.Port)) + " leaves " + e.ID() + " past its sidecar", nil
	case p.ExcludeOutAddrs.Empty() || inRanges(p.IncludeOut, a.Port):
		return algebra.No, "", nil
	}
	ip := v.dialled(a)
	switch {
	case algebra.AllAddrs().SubsetOf(p.ExcludeOutAddrs) || ip.IsValid() && p.ExcludeOutAddrs.Contains(ip):
		return algebra.Yes, "the address leaves " + e.ID() + " past its sidecar", nil
	case ip.IsValid():
		return algebra.No, "", nil
	}
	return algebra.Maybe, "", &model.Reason{Kind: model.MissingFact, Confidence: model.Source, Origin: p.Origin,
		Text: "some addresses leave " + e.ID() + " past its sidecar, and the address of this destination is not known"}
}

// dialled is the address that a client connects to.
func (v *View) dialled(a *Asked) netip.Addr {
	if a.IP.IsValid() || a.Service < 0 {
		return a.IP
	}
	if ips := v.m.Services[a.Service].ClusterIPs; len(ips) > 0 {
		return ips[0]
	}
	return netip.Addr{}
}

// outProtocol is what the port is said to speak.
func (v *View) outProtocol(a *Asked, w *Way) model.PortProtocol {
	if w.KnownHost != nil {
		for _, p := range w.KnownHost.Ports {
			if p.Port == a.Port {
				return p.Protocol
			}
		}
	}
	if a.Service >= 0 {
		return v.mesh.Protocols[model.ServicePortID{Service: a.Service, Port: a.Port}]
	}
	return model.PortDetect
}

// unknown is a destination that the proxy does not know.
func (v *View) unknown(s *model.EgressScope, w Way) Way {
	mode, at := v.mesh.UnknownHosts, v.mesh.UnknownAt
	if s != nil && s.Unknown != model.OutboundUnset {
		mode, at = s.Unknown, s.Origin
	}
	w.Origin = at
	if mode == model.OutboundKnown {
		w.Blocked = true
		w.Why += "; the sidecar lets traffic out to known hosts only"
		return w
	}
	w.Through = true
	w.Why += "; the sidecar passes it on as it is"
	return w
}

// TLS is how a client's proxy connects to a Service or known host, for a subset
// of it by name; the origin is what says so.
func (v *View) TLS(client int, host string, port uint16, subset string) (model.ClientTLS, model.Origin) {
	e := &v.m.Endpoints[client]
	if e.Proxy != nil && e.Proxy.Proxyless {
		return v.proxylessTLS(e, host, port, subset)
	}
	return v.destinationTLS(e, host, port, subset, v.defaultTLS())
}

// destinationTLS is what the destination rule for a host says of TLS, or the default.
func (v *View) destinationTLS(e *model.Endpoint, host string, port uint16, subset string, otherwise model.ClientTLS) (model.ClientTLS, model.Origin) {
	d := v.destination(e, host)
	if d == nil {
		return otherwise, model.Origin{}
	}
	for i := range d.Subsets {
		s := &d.Subsets[i]
		if s.Name != subset {
			continue
		}
		if t, ok := s.PortTLS[port]; ok {
			return orDefault(t, otherwise), s.Origin
		}
		if s.TLSSaid {
			return s.TLS, s.Origin
		}
	}
	if t, ok := d.PortTLS[port]; ok {
		return orDefault(t, otherwise), d.TLSAt
	}
	if d.TLSSaid {
		return d.TLS, d.TLSAt
	}
	return otherwise, d.Origin
}

// ServerName is the name that a client's proxy asks for in the mesh's mutual TLS to
// a port of a host, "" for none (istio pilot/pkg/model BuildDNSSrvSubsetKey).
func ServerName(host string, port uint16, subset string) string {
	if host == "" {
		return ""
	}
	return "outbound_." + strconv.Itoa(int(port)) + "_." + subset + "_." + host
}

// orDefault is the default where settings of a port do not say TLS: they take the
// place of all others.
func orDefault(t, otherwise model.ClientTLS) model.ClientTLS {
	if t == model.TLSAuto {
		return otherwise
	}
	return t
}

func (v *View) defaultTLS() model.ClientTLS {
	if v.mesh.AutoTLS {
		return model.TLSAuto
	}
	return model.TLSNone
}

// Subset returns the labels of a named subset of a host as a client knows it;
// false where no destination names it.
func (v *View) Subset(client int, host, name string) (model.Labels, bool) {
	if d := v.destination(&v.m.Endpoints[client], host); d != nil {
		for i := range d.Subsets {
			if d.Subsets[i].Name == name {
				return d.Subsets[i].Labels, true
			}
		}
	}
	return nil, false
}
