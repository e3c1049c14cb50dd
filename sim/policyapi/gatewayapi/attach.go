package gatewayapi

import (
	"fmt"
	"slices"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/model"
)

// attachment is a route on a listener.
type attachment struct {
	route *route
	hosts []served
}

// attachRoutes attaches every route to what it names, the oldest first.
func (b *builder) attachRoutes() {
	for _, r := range b.routes {
		for i := range r.parents {
			r.attempts = append(r.attempts, b.attach(r, i))
		}
		if len(r.parents) == 0 {
			r.r.Warn(r.spec, "has no effect: it names no parent", "")
		}
	}
}

// attach attaches a route to one parent.
func (b *builder) attach(r *route, i int) attempt {
	ref, at := &r.parents[i], r.spec.Item("parentRefs", i)
	ns := string(or(ref.Namespace, gatewayv1.Namespace(r.Namespace)))
	a := attempt{ref: *ref, service: -1}
	grp, kind := string(or(ref.Group, gatewayv1.GroupName)), string(or(ref.Kind, "Gateway"))
	switch {
	case grp == group && kind == "Gateway":
		a.gw = b.byGateway[ns+"/"+string(ref.Name)]
	case grp == group && kind == "ListenerSet":
		if n := slices.IndexFunc(b.sets, func(s *listenerSet) bool { return s.id() == ns+"/"+string(ref.Name) }); n >= 0 {
			a.set, a.gw = b.sets[n], b.sets[n].gw
		}
	case isServiceRef(ref):
		b.attachService(r, &a, ns)
		return a
	default:
		r.r.Warn(at, "parents of the kind "+kindText(grp, kind)+" are not known: the reference has no effect", "")
		return a
	}
	if a.gw == nil {
		r.r.Warn(at, fmt.Sprintf("there is no %s %s/%s: the reference has no effect", kind, ns, ref.Name), "")
		return a
	}
	listeners := a.gw.listeners
	if a.set != nil {
		listeners = a.set.listeners
	}
	if a.set != nil && !slices.Contains(a.gw.sets, a.set) {
		a.accepted.fail(string(gatewayv1.RouteReasonNoMatchingParent), a.set.Ref.String()+" is not attached to its Gateway: "+a.set.accepted.why, at.Origin())
	} else {
		b.attachTo(r, &a, listeners)
	}
	if a.accepted.bad {
		a.accepted.at = at.Origin()
		r.r.Warn(at, "the route is not attached: "+a.accepted.reason+": "+a.accepted.why, "")
	}
	return a
}

// attachTo attaches a route to the listeners that its reference names and that
// allow it; where none does the reason says at which step the last one failed.
func (b *builder) attachTo(r *route, a *attempt, listeners []*listener) {
	named := slices.DeleteFunc(slices.Clone(listeners), func(l *listener) bool {
		return or(a.ref.SectionName, l.spec.Name) != l.spec.Name && *a.ref.SectionName != "" || or(a.ref.Port, l.spec.Port) != l.spec.Port
	})
	if len(named) == 0 {
		a.accepted.fail(string(gatewayv1.RouteReasonNoMatchingParent), "no listener has the name and port that the reference gives", model.Origin{})
		for _, l := range listeners { // for the trace of what the route would have taken
			l.refused = append(l.refused, r.refusedFor(a.accepted))
		}
		return
	}
	best, steps := state{}, -1
	for _, l := range named {
		why, step := b.refusal(r, l)
		if !why.bad {
			l.attached = append(l.attached, &attachment{route: r, hosts: common(l.host(), r.hosts)})
			best = why
			steps = 10
			continue
		}
		l.refused = append(l.refused, r.refusedFor(why))
		if step > steps {
			best, steps = why, step
		}
	}
	a.accepted = best
}

// refusedFor tells that a listener does not take a route.
func (r *route) refusedFor(why state) model.Attachment {
	out := model.Attachment{Route: r.r.Root().Origin(), Why: why.reason + ": " + why.why}
	for _, h := range r.hosts {
		out.Hosts = append(out.Hosts, hostPattern(h))
	}
	return out
}

// refusal says why a listener does not take a route, and how far it came.
func (b *builder) refusal(r *route, l *listener) (why state, step int) {
	switch {
	case !slices.Contains(l.kinds, r.Kind):
		why.fail(string(gatewayv1.RouteReasonNotAllowedByListeners), fmt.Sprintf("listener %s takes no %s", l.spec.Name, r.Kind), l.at.Origin())
		return why, 0
	case !b.allowsRoute(l, r):
		why.fail(string(gatewayv1.RouteReasonNotAllowedByListeners), fmt.Sprintf("listener %s takes no routes of namespace %s", l.spec.Name, r.Namespace), l.at.Key("allowedRoutes").Origin())
		return why, 1
	}
	if r.invalid.bad {
		return r.invalid, 3
	}
	hosts := common(l.host(), r.hosts)
	if len(hosts) == 0 {
		why.fail(string(gatewayv1.RouteReasonNoMatchingListenerHostname), fmt.Sprintf("none of its hostnames is one of listener %s (%s)", l.spec.Name, l.host()), l.at.Origin())
		return why, 2
	}
	if other := otherKind(l, r, hosts); other != nil {
		why.fail("Conflicted", fmt.Sprintf("%s has the same host on listener %s, and routes of two kinds are not merged: %s", other.Ref.String(), l.spec.Name, whyOlder(&other.object, &r.object)), r.r.Root().Origin())
		return why, 4
	}
	return why, 5
}

// allowsRoute tells whether a listener takes routes of a namespace; without a word
// it takes those of its own.
func (b *builder) allowsRoute(l *listener, r *route) bool {
	own := l.owner().Namespace
	if l.spec.AllowedRoutes == nil || l.spec.AllowedRoutes.Namespaces == nil {
		return own == r.Namespace
	}
	n := l.spec.AllowedRoutes.Namespaces
	return b.fromNamespace(or(n.From, gatewayv1.NamespacesFromSame), n.Selector, own, r.Namespace)
}

// otherKind returns a route of gRPC for one of HTTP, or the other way round, that
// the listener already has for a host of the route (GRPCRoute.spec.hostnames).
func otherKind(l *listener, r *route, hosts []served) *route {
	if r.http == nil && r.grpc == nil {
		return nil
	}
	for _, a := range l.attached {
		if a.route.Kind != r.Kind && overlap(a.hosts, hosts) {
			return a.route
		}
	}
	return nil
}
