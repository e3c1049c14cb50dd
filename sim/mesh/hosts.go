package mesh

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/netfate/netfate/sim/l7"
	"github.com/netfate/netfate/sim/model"
)

// known tells whether a client's proxy knows a destination, and says why not.
func (v *View) known(e *model.Endpoint, scope *model.EgressScope, a *Asked, w *Way) bool {
	if a.Service >= 0 {
		s := &v.m.Services[a.Service]
		if !visible(v.mesh.Exports[a.Service], s.Namespace, e.Namespace) {
			w.Why = "Service " + s.ID() + " is not exported to namespace " + e.Namespace
			return false
		}
		if !inScope(scope, s.Namespace, a.Host, a.Port, e.Namespace) && !v.routedTo(e, scope, a) {
			w.Why = "Service " + s.ID() + " is not in the scope of " + scope.Origin.Object.String()
			return false
		}
		return true
	}
	w.Why = "the sidecar does not know the host " + a.Host
	if a.Host == "" {
		w.Why = a.Addr + " is an address that the sidecar knows no host for"
	}
	for i := range v.mesh.Known {
		k := &v.mesh.Known[i]
		if !v.means(k, a) || !visible(k.Export, k.Namespace, e.Namespace) || !v.anyInScope(scope, k, a, e) {
			continue
		}
		if slices.ContainsFunc(k.Ports, func(p model.KnownPort) bool { return p.Port == a.Port }) {
			w.KnownHost = k
			return true
		}
		w.Why = "the sidecar knows " + k.Hosts[0] + ", but not at port " + strconv.Itoa(int(a.Port))
	}
	return a.Request && a.Port == 80 && a.Host != "" && v.http80 && v.routing(e, scope, a) >= 0
}

// means tells whether a known host is what is asked for: its name, or without a
// name an address of it.
func (v *View) means(k *model.KnownHost, a *Asked) bool {
	if a.Host != "" {
		return v.names(k, a.Host)
	}
	return a.IP.IsValid() && k.Addrs.Contains(a.IP)
}

func (v *View) anyInScope(scope *model.EgressScope, k *model.KnownHost, a *Asked, e *model.Endpoint) bool {
	if a.Host != "" {
		return inScope(scope, k.Namespace, a.Host, a.Port, e.Namespace)
	}
	return slices.ContainsFunc(k.Hosts, func(h string) bool { return inScope(scope, k.Namespace, h, a.Port, e.Namespace) })
}

// routedTo tells whether a routing that the client sees sends to a Service: its
// destinations are known without being in the scope.
func (v *View) routedTo(e *model.Endpoint, scope *model.EgressScope, a *Asked) bool {
	for i := range v.mesh.Routes {
		r := &v.mesh.Routes[i]
		if v.seesRouting(e, scope, r, a.Port) && (sendsTo(r.HTTP, a.Service) || sendsTo(r.Stream, a.Service)) {
			return true
		}
	}
	return false
}

func sendsTo(rules []model.RouteRule, service int) bool {
	return slices.ContainsFunc(rules, func(r model.RouteRule) bool {
		return slices.ContainsFunc(r.Action.Backends, func(b model.RouteBackend) bool { return b.Service == service })
	})
}

func (v *View) names(k *model.KnownHost, host string) bool {
	return slices.ContainsFunc(k.Hosts, func(h string) bool { return hostMatches(h, host) })
}

func newRouter(r *model.HostRouting) router {
	return router{http: tableOf(r.HTTP, 404), stream: tableOf(r.Stream, 0)}
}

// tableOf makes a table of rules for any host; nil without rules.
func tableOf(rules []model.RouteRule, none int) *l7.Router {
	if len(rules) == 0 {
		return nil
	}
	no := model.RouteAction{Kind: model.RouteRespond, Status: none, Why: "no route of the host matches"}
	if none == 0 { // a stream that no rule takes goes where it is addressed
		no = model.RouteAction{Kind: model.RoutePass}
	}
	return l7.NewRouter(&model.RouteTable{NoMatch: no, Hosts: []model.HostRoutes{{Host: model.Pattern{Kind: model.PatternAny}, Rules: rules}}})
}

// route returns the router for what a client sends to a host; nil is none.
func (v *View) route(e *model.Endpoint, scope *model.EgressScope, a *Asked, http bool) *l7.Router {
	if i := v.routing(e, scope, a); i >= 0 {
		return v.routerFor(i, e, a, http)
	}
	if a.Service < 0 {
		return nil
	}
	return v.gammaRoute(e, a, http)
}

