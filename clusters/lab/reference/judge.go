package main

import (
	"context"
	"log/slog"
	"net"
	"net/netip"

	"sigs.k8s.io/kube-network-policies/pkg/api"
	"sigs.k8s.io/kube-network-policies/pkg/network"
)

// engine decides about a packet; networkpolicy.PolicyEngine does.
type engine interface {
	EvaluatePacket(ctx context.Context, p *network.Packet) (bool, error)
}

// judge turns packets into verdicts.
type judge struct {
	engine   engine
	pods     api.PodInfoProvider
	networks func() []netip.Prefix // the pod networks of all nodes
	count    *counters
}

// allows tells whether a packet may pass. One that cannot be judged may not.
func (j *judge) allows(ctx context.Context, p *network.Packet) bool {
	if j.unknown(p.SrcIP) || j.unknown(p.DstIP) {
		j.count.unknown.Add(1)
		return false
	}
	ok, err := j.engine.EvaluatePacket(ctx, p)
	if err != nil {
		slog.Error("the engine cannot judge, dropped", "from", p.SrcIP, "to", p.DstIP, "port", p.DstPort, "error", err)
		return false
	}
	return ok
}

// unknown tells whether an address is one that only a pod can have, of which the
// API server has not told yet: the engine would judge it as outside of the cluster.
// The first address of a node's network is the node's own.
func (j *judge) unknown(ip net.IP) bool {
	addr, ok := netip.AddrFromSlice(ip.To4())
	if !ok {
		return true
	}
	for _, n := range j.networks() {
		if n.Contains(addr) && addr != n.Addr().Next() {
			_, known := j.pods.GetPodInfoByIP(addr.String())
			return !known
		}
	}
	return false
}
