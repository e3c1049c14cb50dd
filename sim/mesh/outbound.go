package mesh

import (
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
}

// Client describes an endpoint as a client.
func (v *View) Client(endpoint int) Client {
	p, has := v.sidecar(endpoint)
	if p == nil {
		return Client{}
	}
	return Client{Sidecar: has, Reason: p.Reason, Principal: p.Principal}
}

// Asked is what a client's proxy is asked to reach.
type Asked struct {
	Client  int    // index into Model.Endpoints
	Service int    // the Service that is addressed, -1 for none
	Host    string // full host name; "" for an address
	Addr    string // the address asked for, where it is no name; for the trace
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
}

// Outbound returns the way of a client's traffic.
func (v *View) Outbound(a Asked) Way {
	e := &v.m.Endpoints[a.Client]
	if p := e.Proxy; p != nil && inRanges(p.ExcludeOut, a.Port) {
		return Way{Bypass: true, Service: a.Service, Host: a.Host, Why: "port " + strconv.Itoa(int(a.Port)) + " leaves " + e.ID() + " past its sidecar", Origin: p.Origin}
	}
	scope := v.scopeOf(e)
	w := Way{Service: a.Service, Host: a.Host}
	known := v.known(e, scope, &a, &w)
	if !known {
		return v.unknown(scope, w)
	}
	w.HTTP = a.Request && v.outProtocol(&a, &w) != model.PortStream
	w.Router = v.route(e, &a, w.HTTP)
	return w
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
	d := v.destination(e, host)
	if d == nil {
		return v.defaultTLS(), model.Origin{}
	}
	for i := range d.Subsets {
		if s := &d.Subsets[i]; s.Name == subset && s.TLSSaid {
			return s.TLS, s.Origin
		}
	}
	if t, ok := d.PortTLS[port]; ok {
		return t, d.TLSAt
	}
	if d.TLSSaid {
		return d.TLS, d.TLSAt
	}
	return v.defaultTLS(), d.Origin
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
