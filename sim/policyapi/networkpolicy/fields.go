package networkpolicy

import (
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// Fields lists the fields of NetworkPolicy.
func (Translator) Fields() []model.FieldSupport {
	t := rulekit.Table{Kind: "NetworkPolicy"}
	t.Envelope(true)
	t.Selector("spec.podSelector")
	t.Exact("spec.policyTypes[]")
	for _, rule := range []string{"spec.ingress[].from[]", "spec.egress[].to[]"} {
		t.Selector(rule+".podSelector", rule+".namespaceSelector")
		t.Exact(rule+".ipBlock.cidr", rule+".ipBlock.except[]")
	}
	for _, rule := range []string{"spec.ingress[]", "spec.egress[]"} {
		t.Exact(rule+".ports[].protocol", rule+".ports[].port", rule+".ports[].endPort")
	}
	return t.Rows
}
