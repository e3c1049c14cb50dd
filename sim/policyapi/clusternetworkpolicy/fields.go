package clusternetworkpolicy

import (
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// Fields lists the fields of ClusterNetworkPolicy.
func (Translator) Fields() []model.FieldSupport {
	t := rulekit.Table{Kind: "ClusterNetworkPolicy"}
	t.Envelope(false)
	t.Exact("spec.tier", "spec.priority")
	for _, pods := range []string{"spec.subject", "spec.ingress[].from[]", "spec.egress[].to[]"} {
		t.Selector(pods+".namespaces", pods+".pods.namespaceSelector", pods+".pods.podSelector")
	}
	t.Selector("spec.egress[].to[].nodes")
	t.Exact("spec.egress[].to[].networks[]")
	t.Approximated("exact for flows to host names; a flow to an address that such a name may resolve to is undetermined",
		"spec.egress[].to[].domainNames[]")
	for _, rule := range []string{"spec.ingress[]", "spec.egress[]"} {
		t.Exact(rule + ".action")
		t.Ignored("a name for people", rule+".name")
		for _, proto := range []string{".tcp", ".udp", ".sctp"} {
			port := rule + ".protocols[]" + proto + ".destinationPort"
			t.Exact(port+".number", port+".range.start", port+".range.end")
		}
		t.Exact(rule + ".protocols[].destinationNamedPort")
	}
	t.Ignored("what implementations report", "status.conditions")
	return t.Rows
}
