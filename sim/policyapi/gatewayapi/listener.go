package gatewayapi

import (
	"fmt"
	"slices"
	"strings"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// listener is a listener of a gateway or of a set.
type listener struct {
	gw   *gateway     // nil: of a set whose gateway does not exist
	set  *listenerSet // nil: the gateway's own
	spec gatewayv1.Listener
	at   rulekit.At
	// kinds of routes that may attach.
	kinds    []string
	accepted state
	refs     state // ResolvedRefs
	conflict state
	// attached are the routes it has, refused those that name it and may not attach.
	attached []*attachment
	refused  []model.Attachment
	gate     *model.Reason // what it asks of clients that a request does not say
}

// owner is the object that a listener stands in.
func (l *listener) owner() *object {
	if l.set != nil {
		return &l.set.object
	}
	return &l.gw.object
}

func (l *listener) host() string { return string(or(l.spec.Hostname, "")) }

func (l *listener) passthrough() bool {
	return l.spec.TLS != nil && or(l.spec.TLS.Mode, gatewayv1.TLSModeTerminate) == gatewayv1.TLSModePassthrough
}

// down says why a listener does not serve, "" when it does.
func (l *listener) down() (string, model.Origin) {
	switch {
	case l.conflict.bad:
		return l.conflict.why, l.conflict.at
	case l.accepted.bad:
		return l.accepted.why, l.accepted.at
	case l.refs.bad && l.refs.reason != string(gatewayv1.ListenerReasonInvalidRouteKinds):
		return l.refs.why, l.refs.at
	}
	return "", model.Origin{}
}

// checkListeners settles each listener by itself.
func (b *builder) checkListeners() {
	for _, g := range b.gateways {
		b.handled(g)
		for i := range g.value.Listeners {
			l := &listener{gw: g, spec: g.value.Listeners[i], at: g.spec.Item("listeners", i)}
			g.listeners = append(g.listeners, l)
			b.checkListener(l)
		}
	}
	for _, s := range b.sets {
		s.gw = b.parent(s)
		for i, spec := range s.specs() {
			l := &listener{gw: s.gw, set: s, spec: spec, at: s.spec.Item("listeners", i)}
			s.listeners = append(s.listeners, l)
			b.checkListener(l)
		}
	}
}

func (b *builder) checkListener(l *listener) {
	l.kinds = kindsOf(l)
	if l.kinds == nil {
		l.accepted.fail(string(gatewayv1.ListenerReasonUnsupportedProtocol), fmt.Sprintf("the protocol %q is not one of HTTP, HTTPS, TLS, TCP and UDP", l.spec.Protocol), l.at.Key("protocol").Origin())
		return
	}
	b.allowedKinds(l)
	if l.spec.Protocol == gatewayv1.HTTPSProtocolType || l.spec.Protocol == gatewayv1.TLSProtocolType {
		b.certificates(l)
	}
}

// kindsOf are the kinds of routes that a listener's protocol carries.
func kindsOf(l *listener) []string {
	switch l.spec.Protocol {
	case gatewayv1.HTTPProtocolType, gatewayv1.HTTPSProtocolType:
		return []string{"HTTPRoute", "GRPCRoute"}
	case gatewayv1.TLSProtocolType:
		if l.passthrough() {
			return []string{"TLSRoute"}
		}
		return []string{"TLSRoute", "TCPRoute"}
	case gatewayv1.TCPProtocolType:
		return []string{"TCPRoute"}
	case gatewayv1.UDPProtocolType:
		return []string{"UDPRoute"}
	}
	return nil
}

// allowedKinds limits the kinds to those that the listener allows.
func (b *builder) allowedKinds(l *listener) {
	if l.spec.AllowedRoutes == nil || len(l.spec.AllowedRoutes.Kinds) == 0 {
		return
	}
	var kept []string
	for i, k := range l.spec.AllowedRoutes.Kinds {
		if or(k.Group, gatewayv1.GroupName) == gatewayv1.GroupName && slices.Contains(l.kinds, string(k.Kind)) {
			kept = append(kept, string(k.Kind))
			continue
		}
		l.refs.fail(string(gatewayv1.ListenerReasonInvalidRouteKinds),
			fmt.Sprintf("a listener for %s takes no routes of the kind %s", l.spec.Protocol, kindText(string(or(k.Group, gatewayv1.GroupName)), string(k.Kind))),
			l.at.Key("allowedRoutes").Item("kinds", i).Origin())
	}
	l.kinds = kept
}

// certificates checks the TLS of a listener that ends it.
func (b *builder) certificates(l *listener) {
	if l.passthrough() {
		return
	}
	if l.spec.TLS == nil {
		l.refs.fail(string(gatewayv1.ListenerReasonInvalidCertificateRef), "it ends TLS and names no certificate", l.at.Origin())
		return
	}
	kind := l.owner().Kind
	for i := range l.spec.TLS.CertificateRefs {
		b.secret(&l.refs, &l.spec.TLS.CertificateRefs[i], kind, l.owner().Namespace, string(gatewayv1.ListenerReasonInvalidCertificateRef),
			l.at.Key("tls").Item("certificateRefs", i))
	}
	if l.gw != nil && l.spec.Protocol == gatewayv1.HTTPSProtocolType {
		b.clientCertificates(l)
	}
}

// clientCertificates checks what a gateway asks of the certificates of clients.
func (b *builder) clientCertificates(l *listener) {
	if l.gw.value.TLS == nil || l.gw.value.TLS.Frontend == nil {
		return
	}
	front := l.gw.value.TLS.Frontend
	at, config := l.gw.spec.Key("tls").Key("frontend").Key("default"), front.Default
	for i := range front.PerPort {
		if front.PerPort[i].Port == l.spec.Port {
			at, config = l.gw.spec.Key("tls").Key("frontend").Item("perPort", i).Key("tls"), front.PerPort[i].TLS
		}
	}
	v := config.Validation
	if v == nil {
		return
	}
	valid := 0
	for i := range v.CACertificateRefs {
		if b.authority(l, &v.CACertificateRefs[i], at.Key("validation").Item("caCertificateRefs", i)) {
			valid++
		}
	}
	if valid == 0 {
		l.accepted.fail(string(gatewayv1.ListenerReasonNoValidCACertificate), "no reference to a CA certificate for clients is valid: "+l.refs.why, at.Origin())
	}
	if v.Mode != gatewayv1.AllowInsecureFallback {
		l.gate = &model.Reason{Kind: model.MissingFact, Confidence: model.Source, Origin: at.Origin(),
			Text: "the listener wants a client certificate of a certain authority, and whether the client has one is not said"}
	}
}

// authority tells whether a reference to a CA certificate may be used.
func (b *builder) authority(l *listener, ref *gatewayv1.ObjectReference, at rulekit.At) bool {
	ns := string(or(ref.Namespace, gatewayv1.Namespace(l.gw.Namespace)))
	switch {
	case ref.Group != "" || ref.Kind != "ConfigMap":
		l.refs.fail(string(gatewayv1.ListenerReasonInvalidCACertificateKind), "CA certificates of the kind "+kindText(string(ref.Group), string(ref.Kind))+" are not supported", at.Origin())
		return false
	case !b.granted("Gateway", l.gw.Namespace, "", "ConfigMap", ns, string(ref.Name)):
		l.refs.fail(string(gatewayv1.ListenerReasonRefNotPermitted), fmt.Sprintf("no ReferenceGrant in namespace %s lets the gateway use ConfigMap %s", ns, ref.Name), at.Origin())
		return false
	}
	return true
}

// listenerModel is a listener in the model.
func (b *builder) listenerModel(l *listener) model.Listener {
	out := model.Listener{Name: string(l.spec.Name), Protocol: protocolOf(l), Port: uint16(l.spec.Port), Host: hostPattern(l.host()),
		Origin: l.at.Origin(), Attached: slices.Clone(l.refused), Gate: l.gate}
	if l.set != nil {
		out.Name = l.set.id() + "/" + out.Name
	}
	if why, at := l.down(); why != "" {
		out.Down, out.Origin = why, at
	}
	for _, a := range l.attached {
		out.Attached = append(out.Attached, model.Attachment{Route: a.route.r.Root().Origin(), Accepted: true, Why: "Accepted"})
	}
	out.Table = b.table(l)
	return out
}

func protocolOf(l *listener) model.ListenerProtocol {
	switch l.spec.Protocol {
	case gatewayv1.HTTPSProtocolType:
		return model.ListenHTTPS
	case gatewayv1.TLSProtocolType:
		if l.passthrough() {
			return model.ListenTLS
		}
		return model.ListenTLSTerminate
	case gatewayv1.TCPProtocolType:
		return model.ListenTCP
	case gatewayv1.UDPProtocolType:
		return model.ListenUDP
	}
	return model.ListenHTTP
}

// hostPattern is a host name of the API: exact, "*.example.com" for any number of
// labels before it and never the apex, or "" for every host.
func hostPattern(h string) model.Pattern {
	switch {
	case h == "":
		return model.Pattern{Kind: model.PatternAny}
	case strings.HasPrefix(h, "*."):
		return model.Pattern{Kind: model.PatternHostSuffix, Value: h[1:]}
	}
	return model.Pattern{Kind: model.PatternExact, Value: h}
}
