package clusternetworkpolicy

import (
	"fmt"

	npav1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/policyapi/clusterkit"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// protocol adds one entry of protocols to the rule: TCP, UDP or SCTP with a
// destination port or range, or the name of a container port of any protocol.
func protocol(r *rulekit.Reader, at rulekit.At, p *npav1alpha2.ClusterNetworkPolicyProtocol, rule *clusterkit.Rule) {
	clusterkit.CheckOne(r, at, "protocol")
	switch {
	case p.TCP != nil:
		port(r, at.Key("tcp"), algebra.TCP, p.TCP.DestinationPort, rule)
	case p.UDP != nil:
		port(r, at.Key("udp"), algebra.UDP, p.UDP.DestinationPort, rule)
	case p.SCTP != nil:
		port(r, at.Key("sctp"), algebra.SCTP, p.SCTP.DestinationPort, rule)
	case p.DestinationNamedPort != "":
		rule.Named = true
		rule.Traffic.Name(p.DestinationNamedPort, 0, false)
	default: // an entry of a newer definition, or destinationNamedPort: ""
		r.Unreadable(at, "this protocol is not understood", "")
	}
}

// port adds the ports of one protocol. The definition refuses tcp: {}, though
// the field's text makes destinationPort optional.
func port(r *rulekit.Reader, at rulekit.At, proto algebra.Protocol, p *npav1alpha2.Port, rule *clusterkit.Rule) {
	if p == nil {
		if at.Set() == 0 {
			r.Reject(at, "Invalid value: should have at least 1 properties",
				"for every port write destinationPort: {range: {start: 1, end: 65535}}")
		}
		rule.Traffic.Range(proto, 0, rulekit.MaxPort)
		return
	}
	place := at.Key("destinationPort")
	clusterkit.CheckOne(r, place, "port")
	switch {
	case p.Range != nil:
		span := place.Key("range")
		r.CheckPort(span.Key("start"), p.Range.Start)
		r.CheckPort(span.Key("end"), p.Range.End)
		if p.Range.Start >= p.Range.End {
			r.Reject(span, fmt.Sprintf("Invalid value: %d-%d: Start port must be less than End port", p.Range.Start, p.Range.End),
				"for one port write number")
		}
		rule.Traffic.Range(proto, p.Range.Start, p.Range.End)
	case place.Has("number"):
		r.CheckPort(place.Key("number"), p.Number)
		rule.Traffic.Range(proto, p.Number, p.Number)
	default:
		r.Unreadable(place, "this port is not understood", "")
	}
}
