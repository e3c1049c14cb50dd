package adminnetworkpolicy

import (
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// Fields lists the fields of both kinds.
func (Translator) Fields() []model.FieldSupport {
	a := rulekit.Table{Kind: adminKind}
	fields(&a)
	a.Exact("spec.priority")
	a.Approximated("exact for flows to host names; a flow to an address that such a name may resolve to is undetermined",
		"spec.egress[].to[].domainNames[]")
	b := rulekit.Table{Kind: baselineKind}
	fields(&b)
	return append(a.Rows, b.Rows...)
}

// fields adds what both kinds have.
func fields(t *rulekit.Table) {
	t.Envelope(false)
	for _, pods := range []string{"spec.subject", "spec.ingress[].from[]", "spec.egress[].to[]"} {
		t.Selector(pods+".namespaces", pods+".pods.namespaceSelector", pods+".pods.podSelector")
	}
	t.Selector("spec.egress[].to[].nodes")
	t.Exact("spec.egress[].to[].networks[]")
	for _, rule := range []string{"spec.ingress[]", "spec.egress[]"} {
		t.Exact(rule + ".action")
		t.Ignored("a name for people", rule+".name")
		t.Approximated("exact for TCP, UDP and SCTP; the API accepts other words without saying what they match",
			rule+".ports[].portNumber.protocol", rule+".ports[].portRange.protocol")
		t.Exact(rule+".ports[].portNumber.port", rule+".ports[].portRange.start",
			rule+".ports[].portRange.end", rule+".ports[].namedPort")
	}
	t.Ignored("what implementations report", "status.conditions")
}
