package sim

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Call is a request to a URL, before it is known who asks.
type Call struct {
	Text    string // "GET http://host/path"
	Host    string // as in the URL, without port
	Port    uint16
	Request *model.Request
	// Principal is the identity that the client shows in place of its own, "" for its own.
	Principal string
}

// ParseCall reads a method and a URL. The schemes are http, https, grpc (its
// path is /package.Service/Method and its method POST) and grpcs; the port is
// 80 or 443 where none is said. The error says what is wrong with the URL.
func ParseCall(method, text string) (Call, error) {
	u, err := url.Parse(text)
	if err != nil {
		return Call{}, fmt.Errorf("URL %q: %w", text, err)
	}
	port, ok := map[string]uint16{"http": 80, "https": 443, "grpc": 80, "grpcs": 443}[u.Scheme]
	named := uint16(0) // as clients write it into the Host header
	switch {
	case !ok:
		return Call{}, fmt.Errorf("URL %q: want http://, https://, grpc:// or grpcs:// and a host", text)
	case u.Hostname() == "":
		return Call{}, fmt.Errorf("URL %q names no host", text)
	}
	if p := u.Port(); p != "" {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil || n == 0 {
			return Call{}, fmt.Errorf("URL %q: ports are 1 to 65535", text)
		}
		if uint16(n) != port {
			named = uint16(n)
		}
		port = uint16(n)
	}
	r := &model.Request{HostPort: named, Method: strings.ToUpper(method), Scheme: u.Scheme, Host: strings.ToLower(u.Hostname()), Path: u.EscapedPath()}
	if r.Path == "" {
		r.Path = "/"
	}
	if strings.HasPrefix(u.Scheme, "grpc") {
		r.Method, r.Headers = "POST", map[string]string{"content-type": "application/grpc"}
	}
	if q := u.Query(); len(q) > 0 {
		r.Query = map[string]string{}
		for k, v := range q {
			r.Query[k] = v[0]
		}
	}
	return Call{Text: strings.TrimSpace(method + " " + text), Host: r.Host, Port: port, Request: r}, nil
}

// Flow is the call's flow from a party. The host is looked up where the client
// is: a pod knows the Services of the cluster, by their short names too. A client
// outside knows the hosts that gateways serve; for one of a Service that is open to
// the outside, which no gateway takes, it asks an address of the Service. An
// address is taken as it is.
func (s *Simulator) Flow(from model.Party, c Call) model.Flow {
	f := model.Flow{From: from, Protocol: algebra.TCP, Port: c.Port, Request: c.Request, Principal: c.Principal}
	if addr, err := netip.ParseAddr(c.Host); err == nil {
		f.To = s.routes.ResolveAddress(addr.Unmap())
		return f
	}
	f.To = model.Party{Kind: model.PartyHost, Host: c.Host}
	switch {
	case from.Kind == model.PartyEndpoint:
		f.To.Host = s.qualified(&s.m.Endpoints[from.Index], c.Host)
	case s.isOutside(from):
		f.To = s.knownOutside(&f)
	}
	return f
}

// ServiceNamed returns the Service of the cluster that a host "name.namespace",
// also with ".svc" and ".svc.cluster.local", means everywhere in it, or -1.
func (s *Simulator) ServiceNamed(host string) int {
	id, ok := clusterHost(host)
	if name, ns, two := strings.Cut(strings.TrimSuffix(host, "."), "."); !ok && two {
		id = ns + "/" + name
	}
	s.names.once.Do(s.names.fill)
	if i, found := s.names.services[id]; found {
		return i
	}
	return -1
}

// knownOutside is what the host of a request means to a client outside the cluster.
func (s *Simulator) knownOutside(f *model.Flow) model.Party {
	i := s.ServiceNamed(f.To.Host)
	taken := false
	for g := range s.m.Gateways {
		taken = taken || s.addressed(&s.m.Gateways[g], f) || s.hostServed(g, f) >= 0
	}
	switch {
	case i < 0 || taken:
		return f.To
	case s.m.Services[i].Exposed():
		return model.Party{Kind: model.PartyService, Index: i}
	case len(s.m.Gateways) == 0:
		svc := &s.m.Services[i]
		return model.Party{Kind: model.PartyHost, Host: svc.Name + "." + svc.Namespace + ".svc.cluster.local"}
	}
	return f.To
}

// qualified completes a Service's short name as a pod's resolver does: "svc" and
// "svc.ns" of the pod's cluster, where there is such a Service.
func (s *Simulator) qualified(e *model.Endpoint, host string) string {
	s.names.once.Do(s.names.fill)
	host = strings.TrimSuffix(host, ".")
	name, ns, dotted := strings.Cut(host, ".")
	if !dotted {
		ns = e.Namespace
	}
	if _, ok := s.names.services[ns+"/"+name]; ok {
		return name + "." + ns + ".svc.cluster.local"
	}
	return host
}

// clusterHost reads "name.ns.svc.cluster.local" and "name.ns.svc" as "ns/name".
func clusterHost(host string) (string, bool) {
	host = strings.TrimSuffix(strings.TrimSuffix(host, "."), ".cluster.local")
	host, ok := strings.CutSuffix(host, ".svc")
	name, ns, two := strings.Cut(host, ".")
	return ns + "/" + name, ok && two
}
