package mesh

import (
	"slices"

	"github.com/netfate/netfate/sim/l7"
	"github.com/netfate/netfate/sim/model"
)

// known tells whether a client's proxy knows a destination, and says why not.
func (v *View) known(e *model.Endpoint, scope *model.EgressScope, a *Asked, w *Way) bool {
	if a.Host == "" {
		w.Why = a.Addr + " is an address that the sidecar knows no host for"
		return false
	}
	if a.Service >= 0 {
		s := &v.m.Services[a.Service]
		if !visible(v.mesh.Exports[a.Service], s.Namespace, e.Namespace) {
			w.Why = "Service " + s.ID() + " is not exported to namespace " + e.Namespace
			return false
		}
		if !inScope(scope, s.Namespace, a.Host, a.Port, e.Namespace) {
			w.Why = "Service " + s.ID() + " is not in the scope of " + scope.Origin.Object.String()
			return false
		}
		return true
	}
	for i := range v.mesh.Known {
		k := &v.mesh.Known[i]
		if v.names(k, a.Host) && visible(k.Export, k.Namespace, e.Namespace) && inScope(scope, k.Namespace, a.Host, a.Port, e.Namespace) {
			w.KnownHost = k
			return slices.ContainsFunc(k.Ports, func(p model.KnownPort) bool { return p.Port == a.Port })
		}
	}
	w.Why = "the sidecar does not know the host " + a.Host
	return false
}

func (v *View) names(k *model.KnownHost, host string) bool {
	return slices.ContainsFunc(k.Hosts, func(h string) bool { return hostMatches(h, host) })
}

// destination returns what says how a client connects to a host: of its own
// namespace, else of the host's, else of the root namespace; a selector first.
func (v *View) destination(e *model.Endpoint, host string) *model.Destination {
	owner := e.Namespace
	if i, ok := v.byHost[host]; ok {
		owner = v.m.Services[i].Namespace
	}
	for _, ns := range []string{e.Namespace, owner, v.mesh.RootNamespace} {
		if d := v.destinationIn(ns, e, host); d != nil {
			return d
		}
	}
	return nil
}

// destinationIn picks the most specific host, then one with a selector, then the oldest.
func (v *View) destinationIn(ns string, e *model.Endpoint, host string) *model.Destination {
	var best *model.Destination
	for i := range v.mesh.Destinations {
		d := &v.mesh.Destinations[i]
		if d.Namespace != ns || !hostMatches(d.Host, host) || !visible(d.Export, d.Namespace, e.Namespace) ||
			d.Selector != nil && (d.Namespace != e.Namespace || !selects(d.Selector, e.Labels)) {
			continue
		}
		if best == nil || better(d, best) {
			best = d
		}
	}
	return best
}

func better(a, b *model.Destination) bool {
	switch {
	case len(a.Host) != len(b.Host):
		return len(a.Host) > len(b.Host)
	case (a.Selector != nil) != (b.Selector != nil):
		return a.Selector != nil
	case a.Created != b.Created && a.Created != "" && b.Created != "":
		return a.Created < b.Created
	}
	return a.Key < b.Key
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
	if none == 0 {
		no = model.RouteAction{Kind: model.RouteReset, Why: "no route of the host matches"}
	}
	return l7.NewRouter(&model.RouteTable{NoMatch: no, Hosts: []model.HostRoutes{{Host: model.Pattern{Kind: model.PatternAny}, Rules: rules}}})
}

// route returns the router for what a client sends to a host; nil is none.
func (v *View) route(e *model.Endpoint, a *Asked, http bool) *l7.Router {
	if i := v.routing(e, a.Host); i >= 0 {
		return v.routerFor(i, e, http)
	}
	if !http || a.Service < 0 {
		return nil
	}
	return v.gammaRoute(e, a)
}

// routing picks the routing of a host: the most specific name, then the oldest.
func (v *View) routing(e *model.Endpoint, host string) int {
	best, rank := -1, -1
	for i := range v.mesh.Routes {
		r := &v.mesh.Routes[i]
		if !visible(r.Export, r.Namespace, e.Namespace) {
			continue
		}
		for _, h := range r.Hosts {
			n := len(h)
			if h == host {
				n = 1 << 20
			}
			if hostMatches(h, host) && (n > rank || n == rank && first(r, &v.mesh.Routes[best])) {
				best, rank = i, n
			}
		}
	}
	return best
}

func first(a, b *model.HostRouting) bool {
	if a.Created != b.Created && a.Created != "" && b.Created != "" {
		return a.Created < b.Created
	}
	return a.Key < b.Key
}

// routerFor returns the compiled rules that are for a client.
func (v *View) routerFor(i int, e *model.Endpoint, http bool) *l7.Router {
	r := &v.mesh.Routes[i]
	rules, none, ready := r.Stream, 0, v.routers[i].stream
	if http {
		rules, none, ready = r.HTTP, 404, v.routers[i].http
	}
	other := func(x model.RouteRule) bool { return !forClient(&x, e) }
	if !slices.ContainsFunc(rules, other) {
		return ready
	}
	own := slices.DeleteFunc(slices.Clone(rules), other)
	if len(own) == 0 && http { // rules for other clients only: none matches
		own = []model.RouteRule{{Action: model.RouteAction{Kind: model.RouteRespond, Status: 404, Why: "no route of the host is for this client", Origin: r.Origin}, Origin: r.Origin}}
	}
	return tableOf(own, none)
}

func forClient(r *model.RouteRule, e *model.Endpoint) bool {
	labels := r.ClientLabels
	return (r.ClientNamespace == "" || r.ClientNamespace == e.Namespace) && selects(&labels, e.Labels)
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
// place of the producer's.
func (v *View) gammaRoute(e *model.Endpoint, a *Asked) *l7.Router {
	var producer *l7.Router
	for _, g := range v.gamma[a.Service] {
		if g.routes.Port != 0 && g.routes.Port != a.Port {
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
