package rulekit

import (
	"net"
	"net/netip"

	utilnet "k8s.io/utils/net"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// ParseCIDR reads a CIDR as the API server does for NetworkPolicy, a field that
// predates strict checking: host bits and leading zeros are let pass.
func ParseCIDR(text string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(text); err == nil && p.Addr().Zone() == "" && !p.Addr().Is4In6() {
		return p.Masked(), true
	}
	_, n, err := utilnet.ParseCIDRSloppy(text)
	if err != nil {
		return netip.Prefix{}, false
	}
	return prefixOf(n)
}

// CheckCIDR reads a CIDR and rejects what the API server refuses in a
// NetworkPolicy.
func (r *Reader) CheckCIDR(at At, text string) (netip.Prefix, bool) {
	p, ok := ParseCIDR(text)
	if !ok {
		r.Reject(at, invalid(text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"), cidrHint(text))
		return p, false
	}
	if strict, err := netip.ParsePrefix(text); err != nil || strict != p {
		r.Warn(at, "\""+text+"\" is read as "+p.String(), "write it so; strict API servers refuse other spellings")
	}
	return p, true
}

// prefixOf turns the standard library's older form into a prefix.
func prefixOf(n *net.IPNet) (netip.Prefix, bool) {
	addr, ok := netip.AddrFromSlice(n.IP)
	ones, bits := n.Mask.Size()
	if !ok {
		return netip.Prefix{}, false
	}
	if addr.Is4In6() && bits == 128 && ones >= 96 {
		ones -= 96
	}
	return netip.PrefixFrom(addr.Unmap(), ones).Masked(), true
}

// ClusterCIDR reads a CIDR as the CEL function isCIDR of the cluster policies'
// definitions does.
func (r *Reader) ClusterCIDR(at At, text string) (netip.Prefix, bool) {
	p, err := netip.ParsePrefix(text)
	if err != nil || p.Addr().Is4In6() || p.Addr().Zone() != "" {
		r.Reject(at, invalid(text, "Invalid CIDR format provided"), cidrHint(text))
		return netip.Prefix{}, false
	}
	return p.Masked(), true
}

// cidrHint helps with the commonest mistake: an address without a length.
func cidrHint(text string) string {
	addr, err := netip.ParseAddr(text)
	switch {
	case err != nil:
		return ""
	case addr.Is4():
		return "for the one address write " + text + "/32"
	}
	return "for the one address write " + text + "/128"
}

// Block returns a peer for addresses, with the scope that the two choices give.
func Block(at At, addrs algebra.AddrSet, pods, nodes *model.Choice[algebra.Tri]) model.Peer {
	scope := model.Scope{Pods: pods.Value, Nodes: nodes.Value}
	if pods.Value == algebra.Maybe {
		scope.Reason = pods.Undefined(at.Origin())
	}
	if nodes.Value == algebra.Maybe {
		scope.NodesReason = nodes.Undefined(at.Origin())
		if scope.Reason == nil {
			scope.Reason = scope.NodesReason
		}
	}
	return model.Peer{Block: &model.Block{Addrs: addrs, Scope: scope}, Origin: at.Origin()}
}
