package networkpolicy

import (
	"net/netip"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// rules returns the rules of a direction. Ingress and egress rules have the same
// shape under other names.
func (t *translation) rules(d model.Direction) []model.Rule {
	if d == model.Egress {
		out := make([]model.Rule, 0, len(t.spec.Egress))
		for i := range t.spec.Egress {
			r := &t.spec.Egress[i]
			out = append(out, t.rule(t.at.Item("egress", i), "to", r.To, r.Ports)...)
		}
		return out
	}
	out := make([]model.Rule, 0, len(t.spec.Ingress))
	for i := range t.spec.Ingress {
		r := &t.spec.Ingress[i]
		out = append(out, t.rule(t.at.Item("ingress", i), "from", r.From, r.Ports)...)
	}
	return out
}

// rule checks and translates one rule. No peers, in whatever spelling, are all peers.
func (t *translation) rule(at rulekit.At, key string, peers []networkingv1.NetworkPolicyPeer, ports []networkingv1.NetworkPolicyPort) []model.Rule {
	t.checkPorts(at, ports)
	rule := model.Rule{Action: model.Allow, Traffic: t.traffic(ports), Origin: at.Origin()}
	if len(peers) == 0 {
		rule.AnyPeer = true
		return []model.Rule{rule}
	}
	rule.Peers = make([]model.Peer, 0, len(peers))
	all := false
	for i := range peers {
		rule.Peers = t.peer(rule.Peers, at.Item(key, i), &peers[i])
		all = all || t.negative(&peers[i])
	}
	if all {
		return rulekit.Everything(t.Profile, rule, key == "to")
	}
	return []model.Rule{rule}
}

// negative tells whether a peer matches everything since it says no more than which
// namespaces and pods it is not (N50).
func (t *translation) negative(p *networkingv1.NetworkPolicyPeer) bool {
	pods := p.PodSelector
	if pods == nil {
		pods = &metav1.LabelSelector{}
	}
	return p.IPBlock == nil && rulekit.Negative(t.Profile, pods, p.NamespaceSelector)
}

// traffic translates the port entries of a rule: none is everything, an entry
// without protocol is TCP, one without port is every port of its protocol.
func (t *translation) traffic(ports []networkingv1.NetworkPolicyPort) model.Traffic {
	var all rulekit.Ports
	if len(ports) == 0 {
		all.Any()
	}
	for i := range ports {
		p := &ports[i]
		proto, _ := model.APIProtocol(protocol(p))
		switch {
		case p.Port == nil:
			all.Range(proto, 0, rulekit.MaxPort)
		case p.Port.Type == intstr.String:
			all.Name(p.Port.StrVal, proto, true)
		case p.EndPort != nil:
			all.Range(proto, p.Port.IntVal, *p.EndPort)
		default:
			all.Range(proto, p.Port.IntVal, p.Port.IntVal)
		}
	}
	return all.Traffic(t.Profile)
}

// protocol returns the protocol's name, "" for none.
func protocol(p *networkingv1.NetworkPolicyPort) string {
	if p.Protocol == nil {
		return ""
	}
	return string(*p.Protocol)
}

// peer checks one peer and appends what it means.
func (t *translation) peer(out []model.Peer, at rulekit.At, p *networkingv1.NetworkPolicyPeer) []model.Peer {
	t.checkPeer(at, p)
	if p.IPBlock != nil {
		return append(out, rulekit.Block(at, addresses(p.IPBlock), &t.Profile.BlockPods, &t.Profile.BlockNodes))
	}
	s := &model.Selector{
		PodLabels: rulekit.Expr(p.PodSelector), LocalCluster: t.Profile.LocalCluster.Value,
		HostNetwork: t.Profile.HostPodPeers.Value == model.HostPodsIfPodSelector && p.PodSelector != nil,
	}
	if p.NamespaceSelector == nil {
		s.Namespace = t.subject.Namespace
	} else {
		rulekit.SelectNamespaces(s, p.NamespaceSelector)
	}
	out = append(out, model.Peer{Pods: s, Origin: at.Origin()})
	if t.host != nil {
		onHost := *s
		onHost.HostNetwork, onHost.OnlyHost = true, true
		out = append(out, model.Peer{Pods: &onHost, Uncertain: t.host, Origin: at.Origin()})
	}
	return out
}

// addresses returns the addresses of a block: the CIDR without its exceptions.
func addresses(b *networkingv1.IPBlock) algebra.AddrSet {
	cidr, ok := rulekit.ParseCIDR(b.CIDR)
	if !ok {
		return nil
	}
	if len(b.Except) == 0 {
		return algebra.AddrSet{algebra.FromPrefix(cidr)}
	}
	var except []netip.Prefix
	for _, e := range b.Except {
		if p, ok := rulekit.ParseCIDR(e); ok {
			except = append(except, p)
		}
	}
	return algebra.PrefixSet(cidr, except...)
}
