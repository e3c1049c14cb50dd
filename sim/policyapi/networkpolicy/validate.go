package networkpolicy

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi/rulekit"
)

// The checks of this file repeat the API server's validation of a NetworkPolicy
// (pkg/apis/networking/validation in Kubernetes), in its words. Places are made
// for errors only: most objects have none.

func (t *translation) checkTypes() {
	if len(t.spec.PolicyTypes) > 2 {
		t.Reject(t.at.Key("policyTypes"), "may not specify more than two policyTypes", "")
		return
	}
	for i, p := range t.spec.PolicyTypes {
		if p != networkingv1.PolicyTypeIngress && p != networkingv1.PolicyTypeEgress {
			hint := ""
			if w := strings.ToLower(string(p)); w == "ingress" || w == "egress" {
				hint = "write it with a capital letter"
			}
			t.Reject(t.at.Item("policyTypes", i), fmt.Sprintf(`Unsupported value: %q: supported values: "Egress", "Ingress"`, p), hint)
		}
	}
}

// checkPorts checks the port entries of a rule.
func (t *translation) checkPorts(rule rulekit.At, ports []networkingv1.NetworkPolicyPort) {
	for i := range ports {
		if !plainPort(&ports[i]) {
			t.checkPort(rule.Item("ports", i), &ports[i])
		}
	}
}

// plainPort accepts the commonest valid entries, fast.
func plainPort(p *networkingv1.NetworkPolicyPort) bool {
	known := p.Protocol == nil || *p.Protocol == "TCP" || *p.Protocol == "UDP"
	number := p.Port == nil || p.Port.Type == intstr.Int && p.Port.IntVal > 0 && p.Port.IntVal <= rulekit.MaxPort
	return known && number && p.EndPort == nil
}

func (t *translation) checkPort(at rulekit.At, p *networkingv1.NetworkPolicyPort) {
	t.checkProtocol(at, p)
	switch {
	case p.Port == nil:
		if p.EndPort != nil {
			t.Reject(at.Key("endPort"), invalidEnd(p, "may not be specified when `port` is not specified"), "")
		}
	case p.Port.Type == intstr.String:
		if p.EndPort != nil {
			t.Reject(at.Key("endPort"), invalidEnd(p, "may not be specified when `port` is non-numeric"), "")
		}
		for _, msg := range validation.IsValidPortName(p.Port.StrVal) {
			t.Reject(at.Key("port"), fmt.Sprintf("Invalid value: %q: %s", p.Port.StrVal, msg), numberHint(p.Port.StrVal))
		}
	default:
		t.CheckPort(at.Key("port"), p.Port.IntVal)
		if p.EndPort == nil {
			return
		}
		if *p.EndPort < p.Port.IntVal {
			t.Reject(at.Key("endPort"), invalidEnd(p, "must be greater than or equal to `port`"), "")
		}
		t.CheckPort(at.Key("endPort"), *p.EndPort)
	}
}

func (t *translation) checkProtocol(at rulekit.At, p *networkingv1.NetworkPolicyPort) {
	if p.Protocol == nil {
		return
	}
	if _, ok := model.APIProtocol(string(*p.Protocol)); ok && *p.Protocol != "" {
		return
	}
	hint := ""
	if upper := strings.ToUpper(string(*p.Protocol)); upper != string(*p.Protocol) {
		if _, ok := model.APIProtocol(upper); ok {
			hint = "write it in capital letters"
		}
	}
	t.Reject(at.Key("protocol"), fmt.Sprintf(`Unsupported value: %q: supported values: "SCTP", "TCP", "UDP"`, *p.Protocol), hint)
}

func invalidEnd(p *networkingv1.NetworkPolicyPort, why string) string {
	return "Invalid value: " + strconv.Itoa(int(*p.EndPort)) + ": " + why
}

// numberHint helps where a number was put in quotes.
func numberHint(s string) string {
	if n, err := strconv.Atoi(s); err == nil && n > 0 && n <= rulekit.MaxPort {
		return "write the number without quotes"
	}
	return ""
}

func (t *translation) checkPeer(at rulekit.At, p *networkingv1.NetworkPolicyPeer) {
	selectors := p.PodSelector != nil || p.NamespaceSelector != nil
	t.CheckSelector(at, "podSelector", p.PodSelector)
	t.CheckSelector(at, "namespaceSelector", p.NamespaceSelector)
	switch {
	case p.IPBlock == nil && !selectors:
		t.Reject(at, "Required value: must specify a peer", "a rule for every peer has no from or to at all")
	case p.IPBlock != nil && selectors:
		t.Reject(at, "Forbidden: may not specify both ipBlock and another peer", "make two list items of them")
	}
	if p.IPBlock != nil {
		t.checkBlock(at.Key("ipBlock"), p.IPBlock)
	}
}

func (t *translation) checkBlock(at rulekit.At, b *networkingv1.IPBlock) {
	if b.CIDR == "" {
		t.Reject(at.Key("cidr"), "Required value", "")
		return
	}
	cidr, ok := t.CheckCIDR(at.Key("cidr"), b.CIDR)
	for i, e := range b.Except {
		place := at.Item("except", i)
		except, valid := t.CheckCIDR(place, e)
		if ok && valid && !strictSubset(cidr, except) {
			t.Reject(place, fmt.Sprintf("Invalid value: %q: must be a strict subset of `cidr`", e), "")
		}
	}
}

// strictSubset tells whether inner is inside outer and smaller.
func strictSubset(outer, inner netip.Prefix) bool {
	return outer.Contains(inner.Addr()) && inner.Bits() > outer.Bits()
}