// seesRouting tells whether a client's proxy takes a routing: it is exported to
// the client, and its scope names one of the routing's hosts.
func (v *View) seesRouting(e *model.Endpoint, scope *model.EgressScope, r *model.HostRouting, port uint16) bool {
	return visible(r.Export, r.Namespace, e.Namespace) &&
		slices.ContainsFunc(r.Hosts, func(h string) bool { return routeInScope(scope, r.Namespace, h, port, e.Namespace) })
}

// routing picks the routing of a host: the most specific name; then those for the
// client's namespace alone, those exported to some, those for all, each by age
// (istio pilot/pkg/model SelectVirtualServices).
func (v *View) routing(e *model.Endpoint, scope *model.EgressScope, a *Asked) int {
	best, rank := -1, -1
	for _, i := range v.routesOf(a.Host) {
		r := &v.mesh.Routes[i]
		if !v.seesRouting(e, scope, r, a.Port) {
			continue
		}
		for _, h := range r.Hosts {
			n := len(h)
			if h == a.Host {
				n = 1 << 20
			}
			if hostMatches(h, a.Host) && (n > rank || n == rank && first(r, &v.mesh.Routes[best])) {
				best, rank = i, n
			}
		}
	}
	return best
}

func first(a, b *model.HostRouting) bool {
	return cmp.Or(cmp.Compare(audience(a), audience(b)), byAge(a.Created, b.Created), strings.Compare(a.Key, b.Key)) < 0
}

// audience is 0 for what is for its own namespace, 1 for some, 2 for all.
func audience(r *model.HostRouting) int {
	switch n := r.Export.Namespaces; {
	case len(n) == 0:
		return 2
	case slices.Contains(n, "."):
		return 0
	}
	return 1
}

// routerFor returns the compiled rules that are for a client and the port that it
// asks for; nil where there are none: the traffic then goes where it is addressed.
func (v *View) routerFor(i int, e *model.Endpoint, a *Asked, http bool) *l7.Router {
	r := &v.mesh.Routes[i]
	rules, none, ready := r.Stream, 0, v.routers[i].stream
	if http {
		rules, none, ready = r.HTTP, 404, v.routers[i].http
	}
	other := func(x model.RouteRule) bool { return !forClient(&x, e, a.Port) }
	if !slices.ContainsFunc(rules, other) {
		return ready
	}
	key := routerKey{i, http, a.Client, a.Port}
	if have, ok := v.made.Load(key); ok {
		router, _ := have.(*l7.Router)
		return router
	}
	router := tableOf(slices.DeleteFunc(slices.Clone(rules), other), none)
	v.made.Store(key, router)
	return router
}

// routerKey names the rules of a routing that are for one client and port.
type routerKey struct {
	routing int
	http    bool
	client  int
	port    uint16
}

// routesOf returns the routings that may be for a host.
func (v *View) routesOf(host string) []int {
	exact := v.byRouted[host]
	if len(v.wild) == 0 {
		return exact
	}
	return append(exact[:len(exact):len(exact)], v.wild...)
}

func forClient(r *model.RouteRule, e *model.Endpoint, port uint16) bool {
	labels := r.ClientLabels
	return (r.ClientNamespace == "" || r.ClientNamespace == e.Namespace) && (r.ClientPort == 0 || r.ClientPort == port) && selects(&labels, e.Labels)
}

// gammaRouter is a model.ServiceRoutes, compiled.
type gammaRouter struct {
	routes *model.ServiceRoutes
	router *l7.Router
}

func gammaRouters(list []model.ServiceRoutes) map[int][]gammaRouter {
	out := map[int][]gammaRouter{}
	for i := range list {
		r := &list[i]
		out[r.Service] = append(out[r.Service], gammaRouter{r, l7.NewRouter(&r.Table)})
	}
	return out
}

// gammaRoute returns the routes of a Service for a client: its own namespace's in
// place of the producer's. Routes for requests do not take what the proxy sees as a
// stream.
func (v *View) gammaRoute(e *model.Endpoint, a *Asked, http bool) *l7.Router {
	var producer *l7.Router
	for _, g := range v.gamma[a.Service] {
		if g.routes.Port != 0 && g.routes.Port != a.Port || !http && !g.routes.Stream {
			continue
		}
		switch g.routes.Consumer {
		case e.Namespace:
			return g.router
		case "":
			producer = g.router
		}
	}
	return producer
}
