package admit

import (
	"cmp"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/algebra/lang"
	"github.com/netfate/netfate/sim/algebra/request"
	"github.com/netfate/netfate/sim/l7"
	"github.com/netfate/netfate/sim/model"
)

// Routes computes which requests a table of routes sends where, for tables of one
// space. One goroutine uses it.
type Routes struct {
	sp *request.Space
	c  *compiler
	// Bare: hosts are named without a port, for people to read.
	Bare bool
}

// NewRoutes returns what computes it with sets of a space.
func NewRoutes(sp *request.Space) *Routes { return &Routes{sp: sp, c: newCompiler(sp)} }

// Branch is the requests of which a router makes the same.
type Branch struct {
	Listener int // index into the gateway's listeners
	Requests Bounds
	Action   *model.RouteAction
	Rule     *model.RouteRule // nil: nothing matched
	Reasons  []model.Reason   // why it is open which they are
}

// AtGateway returns what becomes of requests at one port of a gateway, sent as
// listeners of one protocol take them: of every request for which a listener takes
// the host. The scheme of requests is that behind the listener, where TLS has ended.
func (r *Routes) AtGateway(gw *model.Gateway, like *model.Listener) []Branch {
	var list []int
	for i := range gw.Listeners {
		l := &gw.Listeners[i]
		if l.Down == "" && l.Port == like.Port && l.Protocol == like.Protocol {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int {
		return cmp.Compare(specific(gw.Listeners[b].Host), specific(gw.Listeners[a].Host))
	})
	choice := &gw.Profile.Listeners
	if like.Protocol == model.ListenHTTPS || like.Protocol == model.ListenTLSTerminate {
		choice = &gw.Profile.SecureListeners
	}
	if choice.Value == model.ListenerOfRoute {
		return r.ofRoute(gw, list, choice)
	}
	return r.ofListener(gw, list, choice)
}

// ofListener gives requests to the listener with the most specific host, and where it
// has no route for one and the choice is open perhaps to the next that has.
func (r *Routes) ofListener(gw *model.Gateway, list []int, choice *model.Choice[model.ListenerChoice]) []Branch {
	// left are the requests that a listener before has for certain, or perhaps, not taken.
	left := both(r.sp.All())
	var out, none []Branch
	for _, i := range list {
		l := &gw.Listeners[i]
		hosts := r.hosts(l.Host)
		for _, b := range r.table(&l.Table, both(hosts).and(r.sp, left), i) {
			if b.Rule == nil {
				none = append(none, b)
				continue
			}
			if choice.Value == model.ListenersOpen && !b.Requests.Settled() {
				b.Reasons = append(b.Reasons, *choice.Undefined(l.Origin))
			}
			out = append(out, b)
		}
		left = left.and(r.sp, r.union(out).not(r.sp))
		left.Sure = r.sp.Minus(left.Sure, hosts)
		if choice.Value == model.ListenerOwn {
			left.May = r.sp.Minus(left.May, hosts)
		}
	}
	if choice.Value == model.ListenersOpen {
		none = r.perhaps(none, out)
	}
	return append(out, none...)
}

// union is the requests of branches.
func (r *Routes) union(list []Branch) Bounds {
	sure, may := make([]request.Set, len(list)), make([]request.Set, len(list))
	for i := range list {
		sure[i], may[i] = list[i].Requests.Sure, list[i].Requests.May
	}
	return Bounds{r.sp.UnionAll(sure...), r.sp.UnionAll(may...)}
}

// perhaps are the requests that no route of their listener takes, where a route of
// another one may.
func (r *Routes) perhaps(none, taken []Branch) []Branch {
	free := r.sp.Complement(r.union(taken).May)
	for i := range none {
		none[i].Requests.Sure = r.sp.Intersect(none[i].Requests.Sure, free)
	}
	return none
}

// ofRoute gives requests to the listener that has a route for the most specific host;
// where several have, it is open to which.
func (r *Routes) ofRoute(gw *model.Gateway, list []int, choice *model.Choice[model.ListenerChoice]) []Branch {
	var out []Branch
	left := r.sp.All()
	for _, p := range routeHosts(gw, list) {
		mine := make([]request.Set, len(list))
		for k, i := range list {
			if t := &gw.Listeners[i].Table; slices.ContainsFunc(t.Hosts, func(h model.HostRoutes) bool { return h.Host == p }) {
				mine[k] = r.sp.IntersectAll(left, r.hosts(p), r.hosts(gw.Listeners[i].Host))
			}
		}
		for k, i := range list {
			in := both(mine[k])
			for other := range mine {
				if other != k {
					in.Sure = r.sp.Minus(in.Sure, mine[other])
				}
			}
			for _, b := range r.table(&gw.Listeners[i].Table, in, i) {
				if !in.Settled() {
					b.Reasons = append(b.Reasons, *choice.Undefined(gw.Listeners[i].Origin))
				}
				out = append(out, b)
			}
		}
		for _, s := range mine {
			left = r.sp.Minus(left, s)
		}
	}
	for _, i := range list {
		l := &gw.Listeners[i]
		if s := r.sp.Intersect(left, r.hosts(l.Host)); !s.IsEmpty() {
			out = append(out, Branch{Listener: i, Requests: both(s), Action: &l.Table.NoMatch})
			left = r.sp.Minus(left, s)
		}
	}
	return out
}

// routeHosts are the hosts of the routes of listeners, the most specific first.
func routeHosts(gw *model.Gateway, list []int) []model.Pattern {
	var out []model.Pattern
	for _, i := range list {
		for _, h := range gw.Listeners[i].Table.Hosts {
			if !slices.Contains(out, h.Host) {
				out = append(out, h.Host)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b model.Pattern) int { return cmp.Compare(specific(b), specific(a)) })
	return out
}

// specific orders listeners by their host, the most specific last.
func specific(p model.Pattern) int {
	switch p.Kind {
	case model.PatternExact:
		return 1 << 20
	case model.PatternHostSuffix:
		return len(p.Value)
	}
	return 0
}

// hosts returns the requests for a host of a pattern, with a port or without.
func (r *Routes) hosts(p model.Pattern) request.Set {
	if p.Kind != model.PatternExact && p.Kind != model.PatternHostSuffix {
		return r.sp.All()
	}
	p.Value = strings.ToLower(p.Value)
	l, err := l7.Language(p)
	if err != nil {
		return r.sp.Undetermined(err)
	}
	if r.Bare {
		return r.sp.Atom(request.Host, l)
	}
	return r.sp.Atom(request.Host, lang.Concat(l, port()))
}

// port is what may stand behind a host.
func port() lang.Lang {
	digits := lang.Bytes(func(b byte) bool { return b >= '0' && b <= '9' }).Intersect(lang.NonEmpty())
	return lang.Literal("").Union(lang.Concat(lang.Literal(":"), digits))
}

// table parts requests by the routes of a listener's table.
func (r *Routes) table(t *model.RouteTable, in Bounds, listener int) []Branch {
	var out []Branch
	left := in
	for i := range t.Hosts {
		h := &t.Hosts[i]
		mine := left.and(r.sp, both(r.hosts(h.Host)))
		if mine.May.IsEmpty() {
			continue
		}
		branches, rest := r.rules(h.Rules, mine, listener)
		out = append(out, branches...)
		left = left.and(r.sp, both(r.sp.Complement(r.hosts(h.Host))))
		if t.Fallthrough {
			left = left.or(r.sp, rest)
		} else if !rest.May.IsEmpty() {
			out = append(out, Branch{Listener: listener, Requests: rest, Action: &t.NoMatch})
		}
	}
	if !left.May.IsEmpty() {
		out = append(out, Branch{Listener: listener, Requests: left, Action: &t.NoMatch})
	}
	return out
}

// rules parts requests by rules of which the first that matches decides, and returns
// what none takes.
func (r *Routes) rules(rules []model.RouteRule, in Bounds, listener int) (out []Branch, rest Bounds) {
	left := in
	matches := make([]Bounds, len(rules))
	for i := range rules {
		rule := &rules[i]
		p := place{peerOnly: true}
		match := r.c.cond(rule.When, &p)
		if rule.Uncertain != nil {
			p.open(*rule.Uncertain)
			match = match.capped(r.sp, algebra.Maybe)
		}
		matches[i] = match
		b := left.and(r.sp, match)
		if rule.Uncertain == nil {
			b.Sure = r.sp.Union(b.Sure, r.again(rules[:i], matches, rule, r.sp.Intersect(in.Sure, match.Sure)))
		}
		if !b.May.IsEmpty() {
			out = append(out, Branch{Listener: listener, Requests: b, Action: &rule.Action, Rule: rule, Reasons: p.reasons})
		}
		left = left.and(r.sp, match.not(r.sp))
	}
	return out, left
}

// again is what a rule takes for certain though it may take it at an earlier place
// of the order already, at which it stands too.
func (r *Routes) again(before []model.RouteRule, matches []Bounds, rule *model.RouteRule, in request.Set) request.Set {
	same := func(x *model.RouteRule) bool { return x.Uncertain != nil && x.Origin == rule.Origin }
	if rule.Origin.Object == nil || !slices.ContainsFunc(before, func(x model.RouteRule) bool { return same(&x) }) {
		return r.sp.None()
	}
	for i := range before {
		if !same(&before[i]) {
			in = r.sp.Minus(in, matches[i].May)
		}
	}
	return in
}
