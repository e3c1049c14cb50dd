package istio

import (
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// Fields lists the fields of Istio's kinds. A path that ends in ".*" stands for
// all under it that has no line of its own.
func (Assembler) Fields() []model.FieldSupport {
	var out []model.FieldSupport
	for _, t := range []rulekit.Table{authorizationFields(), peerFields(), requestFields(), destinationFields(), sidecarFields(),
		serviceEntryFields(), virtualServiceFields(), configFields()} {
		out = append(out, t.Rows...)
	}
	return out
}

const targetsNote = "a Gateway is exact; a Service, ServiceEntry or GatewayClass is for waypoints, which are not modelled: without effect at gateways and sidecars"

func authorizationFields() rulekit.Table {
	t := rulekit.Table{Kind: "AuthorizationPolicy"}
	t.Exact("spec.selector.matchLabels", "spec.action", "spec.rules[].from[].source.*", "spec.rules[].to[].operation.*")
	t.Approximated("experimental.envoy.filters and request.headers[:path] are undetermined; all other keys are exact",
		"spec.rules[].when[].key", "spec.rules[].when[].values[]", "spec.rules[].when[].notValues[]")
	t.Approximated("a known external authorizer decides: undetermined; an unknown one denies", "spec.provider.name")
	t.Approximated(targetsNote, "spec.targetRef.*", "spec.targetRefs[].*")
	return t
}

func peerFields() rulekit.Table {
	t := rulekit.Table{Kind: "PeerAuthentication"}
	t.Exact("spec.selector.matchLabels", "spec.mtls.mode", "spec.portLevelMtls")
	return t
}

func requestFields() rulekit.Table {
	t := rulekit.Table{Kind: "RequestAuthentication"}
	t.Exact("spec.selector.matchLabels", "spec.jwtRules[].issuer", "spec.jwtRules[].audiences[]", "spec.jwtRules[].spaceDelimitedClaims[]")
	t.Exact("spec.jwtRules[].forwardOriginalToken")
	t.Approximated(targetsNote, "spec.targetRef.*", "spec.targetRefs[].*")
	t.Approximated("at gateways reported as a gap, elsewhere nobody looks at them", "spec.jwtRules[].outputPayloadToHeader", "spec.jwtRules[].outputClaimToHeaders[].*")
	t.Ignored("a flow states the token and whether it is valid, wherever it is carried", "spec.jwtRules[].*")
	return t
}

func destinationFields() rulekit.Table {
	t := rulekit.Table{Kind: "DestinationRule"}
	t.Exact("spec.host", "spec.exportTo[]", "spec.workloadSelector.matchLabels", "spec.subsets[].name", "spec.subsets[].labels",
		"spec.trafficPolicy.tls.mode", "spec.trafficPolicy.portLevelSettings[].port.number", "spec.trafficPolicy.portLevelSettings[].tls.mode",
		"spec.subsets[].trafficPolicy.tls.mode", "spec.subsets[].trafficPolicy.portLevelSettings[].port.number",
		"spec.subsets[].trafficPolicy.portLevelSettings[].tls.mode")
	t.Approximated("reported as a gap", "spec.trafficPolicy.tunnel.*", "spec.trafficPolicy.proxyProtocol.*")
	t.Ignored("load balancing, limits and certificates change no verdict where they are right", "spec.trafficPolicy.*", "spec.subsets[].trafficPolicy.*")
	return t
}

func sidecarFields() rulekit.Table {
	t := rulekit.Table{Kind: "Sidecar"}
	t.Exact("spec.workloadSelector.labels", "spec.egress[].hosts[]", "spec.egress[].port.number", "spec.outboundTrafficPolicy.mode")
	t.Exact("spec.ingress[].port.number", "spec.ingress[].port.protocol")
	t.Approximated("reported as a gap", "spec.ingress[].tls.*", "spec.outboundTrafficPolicy.egressProxy.*")
	t.Ignored("where a proxy listens and how many connections it holds", "spec.egress[].*", "spec.ingress[].*", "spec.inboundConnectionPool.*")
	return t
}

func serviceEntryFields() rulekit.Table {
	t := rulekit.Table{Kind: "ServiceEntry"}
	t.Exact("spec.hosts[]", "spec.exportTo[]", "spec.ports[].number", "spec.ports[].protocol", "spec.ports[].targetPort", "spec.location", "spec.addresses[]")
	t.Approximated("reported as a gap: the host is taken for what its name resolves to", "spec.endpoints[].*", "spec.workloadSelector.labels")
	t.Ignored("names and how addresses are found change no verdict", "spec.ports[].name", "spec.resolution", "spec.subjectAltNames[]")
	return t
}

func virtualServiceFields() rulekit.Table {
	t := rulekit.Table{Kind: "VirtualService"}
	t.Exact("spec.hosts[]", "spec.exportTo[]", "spec.http[].match[].*", "spec.http[].route[].*", "spec.http[].redirect.*", "spec.http[].directResponse.status",
		"spec.http[].rewrite.*", "spec.http[].headers.request.*", "spec.http[].mirror.*", "spec.http[].mirrors[].*",
		"spec.http[].delegate.*", "spec.tls[].match[].*", "spec.tls[].route[].*", "spec.tcp[].match[].*", "spec.tcp[].route[].*",
		"spec.http[].fault.abort.httpStatus", "spec.http[].fault.abort.percentage.value")
	t.Approximated("routes of Istio's own gateways are reported as a gap", "spec.gateways[]")
	t.Approximated("an abort with a gRPC status is taken for one with status 503", "spec.http[].fault.abort.*")
	t.Ignored("names, times, retries, mirrored shares, CORS headers and responses change no verdict", "spec.http[].*")
	return t
}

func configFields() rulekit.Table {
	t := rulekit.Table{Kind: "ConfigMap"}
	t.Approximated("of the ConfigMap istio: rootNamespace, trustDomain, trustDomainAliases, outboundTrafficPolicy, enableAutoMtls, pathNormalization, "+
		"extensionProviders, defaultConfig.gatewayTopology and the default exportTo are read; others have no bearing", "data.mesh")
	return t
}
