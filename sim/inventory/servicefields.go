package inventory

import "github.com/netfate/netfate/sim/model"

func serviceFields() []model.FieldSupport {
	const choice = "chooses among the backends; each of them is taken as possible"
	return join(
		identity(true),
		ignored(noBearing, "metadata.*"),
		exact("spec.type", "spec.clusterIP", "spec.clusterIPs", "spec.externalIPs", "spec.loadBalancerIP",
			"spec.externalName", "spec.selector", "spec.internalTrafficPolicy", "spec.externalTrafficPolicy",
			"spec.publishNotReadyAddresses", "spec.ipFamilies",
			"spec.ports[].name", "spec.ports[].protocol", "spec.ports[].port", "spec.ports[].targetPort", "spec.ports[].nodePort"),
		[]model.FieldSupport{
			approximated("spec.ipFamilyPolicy", "RequireDualStack means both families; of the others the API server's choice is not guessed"),
			approximated("spec.loadBalancerSourceRanges", "not applied; reported as a gap"),
			approximated("status.loadBalancer.ingress[].ipMode", "taken as VIP: traffic inside the cluster does not leave it"),
		},
		exact("status.loadBalancer.ingress[].ip"),
		ignored("the name of a load balancer is not resolved", "status.loadBalancer.ingress[].hostname"),
		ignored(noBearing, "status.loadBalancer.ingress[].ports", "status.conditions"),
		ignored("layer 7 only", "spec.ports[].appProtocol"),
		ignored(choice, "spec.sessionAffinity", "spec.sessionAffinityConfig", "spec.trafficDistribution"),
		ignored(noBearing, "spec.healthCheckNodePort", "spec.allocateLoadBalancerNodePorts", "spec.loadBalancerClass"))
}

func sliceFields() []model.FieldSupport {
	return join(
		identity(true),
		exact("metadata.labels"),
		ignored(noBearing, "metadata.*"),
		exact("addressType", "ports[].name", "ports[].protocol", "ports[].port",
			"endpoints[].addresses", "endpoints[].conditions.ready", "endpoints[].nodeName"),
		[]model.FieldSupport{approximated("endpoints[].conditions.serving", "an endpoint that is terminating still serves while no other is left; not modelled")},
		ignored("said by ready and serving", "endpoints[].conditions.terminating"),
		ignored("layer 7 only", "ports[].appProtocol"),
		ignored("the address says what it is", "endpoints[].targetRef", "endpoints[].hostname"),
		ignored("chooses among the backends; each of them is taken as possible", "endpoints[].zone", "endpoints[].hints", "endpoints[].deprecatedTopology"))
}
