package gatewayapi

import (
	"fmt"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// listenerSet is a ListenerSet.
type listenerSet struct {
	object
	value     gatewayv1.ListenerSetSpec
	gw        *gateway // nil: it does not exist
	accepted  state
	listeners []*listener
}

// specs returns the listeners in the form of a Gateway's.
func (s *listenerSet) specs() []gatewayv1.Listener {
	out := make([]gatewayv1.Listener, len(s.value.Listeners))
	for i, l := range s.value.Listeners {
		out[i] = gatewayv1.Listener(l)
	}
	return out
}

// parent returns the gateway of a set, nil where there is none.
func (b *builder) parent(s *listenerSet) *gateway {
	ref := &s.value.ParentRef
	if or(ref.Group, gatewayv1.GroupName) != gatewayv1.GroupName || or(ref.Kind, "Gateway") != "Gateway" {
		return nil
	}
	return b.byGateway[string(or(ref.Namespace, gatewayv1.Namespace(s.Namespace)))+"/"+string(ref.Name)]
}

// attachSets puts the sets that gateways allow to them, the oldest first.
func (b *builder) attachSets() {
	for _, s := range b.sets {
		at := s.spec.Key("parentRef")
		switch {
		case s.gw == nil:
			s.r.Warn(at, "there is no such Gateway", "")
		case !b.allowsSet(s.gw, s):
			s.accepted.fail(string(gatewayv1.ListenerSetReasonNotAllowed), "Gateway "+s.gw.id()+" does not allow ListenerSets of namespace "+s.Namespace, at.Origin())
		case s.gw.unhandled.bad || s.gw.accepted.bad:
			s.accepted.fail(string(gatewayv1.ListenerSetReasonParentNotAccepted), "Gateway "+s.gw.id()+" is not accepted", at.Origin())
		default:
			s.gw.sets = append(s.gw.sets, s)
		}
		if s.accepted.bad {
			s.r.Warn(at, s.accepted.why, "set spec.allowedListeners of the Gateway")
		}
	}
}

// allowsSet tells whether a gateway allows a set; without a word it allows none.
func (b *builder) allowsSet(g *gateway, s *listenerSet) bool {
	if g.value.AllowedListeners == nil || g.value.AllowedListeners.Namespaces == nil {
		return false
	}
	n := g.value.AllowedListeners.Namespaces
	return b.fromNamespace(or(n.From, gatewayv1.NamespacesFromNone), n.Selector, g.Namespace, s.Namespace)
}

// fromNamespace tells whether an object of a namespace may attach to one of another.
func (b *builder) fromNamespace(from gatewayv1.FromNamespaces, sel *metav1.LabelSelector, own, other string) bool {
	switch from {
	case gatewayv1.NamespacesFromAll:
		return true
	case gatewayv1.NamespacesFromSame:
		return own == other
	case gatewayv1.NamespacesFromSelector:
		return sel != nil && rulekit.Expr(sel).Matches(b.namespaces[other])
	}
	return false
}

// findConflicts marks the listeners that are not distinct. One of a set is refused
// for one that takes precedence and is not refused itself; of one object the rest
// that cannot be told from each other are all refused.
func (b *builder) findConflicts() {
	for _, g := range b.gateways {
		conflictsWithin(g.listeners)
		settleGateway(g)
		before := g.listeners
		kept := g.sets[:0:0]
		for _, s := range g.sets {
			for _, l := range s.listeners {
				for _, other := range distinct(before) {
					conflictWith(l, other)
				}
			}
			conflictsWithin(distinct(s.listeners))
			before = append(before[:len(before):len(before)], s.listeners...)
			if settleSet(s) {
				kept = append(kept, s)
			}
		}
		g.sets = kept
	}
}

// distinct are the listeners without a conflict.
func distinct(list []*listener) []*listener {
	return slices.DeleteFunc(slices.Clone(list), func(l *listener) bool { return l.conflict.bad })
}

// settleSet accepts a set with one listener that is served.
func settleSet(s *listenerSet) bool {
	for _, l := range s.listeners {
		if why, _ := l.down(); why == "" {
			return true
		}
	}
	if len(s.listeners) > 0 {
		l := s.listeners[0]
		why, at := l.down()
		s.accepted.fail(string(gatewayv1.ListenerSetReasonListenersNotValid), "none of its listeners is served; "+string(l.spec.Name)+": "+why, at)
	}
	return false
}

func conflictsWithin(list []*listener) {
	for i, a := range list {
		for j, b := range list {
			if i != j {
				conflictWith(a, b)
			}
		}
	}
}

// conflictWith refuses a listener that cannot be told from another: same port and
// same protocol and host, TCP or UDP on one port, or TCP beside what HTTP and TLS
// hosts tell apart.
func conflictWith(l, other *listener) {
	a, o := &l.spec, &other.spec
	if a.Port != o.Port || l.kinds == nil && kindsOf(l) == nil || kindsOf(other) == nil {
		return
	}
	udp, otherUDP := a.Protocol == gatewayv1.UDPProtocolType, o.Protocol == gatewayv1.UDPProtocolType
	tcp, otherTCP := a.Protocol == gatewayv1.TCPProtocolType, o.Protocol == gatewayv1.TCPProtocolType
	reason := gatewayv1.ListenerReasonProtocolConflict
	switch {
	case udp != otherUDP:
		return
	case tcp != otherTCP || plainHTTP(l) != plainHTTP(other):
	case tcp || udp || l.host() == other.host():
		reason = gatewayv1.ListenerReasonHostnameConflict
		if a.Protocol != o.Protocol {
			reason = gatewayv1.ListenerReasonProtocolConflict
		}
	default:
		return
	}
	why := fmt.Sprintf("it cannot be told from listener %s: both take port %d", other.spec.Name, a.Port)
	if reason == gatewayv1.ListenerReasonProtocolConflict {
		why = fmt.Sprintf("listener %s takes the same port %d with the protocol %s", other.spec.Name, a.Port, o.Protocol)
	}
	l.conflict.fail(string(reason), why, l.at.Origin())
	l.accepted.fail(string(reason), why, l.at.Origin())
}

func plainHTTP(l *listener) bool { return l.spec.Protocol == gatewayv1.HTTPProtocolType }
