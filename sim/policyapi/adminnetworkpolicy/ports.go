package adminnetworkpolicy

import (
	"fmt"

	npav1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/clusterkit"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// port adds one port entry to the rule.
func port(r *rulekit.Reader, at rulekit.At, p *npav1alpha1.AdminNetworkPolicyPort, rule *clusterkit.Rule) {
	clusterkit.CheckOne(r, at, "port")
	switch {
	case p.PortNumber != nil:
		place := at.Key("portNumber")
		r.CheckPort(place.Key("port"), p.PortNumber.Port)
		span(r, place, string(p.PortNumber.Protocol), p.PortNumber.Port, p.PortNumber.Port, rule)
	case p.PortRange != nil:
		place := at.Key("portRange")
		r.CheckPort(place.Key("start"), p.PortRange.Start)
		r.CheckPort(place.Key("end"), p.PortRange.End)
		if p.PortRange.Start >= p.PortRange.End {
			r.Warn(place, fmt.Sprintf("start %d is not less than end %d", p.PortRange.Start, p.PortRange.End),
				"the API's text asks for it, but the API server does not check")
		}
		span(r, place, string(p.PortRange.Protocol), p.PortRange.Start, p.PortRange.End, rule)
	case p.NamedPort != nil:
		rule.Named = true
		rule.Traffic.Name(*p.NamedPort, 0, false)
	default:
		r.Unreadable(at, "this port is not understood", "")
	}
}

// span adds a range of ports. The definition does not check the protocol: what
// is none of TCP, UDP and SCTP makes the rule uncertain.
func span(r *rulekit.Reader, at rulekit.At, name string, lo, hi int32, rule *clusterkit.Rule) {
	proto, ok := model.APIProtocol(name)
	if ok {
		rule.Traffic.Range(proto, lo, hi)
		return
	}
	text := fmt.Sprintf("protocol %q is none of TCP, UDP and SCTP, and the API does not say what it matches", name)
	r.Warn(at.Key("protocol"), text, "")
	rule.Traffic.Any()
	rule.Uncertain = &model.Reason{
		Kind: model.UndefinedByAPI, Text: text, Confidence: model.Source, Origin: at.Origin(),
	}
}
