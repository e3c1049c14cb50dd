package gatewayapi

import (
	"cmp"
	"slices"
	"strings"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// table is what a listener's routes do. Entries stand in the order of the host
// names that routes give: the longest exact one first, then the longest wildcard
// (HTTPRoute.spec.hostnames); where no rule of one entry matches the next counts.
func (b *builder) table(l *listener) model.RouteTable {
	t := model.RouteTable{Fallthrough: l.gw.profile.NextHost.Value, NoMatch: b.noMatch(l)}
	entries := map[served][]*route{}
	var keys []served
	for _, a := range l.attached {
		for _, h := range a.hosts {
			if l.leaves(h) {
				continue
			}
			if !t.Fallthrough { // one entry for each host
				h.route = h.host
			}
			if entries[h] == nil {
				keys = append(keys, h)
			}
			if !slices.Contains(entries[h], a.route) {
				entries[h] = append(entries[h], a.route)
			}
		}
	}
	slices.SortStableFunc(keys, func(x, y served) int {
		a, c := hostRank(x.route), hostRank(y.route)
		return cmp.Or(cmp.Compare(c[0], a[0]), cmp.Compare(c[1], a[1]), strings.Compare(x.host, y.host))
	})
	for _, k := range keys {
		rules := b.ordered(entries[k], l.gw.profile, func(r *route) []rule { return r.rules })
		if protocolOf(l) == model.ListenTLSTerminate {
			b.encrypt(rules)
		}
		t.Hosts = append(t.Hosts, model.HostRoutes{Host: hostPattern(k.host), Rules: rules})
	}
	return t
}

// noMatch is what a listener does with what no route takes.
func (b *builder) noMatch(l *listener) model.RouteAction {
	if l.spec.Protocol == gatewayv1.HTTPProtocolType || l.spec.Protocol == gatewayv1.HTTPSProtocolType {
		return model.RouteAction{Kind: model.RouteRespond, Status: 404, Why: "no route of the listener matches the request", Origin: l.at.Origin()}
	}
	return model.RouteAction{Kind: model.RouteReset, Why: "no route of the listener takes the connection", Origin: l.at.Origin()}
}

// entry is a match of a rule of a route, in one list with those of others.
type entry struct {
	route  *route
	rule   *rule
	m      *match
	rank   rank
	ri, mi int // their places in the route and in the rule
}

// beyondPaths is more than the length of any path.
const beyondPaths = 1 << 16

// placeOf is the rank of a match: where an implementation is known to put paths by
// expression, the longer goes first among them.
func placeOf(r *route, m *match, p *model.GatewayProfile) rank {
	out := m.rank
	if !m.regexp || r.Kind != "HTTPRoute" {
		return out
	}
	switch p.Expressions.Value {
	case model.ExpressionsSecond:
		out[1] = beyondPaths + m.length
	case model.ExpressionsLast:
		out[1] = -beyondPaths + m.length
	}
	return out
}

// placed tells whether it is known where a match stands.
func (e *entry) placed(p *model.GatewayProfile) bool {
	return !e.m.regexp || p.Expressions.Value != model.ExpressionsOpen && e.route.Kind == "HTTPRoute"
}

// ordered puts the rules of routes into the order of their precedence: the rank of
// matches, then the older route, then the rule's place in the route. A match by
// expression whose place is not known stands first as a maybe, and last for certain.
func (b *builder) ordered(routes []*route, p *model.GatewayProfile, rules func(*route) []rule) []model.RouteRule {
	var list []entry
	for _, r := range routes {
		for i := range rules(r) {
			x := &rules(r)[i]
			for j := range x.matches {
				list = append(list, entry{r, x, &x.matches[j], placeOf(r, &x.matches[j], p), i, j})
			}
		}
	}
	slices.SortStableFunc(list, func(x, y entry) int {
		return cmp.Or(slices.Compare(y.rank[:], x.rank[:]), older(&x.route.object, &y.route.object), strings.Compare(x.route.Kind, y.route.Kind),
			cmp.Compare(x.ri, y.ri), cmp.Compare(x.mi, y.mi))
	})
	var first, rest, last []model.RouteRule
	for i, e := range list {
		r := b.routeRule(e)
		if i+1 < len(list) && e.rank == list[i+1].rank && e.route != list[i+1].route {
			r.Order = whyOlder(&e.route.object, &list[i+1].route.object)
		}
		if e.placed(p) {
			rest = append(rest, r)
			continue
		}
		last = append(last, r)
		if len(list) > 1 {
			r.Uncertain = p.Expressions.Undefined(e.m.at.Origin())
			first = append(first, r)
		}
	}
	return slices.Concat(first, rest, last)
}

// routeRule is one entry in the model.
func (b *builder) routeRule(e entry) model.RouteRule {
	out := model.RouteRule{When: e.m.when, Action: e.rule.action, Origin: e.m.at.Origin()}
	if e.m.action != nil {
		out.Action = *e.m.action
	}
	if e.route.r.Open() {
		out.Uncertain = e.route.r.OpenReason()
	}
	return out
}

// encrypt applies policies on TLS to backends that a listener that ends TLS sends
// streams to.
func (b *builder) encrypt(rules []model.RouteRule) {
	for i := range rules {
		a := &rules[i].Action
		a.Backends = slices.Clone(a.Backends)
		for j := range a.Backends {
			x := &a.Backends[j]
			if x.Service < 0 {
				continue
			}
			s := &b.in.Model.Services[x.Service]
			n := slices.IndexFunc(s.Ports, func(p model.ServicePort) bool { return p.Port == x.Port })
			p := b.policyFor(s, &s.Ports[max(0, n)])
			if p == nil {
				continue
			}
			x.TLS = model.TLSOwn
			if p.accepted.bad {
				x.Fail, x.Why, x.Service = 500, p.unmet(), -1
			}
		}
	}
}

// bounds notes what could not be read at all: it may be a route, a gateway or a
// grant.
func (b *builder) bounds() {
	for i := range b.in.Broken {
		x := &b.in.Broken[i]
		b.out.Gaps = append(b.out.Gaps, model.Gap{Origin: rulekit.BrokenOrigin(x), Text: rulekit.BrokenReason(x).Text, MayAllow: true, MayDeny: true})
	}
}
