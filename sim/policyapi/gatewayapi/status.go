package gatewayapi

import (
	"strconv"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
)

// Status is what an implementation of the whole API would report of the objects of
// a snapshot, in the API's own types. Conditions have no time of their transition.
// Objects that the API server refuses have no status.
type Status struct {
	Classes      map[model.Ref]gatewayv1.GatewayClassStatus
	Gateways     map[model.Ref]gatewayv1.GatewayStatus
	ListenerSets map[model.Ref]gatewayv1.ListenerSetStatus
	// Routes are those of every kind of route. A parent that does not exist, or that
	// nobody serves, has no entry.
	Routes   map[model.Ref]gatewayv1.RouteStatus
	Policies map[model.Ref]gatewayv1.PolicyStatus // of BackendTLSPolicies
}

// Statuses computes the status of all objects. It reads the computation that makes
// the model, and so agrees with its verdicts.
func Statuses(ctx *policyapi.Context, in *policyapi.Assembly) Status {
	b := compute(ctx, in)
	s := Status{Classes: map[model.Ref]gatewayv1.GatewayClassStatus{}, Gateways: map[model.Ref]gatewayv1.GatewayStatus{},
		ListenerSets: map[model.Ref]gatewayv1.ListenerSetStatus{}, Routes: map[model.Ref]gatewayv1.RouteStatus{}, Policies: map[model.Ref]gatewayv1.PolicyStatus{}}
	for _, c := range b.classes {
		s.Classes[c.Ref] = gatewayv1.GatewayClassStatus{Conditions: []metav1.Condition{c.condition("Accepted", state{}, "Accepted")}}
	}
	for _, g := range b.gateways {
		s.Gateways[g.Ref] = gatewayStatus(g)
	}
	for _, x := range b.sets {
		if x.gw != nil && !x.gw.unhandled.bad {
			s.ListenerSets[x.Ref] = setStatus(x)
		}
	}
	for _, r := range b.routes {
		s.Routes[r.Ref] = b.routeStatus(r)
	}
	for _, p := range b.policies {
		s.Policies[p.Ref] = b.policyStatus(p)
	}
	return s
}

// condition is a condition of an object: True with the reason good, or False with
// the state's.
func (o *object) condition(kind string, s state, good string) metav1.Condition {
	generation, err := strconv.ParseInt(o.Root.Get("metadata").Get("generation").Str(), 10, 64)
	if err != nil {
		generation = 0
	}
	c := metav1.Condition{Type: kind, Status: metav1.ConditionTrue, Reason: good, ObservedGeneration: generation}
	if s.bad {
		c.Status, c.Reason, c.Message = metav1.ConditionFalse, s.reason, s.why
	}
	return c
}

// programmed is the condition that a listener is served.
func (l *listener) programmed() state {
	why, at := l.down()
	if why == "" {
		return state{}
	}
	reason := string(gatewayv1.ListenerReasonInvalid)
	if l.conflict.bad {
		reason = l.conflict.reason
	}
	return state{bad: true, reason: reason, why: why, at: at}
}

func (l *listener) conditions() []metav1.Condition {
	o := l.owner()
	out := []metav1.Condition{o.condition("Accepted", l.accepted, "Accepted"), o.condition("ResolvedRefs", l.refs, "ResolvedRefs"),
		o.condition("Programmed", l.programmed(), "Programmed")}
	c := o.condition("Conflicted", state{}, string(gatewayv1.ListenerReasonNoConflicts))
	c.Status = metav1.ConditionFalse
	if l.conflict.bad {
		c.Status, c.Reason, c.Message = metav1.ConditionTrue, l.conflict.reason, l.conflict.why
	}
	out = append(out, c)
	if l.overlaps() {
		c = o.condition(string(gatewayv1.ListenerConditionOverlappingTLSConfig), state{}, string(gatewayv1.ListenerReasonOverlappingHostnames))
		out = append(out, c)
	}
	return out
}

