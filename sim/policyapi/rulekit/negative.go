package rulekit

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/netfate/netfate/sim/model"
)

// Negative tells whether a peer with these selectors matches everything under the
// profile (N50): with nothing but NotIn and DoesNotExist, and at least one of them on
// namespaces. pods is nil for a peer of namespaces.
func Negative(p *model.Profile, pods, namespaces *metav1.LabelSelector) bool {
	how := p.NegativePeers.Value
	if how == model.NegativeAsSaid || pods != nil && how != model.NegativeAll {
		return false
	}
	return namespaces != nil && len(namespaces.MatchExpressions) > 0 && refuses(namespaces) && (pods == nil || refuses(pods))
}

// refuses tells whether a selector only says what it does not match.
func refuses(s *metav1.LabelSelector) bool {
	return len(s.MatchLabels) == 0 && !slices.ContainsFunc(s.MatchExpressions, func(q metav1.LabelSelectorRequirement) bool {
		return q.Operator != metav1.LabelSelectorOpNotIn && q.Operator != metav1.LabelSelectorOpDoesNotExist
	})
}

// Everything returns what a rule becomes that has a peer which matches everything (N50).
// Ports by name of egress are looked up on the pods that the selectors choose, so for
// them its peers stay what they are.
func Everything(p *model.Profile, rule model.Rule, egress bool) []model.Rule {
	all, named := rule, rule
	all.AnyPeer, all.Peers, all.Deviation = true, nil, &model.Deviation{Statement: p.NegativePeers.Statement}
	if !egress || len(rule.Traffic.Named) == 0 || rule.Traffic.Any {
		return []model.Rule{all}
	}
	all.Traffic.Named, named.Traffic = nil, model.Traffic{Named: rule.Traffic.Named}
	if all.Traffic.Conns.Empty() {
		return []model.Rule{named}
	}
	return []model.Rule{all, named}
}
