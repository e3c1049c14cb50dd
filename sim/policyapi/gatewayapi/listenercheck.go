package gatewayapi

import (
	"fmt"
	"regexp"
	"strings"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// validListeners checks listeners as the API server does.
func validListeners(x *object, list []gatewayv1.Listener) bool {
	for i := range list {
		l, at := &list[i], x.spec.Item("listeners", i)
		checkHost(x, at.Key("hostname"), l.Hostname)
		if l.Port < 1 || l.Port > 65535 {
			x.r.Reject(at.Key("port"), fmt.Sprintf("Invalid value: %d: ports are 1 to 65535", l.Port), "")
		}
		if l.Name == "" {
			x.r.Reject(at, "name: Required value", "")
		}
		if why := listenerTLS(l); why != "" {
			x.r.Reject(at, why, "")
		}
		for j := range list[:i] {
			if list[j].Name == l.Name {
				x.r.Reject(at.Key("name"), "Listener name must be unique within the "+x.Kind, "")
			}
			if sameListener(&list[j], l) {
				x.r.Reject(at, "Combination of port, protocol and hostname must be unique for each listener", "")
			}
		}
		checkAllowed(x, at, l.AllowedRoutes)
	}
	return !x.r.Rejected()
}

func sameListener(a, b *gatewayv1.Listener) bool {
	return a.Port == b.Port && a.Protocol == b.Protocol && (a.Hostname == nil) == (b.Hostname == nil) && or(a.Hostname, "") == or(b.Hostname, "")
}

// listenerTLS says what is wrong with TLS and host of a listener, "" for nothing.
func listenerTLS(l *gatewayv1.Listener) string {
	plain := l.Protocol == gatewayv1.HTTPProtocolType || l.Protocol == gatewayv1.TCPProtocolType || l.Protocol == gatewayv1.UDPProtocolType
	switch {
	case l.TLS != nil && plain:
		return "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']"
	case l.TLS != nil && l.Protocol == gatewayv1.HTTPSProtocolType && or(l.TLS.Mode, gatewayv1.TLSModeTerminate) != gatewayv1.TLSModeTerminate:
		return "tls mode must be Terminate for protocol HTTPS"
	case l.Protocol == gatewayv1.TLSProtocolType && l.TLS == nil:
		return "tls mode must be set for protocol TLS"
	case or(l.Hostname, "") != "" && (l.Protocol == gatewayv1.TCPProtocolType || l.Protocol == gatewayv1.UDPProtocolType):
		return "hostname must not be specified for protocols ['TCP', 'UDP']"
	case l.TLS == nil:
		return ""
	}
	mode := or(l.TLS.Mode, gatewayv1.TLSModeTerminate)
	if mode != gatewayv1.TLSModeTerminate && mode != gatewayv1.TLSModePassthrough {
		return fmt.Sprintf(`tls.mode: Unsupported value: %q: supported values: "Terminate", "Passthrough"`, mode)
	}
	if mode == gatewayv1.TLSModeTerminate && len(l.TLS.CertificateRefs)+len(l.TLS.Options) == 0 {
		return "certificateRefs or options must be specified when mode is Terminate"
	}
	return ""
}

// checkAllowed checks from which namespaces a listener takes routes.
func checkAllowed(x *object, at rulekit.At, a *gatewayv1.AllowedRoutes) {
	if a == nil || a.Namespaces == nil {
		return
	}
	place := at.Key("allowedRoutes").Key("namespaces")
	switch from := or(a.Namespaces.From, gatewayv1.NamespacesFromSame); from {
	case gatewayv1.NamespacesFromAll, gatewayv1.NamespacesFromSame:
	case gatewayv1.NamespacesFromSelector:
		x.r.CheckSelector(place, "selector", a.Namespaces.Selector)
	default:
		x.r.Reject(place.Key("from"), fmt.Sprintf(`Unsupported value: %q: supported values: "All", "Selector", "Same"`, from), "")
	}
}

// hostForm is the pattern of a host name.
const hostForm = `^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`

// checkHost checks a host name, in which only the whole first label may be a wildcard.
func checkHost(x *object, at rulekit.At, h *gatewayv1.Hostname) {
	if h == nil {
		return
	}
	text := string(*h)
	if ok, err := regexp.MatchString(hostForm, text); ok && err == nil && len(text) <= 253 {
		return
	}
	hint := ""
	switch {
	case strings.Contains(strings.TrimPrefix(text, "*."), "*"):
		hint = "a wildcard stands for the whole first labels: *.example.com"
	case strings.ToLower(text) != text:
		hint = "host names are in lower case"
	}
	x.r.Reject(at, fmt.Sprintf("Invalid value: %q: not a host name", text), hint)
}