// overlaps tells whether another listener of the port ends TLS for a host that
// this one also takes.
func (l *listener) overlaps() bool {
	if l.spec.Protocol != gatewayv1.HTTPSProtocolType || l.gw == nil {
		return false
	}
	for _, other := range l.gw.all() {
		if other == l || other.spec.Protocol != l.spec.Protocol || other.spec.Port != l.spec.Port {
			continue
		}
		if _, ok := intersect(l.host(), other.host()); ok {
			return true
		}
	}
	return false
}

func (l *listener) supported() []gatewayv1.RouteGroupKind {
	out := []gatewayv1.RouteGroupKind{}
	for _, k := range l.kinds {
		g := gatewayv1.Group(gatewayv1.GroupName)
		out = append(out, gatewayv1.RouteGroupKind{Group: &g, Kind: gatewayv1.Kind(k)})
	}
	return out
}

func gatewayStatus(g *gateway) gatewayv1.GatewayStatus {
	if g.unhandled.bad {
		c := g.condition("Accepted", g.unhandled, "")
		p := g.condition("Programmed", g.unhandled, "")
		c.Status, p.Status = metav1.ConditionUnknown, metav1.ConditionUnknown
		return gatewayv1.GatewayStatus{Conditions: []metav1.Condition{c, p}}
	}
	accepted := g.condition("Accepted", g.accepted, string(gatewayv1.GatewayReasonAccepted))
	programmed := g.condition("Programmed", g.accepted, string(gatewayv1.GatewayReasonProgrammed))
	if g.accepted.bad {
		programmed.Reason = string(gatewayv1.GatewayReasonInvalid)
	}
	attached := int32(len(g.sets))
	out := gatewayv1.GatewayStatus{AttachedListenerSets: &attached}
	for _, l := range g.listeners {
		if l.accepted.bad && !g.accepted.bad {
			accepted.Reason = string(gatewayv1.GatewayReasonListenersNotValid)
			accepted.Message = "listener " + string(l.spec.Name) + ": " + l.accepted.why
		}
		out.Listeners = append(out.Listeners, gatewayv1.ListenerStatus{Name: l.spec.Name, SupportedKinds: l.supported(),
			AttachedRoutes: int32(len(l.attached)), Conditions: l.conditions()})
	}
	for i := range g.value.Addresses {
		a := &g.value.Addresses[i]
		if a.Value != "" {
			out.Addresses = append(out.Addresses, gatewayv1.GatewayStatusAddress{Type: a.Type, Value: a.Value})
		}
	}
	out.Conditions = []metav1.Condition{accepted, programmed, g.condition("ResolvedRefs", g.refs, string(gatewayv1.GatewayReasonResolvedRefs))}
	return out
}

func setStatus(s *listenerSet) gatewayv1.ListenerSetStatus {
	accepted := s.condition("Accepted", s.accepted, string(gatewayv1.ListenerSetReasonAccepted))
	out := gatewayv1.ListenerSetStatus{}
	for _, l := range s.listeners {
		if s.accepted.bad && s.accepted.reason != string(gatewayv1.ListenerSetReasonListenersNotValid) {
			break // the set is not attached
		}
		if l.accepted.bad && !s.accepted.bad {
			accepted.Reason = string(gatewayv1.ListenerSetReasonListenersNotValid)
			accepted.Message = "listener " + string(l.spec.Name) + ": " + l.accepted.why
		}
		out.Listeners = append(out.Listeners, gatewayv1.ListenerEntryStatus{Name: l.spec.Name, SupportedKinds: l.supported(),
			AttachedRoutes: int32(len(l.attached)), Conditions: l.conditions()})
	}
	out.Conditions = []metav1.Condition{accepted, s.condition("Programmed", s.accepted, string(gatewayv1.ListenerSetReasonProgrammed))}
	return out
}
