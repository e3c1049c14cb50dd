package istio

import (
	"slices"
	"strings"

	networkingv1 "istio.io/api/networking/v1alpha3"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// tls returns a rule for each match of a TLS route, chosen by server name.
func (v *routes) tls(at rulekit.At, x *networkingv1.TLSRoute) []model.RouteRule {
	var out []model.RouteRule
	for i, m := range x.GetMatch() {
		if len(m.GetGateways()) > 0 && !slices.ContainsFunc(m.GetGateways(), isMesh) {
			continue
		}
		var names []model.Pattern
		for _, h := range m.GetSniHosts() {
			p := model.Pattern{Kind: model.PatternExact, Value: h}
			if suffix, wild := strings.CutPrefix(h, "*"); wild {
				p = model.Pattern{Kind: model.PatternHostSuffix, Value: suffix}
			}
			names = append(names, p)
		}
		rule := v.streamRule(at.Item("match", i), at, x.GetRoute())
		rule.When = model.AllOf(model.Match(model.AttrSNI, "", names...), subnets(m.GetDestinationSubnets()))
		rule.ClientPort, rule.ClientLabels, rule.ClientNamespace = uint16(m.GetPort()), model.NewLabels(m.GetSourceLabels()), m.GetSourceNamespace()
		out = append(out, rule)
	}
	return out
}

// tcp returns a rule for each match of a TCP route; without matches one for all.
func (v *routes) tcp(at rulekit.At, x *networkingv1.TCPRoute) []model.RouteRule {
	if len(x.GetMatch()) == 0 {
		return []model.RouteRule{v.streamRule(at, at, x.GetRoute())}
	}
	var out []model.RouteRule
	for i, m := range x.GetMatch() {
		if len(m.GetGateways()) > 0 && !slices.ContainsFunc(m.GetGateways(), isMesh) {
			continue
		}
		rule := v.streamRule(at.Item("match", i), at, x.GetRoute())
		rule.When = subnets(m.GetDestinationSubnets())
		rule.ClientPort, rule.ClientLabels, rule.ClientNamespace = uint16(m.GetPort()), model.NewLabels(m.GetSourceLabels()), m.GetSourceNamespace()
		out = append(out, rule)
	}
	return out
}

// subnets is a match of the address that the client connects to.
func subnets(list []string) *model.Cond {
	var blocks []*model.Cond
	for _, s := range list {
		if set, err := addrSet(s); err == nil {
			blocks = append(blocks, model.MatchAddrs(model.AttrLocalAddr, set))
		}
	}
	if len(blocks) == 0 {
		return nil
	}
	return model.AnyOf(blocks...)
}

// streamRule sends connections to destinations.
func (v *routes) streamRule(place, at rulekit.At, list []*networkingv1.RouteDestination) model.RouteRule {
	a := model.RouteAction{Origin: at.Origin()}
	for i, d := range list {
		weight := uint32(max(0, d.GetWeight()))
		if len(list) == 1 {
			weight = 1
		}
		a.Backends = append(a.Backends, v.backend(at.Item("route", i), d.GetDestination(), weight))
	}
	return model.RouteRule{Action: a, Origin: place.Origin()}
}
