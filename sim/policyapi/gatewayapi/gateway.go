package gatewayapi

import (
	"fmt"
	"net/netip"
	"strings"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
	"github.com/netfate/netfate/sim/profile"
)

// gateway is a Gateway with its listeners and those of the sets attached to it.
type gateway struct {
	object
	value     gatewayv1.GatewaySpec
	class     *class // nil: not in the snapshot
	profile   *model.GatewayProfile
	listeners []*listener
	sets      []*listenerSet // that it accepts, the first takes precedence
	unhandled state          // nobody serves it
	accepted  state
	refs      state // ResolvedRefs
}

// all returns the listeners of the gateway and of its sets, in their precedence.
func (g *gateway) all() []*listener {
	out := g.listeners[:len(g.listeners):len(g.listeners)]
	for _, s := range g.sets {
		out = append(out, s.listeners...)
	}
	return out
}

// valid checks a gateway as the API server does.
func (g *gateway) valid() bool {
	if g.value.GatewayClassName == "" {
		g.r.Reject(g.spec, "gatewayClassName: Required value", "")
	}
	if len(g.value.Listeners) == 0 {
		g.r.Reject(g.spec, "listeners: Required value", "")
	}
	for i, a := range g.value.Addresses {
		if or(a.Type, gatewayv1.IPAddressType) == gatewayv1.IPAddressType && a.Value != "" {
			if _, err := netip.ParseAddr(a.Value); err != nil {
				g.r.Reject(g.spec.Item("addresses", i).Key("value"), fmt.Sprintf("Invalid value: %q: not an IP address", a.Value), "")
			}
		}
	}
	return validListeners(&g.object, g.value.Listeners)
}

// istioClass is the class that istiod makes by itself, and that is therefore not
// among the objects that people write (pilot/pkg/config/kube/gatewaycommon
// GetBuiltinGatewayClasses).
const (
	istioClass      = "istio"
	istioController = "istio.io/gateway-controller"
)

// handled settles who serves a gateway: the controller of its class. Where the
// snapshot has no class at all, the gateway's is taken to exist.
func (b *builder) handled(g *gateway) {
	name := string(g.value.GatewayClassName)
	g.class, g.profile = b.classes[name], b.profile
	at := g.spec.Key("gatewayClassName")
	switch {
	case g.class != nil:
		g.profile = profile.GatewayOf(string(g.class.value.ControllerName))
	case name == istioClass && !g.Live():
		g.profile = profile.GatewayOf(istioController)
	case len(b.classes) > 0 || g.Live():
		g.unhandled.fail(string(gatewayv1.GatewayReasonPending), fmt.Sprintf("there is no GatewayClass %q, and so no controller that serves it", name), at.Origin())
		g.r.Warn(at, g.unhandled.why, "")
	default:
		g.r.Warn(at, fmt.Sprintf("GatewayClass %q is not among the sources; it is taken to exist", name), "give the GatewayClass with -f, or ignore this")
	}
	for i, a := range g.value.Addresses {
		if t := or(a.Type, gatewayv1.IPAddressType); t != gatewayv1.IPAddressType && t != gatewayv1.HostnameAddressType {
			g.accepted.fail(string(gatewayv1.GatewayReasonUnsupportedAddress), fmt.Sprintf("addresses of the type %q are not supported", t), g.spec.Item("addresses", i).Origin())
		}
	}
	b.backendCertificate(g)
}

// backendCertificate checks the certificate that a gateway shows to backends.
func (b *builder) backendCertificate(g *gateway) {
	if g.value.TLS == nil || g.value.TLS.Backend == nil || g.value.TLS.Backend.ClientCertificateRef == nil {
		return
	}
	ref := g.value.TLS.Backend.ClientCertificateRef
	b.secret(&g.refs, ref, "Gateway", g.Namespace, string(gatewayv1.GatewayReasonInvalidClientCertificateRef),
		g.spec.Key("tls").Key("backend").Key("clientCertificateRef"))
}

// secret checks a reference to a Secret, which is never read: its kind, and that
// another namespace grants it.
func (b *builder) secret(s *state, ref *gatewayv1.SecretObjectReference, fromKind, namespace, invalid string, at rulekit.At) {
	kind, ns := or(ref.Kind, "Secret"), string(or(ref.Namespace, gatewayv1.Namespace(namespace)))
	switch {
	case or(ref.Group, "") != "" || kind != "Secret":
		s.fail(invalid, fmt.Sprintf("certificates of the kind %s are not supported", kindText(string(or(ref.Group, "")), string(kind))), at.Origin())
	case !b.granted(fromKind, namespace, "", "Secret", ns, string(ref.Name)):
		s.fail("RefNotPermitted", fmt.Sprintf("no ReferenceGrant in namespace %s lets %ss of namespace %s use Secret %s", ns, fromKind, namespace, ref.Name), at.Origin())
	}
}

// kindText is "Kind.group", or the kind alone for the core group.
func kindText(group, kind string) string {
	if group == "" {
		return kind
	}
	return kind + "." + group
}

// settleGateway summarises the listeners of a gateway: it is accepted with one that is.
func settleGateway(g *gateway) {
	good := false
	for _, l := range g.listeners {
		good = good || !l.accepted.bad
		if l.refs.bad {
			g.refs.fail(string(gatewayv1.GatewayReasonListenersNotResolved), "listener "+string(l.spec.Name)+": "+l.refs.why, l.refs.at)
		}
	}
	for _, l := range g.listeners {
		if !good {
			g.accepted.fail(string(gatewayv1.GatewayReasonListenersNotValid), "none of its listeners is accepted; "+string(l.spec.Name)+": "+l.accepted.why, l.accepted.at)
		}
	}
}

// gatewayModel is a gateway in the model.
func (b *builder) gatewayModel(g *gateway) model.Gateway {
	out := model.Gateway{Namespace: g.Namespace, Name: g.Name, Class: string(g.value.GatewayClassName), Profile: g.profile, Origin: g.r.Root().Origin()}
	switch {
	case g.unhandled.bad:
		out.Down, out.Origin = g.unhandled.why, g.unhandled.at
	case g.accepted.bad:
		out.Down, out.Origin = g.accepted.why, g.accepted.at
	}
	b.placeGateway(g, &out)
	for _, l := range g.all() {
		out.Listeners = append(out.Listeners, b.listenerModel(l))
	}
	for i := range g.value.Addresses {
		a := &g.value.Addresses[i]
		if addr, err := netip.ParseAddr(a.Value); err == nil {
			out.Addrs = append(out.Addrs, addr.Unmap())
		} else if or(a.Type, gatewayv1.IPAddressType) == gatewayv1.HostnameAddressType && a.Value != "" {
			out.Hosts = append(out.Hosts, strings.ToLower(a.Value))
		}
	}
	return out
}
