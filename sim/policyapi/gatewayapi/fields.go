package gatewayapi

import (
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

const (
	notRead  = "Secrets and ConfigMaps are not read: one that may be used is taken to exist and to be right"
	noEffect = "times, retries and stickiness choose no other backend and change no verdict"
	people   = "a name for people and policies of other kinds"
)

// Fields lists the fields of the API's kinds. A path that ends in ".*" stands for
// all under it that has no line of its own.
func (Assembler) Fields() []model.FieldSupport {
	var out []model.FieldSupport
	for _, t := range []rulekit.Table{classFields(), gatewayFields(), setFields(), httpFields(), grpcFields(), streamFields("TLSRoute"),
		streamFields("TCPRoute"), streamFields("UDPRoute"), grantFields(), tlsFields()} {
		out = append(out, t.Rows...)
	}
	return out
}

func classFields() rulekit.Table {
	t := rulekit.Table{Kind: "GatewayClass"}
	t.Exact("spec.controllerName")
	t.Ignored("what parameters do is the implementation's", "spec.parametersRef.*")
	t.Ignored("for people", "spec.description")
	return t
}

// listenerFields are those of the listeners of a Gateway and of a ListenerSet.
func listenerFields(t *rulekit.Table) {
	const l = "spec.listeners[]"
	t.Exact(l+".name", l+".hostname", l+".port", l+".protocol", l+".tls.mode", l+".allowedRoutes.kinds[].group", l+".allowedRoutes.kinds[].kind",
		l+".allowedRoutes.namespaces.from")
	t.Selector(l + ".allowedRoutes.namespaces.selector")
	t.Approximated(notRead, l+".tls.certificateRefs[].*")
	t.Ignored("settings of TLS are the implementation's", l+".tls.options")
}

func gatewayFields() rulekit.Table {
	t := rulekit.Table{Kind: "Gateway"}
	t.Exact("spec.gatewayClassName", "spec.addresses[].type", "spec.addresses[].value", "spec.allowedListeners.namespaces.from")
	t.Selector("spec.allowedListeners.namespaces.selector")
	listenerFields(&t)
	t.Approximated("a listener that asks for client certificates is undetermined: a request does not say which the client has",
		"spec.tls.frontend.default.validation.*", "spec.tls.frontend.perPort[].*")
	t.Approximated(notRead, "spec.tls.backend.clientCertificateRef.*")
	t.Ignored("default gateways are experimental; a route that asks for one is reported as a gap", "spec.defaultScope")
	t.Ignored("pods that are in the snapshot have their labels and annotations; what parameters do is the implementation's", "spec.infrastructure.*")
	return t
}

func setFields() rulekit.Table {
	t := rulekit.Table{Kind: "ListenerSet"}
	t.Exact("spec.parentRef.group", "spec.parentRef.kind", "spec.parentRef.name", "spec.parentRef.namespace")
	listenerFields(&t)
	return t
}

func parentFields(t *rulekit.Table) {
	const p = "spec.parentRefs[]"
	t.Exact(p+".group", p+".kind", p+".namespace", p+".name", p+".sectionName", p+".port")
	t.Approximated("default gateways are experimental: reported as a gap", "spec.useDefaultGateways")
}

// refFields are those of a reference to a backend.
func refFields(t *rulekit.Table, path string) {
	t.Exact(path+".name", path+".namespace", path+".port")
	t.Approximated("a backend other than a Service fails, and is reported as a gap: an implementation may support it", path+".group", path+".kind")
}

func headerFields(t *rulekit.Table, filter string) {
	t.Exact(filter+".type", filter+".requestHeaderModifier.set[].name", filter+".requestHeaderModifier.set[].value", filter+".requestHeaderModifier.add[].name",
		filter+".requestHeaderModifier.add[].value", filter+".requestHeaderModifier.remove[]")
	t.Exact(filter + ".responseHeaderModifier.*")
	refFields(t, filter+".requestMirror.backendRef")
	t.Exact(filter+".requestMirror.percent", filter+".requestMirror.fraction.*")
	t.Approximated("an extension that is not known answers 500, and is reported as a gap: an implementation that knows it applies it", filter+".extensionRef.*")
}

func httpFields() rulekit.Table {
	t := rulekit.Table{Kind: "HTTPRoute"}
	parentFields(&t)
	const rule, match = "spec.rules[]", "spec.rules[].matches[]"
	t.Exact("spec.hostnames[]", match+".method", match+".headers[].name", match+".queryParams[].name")
	t.Approximated("an expression is read as RE2 that matches the whole value; where it stands among other matches of a path is undetermined",
		match+".path.type", match+".path.value", match+".headers[].type", match+".headers[].value", match+".queryParams[].type", match+".queryParams[].value")
	for _, filter := range []string{rule + ".filters[]", rule + ".backendRefs[].filters[]"} {
		headerFields(&t, filter)
		t.Exact(filter+".requestRedirect.*", filter+".urlRewrite.*", filter+".cors.allowOrigins[]")
		t.Ignored("headers of responses change no verdict", filter+".cors.*")
		t.Approximated("an external authorization decides: undetermined; one that cannot be asked refuses", filter+".externalAuth.*")
	}
	refFields(&t, rule+".backendRefs[]")
	t.Exact(rule + ".backendRefs[].weight")
	t.Ignored(people, rule+".name")
	t.Ignored(noEffect, rule+".timeouts.*", rule+".retry.*", rule+".sessionPersistence.*")
	return t
}

func grpcFields() rulekit.Table {
	t := rulekit.Table{Kind: "GRPCRoute"}
	parentFields(&t)
	const rule, match = "spec.rules[]", "spec.rules[].matches[]"
	t.Exact("spec.hostnames[]", match+".headers[].name")
	t.Approximated("an expression is read as RE2 that matches the whole value; where it stands among other matches is undetermined",
		match+".method.type", match+".method.service", match+".method.method", match+".headers[].type", match+".headers[].value")
	for _, filter := range []string{rule + ".filters[]", rule + ".backendRefs[].filters[]"} {
		headerFields(&t, filter)
	}
	refFields(&t, rule+".backendRefs[]")
	t.Exact(rule + ".backendRefs[].weight")
	t.Ignored(people, rule+".name")
	t.Ignored(noEffect, rule+".sessionPersistence.*")
	return t
}

func streamFields(kind string) rulekit.Table {
	t := rulekit.Table{Kind: kind}
	parentFields(&t)
	if kind == "TLSRoute" {
		t.Exact("spec.hostnames[]")
	}
	refFields(&t, "spec.rules[].backendRefs[]")
	t.Exact("spec.rules[].backendRefs[].weight")
	t.Ignored(people, "spec.rules[].name")
	return t
}

func grantFields() rulekit.Table {
	t := rulekit.Table{Kind: "ReferenceGrant"}
	t.Exact("spec.from[].group", "spec.from[].kind", "spec.from[].namespace", "spec.to[].group", "spec.to[].kind", "spec.to[].name")
	return t
}

func tlsFields() rulekit.Table {
	t := rulekit.Table{Kind: "BackendTLSPolicy"}
	t.Exact("spec.targetRefs[].group", "spec.targetRefs[].kind", "spec.targetRefs[].name", "spec.targetRefs[].sectionName", "spec.validation.wellKnownCACertificates")
	t.Approximated(notRead, "spec.validation.caCertificateRefs[].*")
	t.Ignored("a backend is taken to have the certificate that is asked for", "spec.validation.hostname", "spec.validation.subjectAltNames[].*")
	t.Ignored("settings of TLS are the implementation's", "spec.options")
	return t
}
