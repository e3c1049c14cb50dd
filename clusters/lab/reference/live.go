package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/vishvananda/netlink"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/kube-network-policies/pkg/network"
)

// settle is how long the agent waits for more changes before it acts on one.
const settle = 100 * time.Millisecond

// follow keeps rules and connections in step with the cluster until ctx ends:
// after each change the rules are replaced if the pod networks differ, and all
// connections are judged again.
func follow(ctx context.Context, j *judge, changes <-chan struct{}) error {
	var installed []netip.Prefix
	for {
		networks := slices.SortedFunc(slices.Values(j.networks()), netip.Prefix.Compare)
		if !slices.Equal(networks, installed) {
			if err := install(networks); err != nil {
				return err
			}
			installed = networks
			slog.Info("rules are in place", "networks", networks)
		}
		if err := cutDenied(ctx, j); err != nil {
			return err
		}
		j.count.syncs.Add(1)
		j.count.ready.Store(len(networks) > 0)
		select {
		case <-ctx.Done():
			return nil
		case <-changes:
			time.Sleep(settle)
		}
	}
}

// cutDenied removes the conntrack entries of connections that are no longer
// allowed. Their next packets belong to no connection and are judged or dropped.
func cutDenied(ctx context.Context, j *judge) error {
	local, err := net.InterfaceAddrs()
	if err != nil {
		return fmt.Errorf("addresses of the node: %w", err)
	}
	n, err := netlink.ConntrackDeleteFilters(netlink.ConntrackTable, netlink.FAMILY_V4, &denied{ctx: ctx, judge: j, local: local})
	if err != nil {
		return fmt.Errorf("connections of the node: %w", err)
	}
	if n > 0 {
		slog.Info("connections are no longer allowed and were cut", "number", n)
		j.count.cut.Add(uint64(n))
	}
	return nil
}

// denied selects the connections to cut.
type denied struct {
	ctx   context.Context //nolint:containedctx // the library's interface passes none; it lives for one call
	judge *judge
	local []net.Addr
}

// MatchConntrackFlow tells whether a connection of pods is denied now. Those that
// the node itself opened are left: which user did is not known any more.
func (d *denied) MatchConntrackFlow(f *netlink.ConntrackFlow) bool {
	for _, a := range d.local {
		if n, ok := a.(*net.IPNet); ok && n.IP.Equal(f.Forward.SrcIP) {
			return false
		}
	}
	p := packetOf(f)
	return p != nil && (d.ofPods(p.SrcIP) || d.ofPods(p.DstIP)) && !d.judge.allows(d.ctx, p)
}

func (d *denied) ofPods(ip net.IP) bool {
	addr, ok := netip.AddrFromSlice(ip.To4())
	return ok && slices.ContainsFunc(d.judge.networks(), func(n netip.Prefix) bool { return n.Contains(addr) })
}

// packetOf returns the first packet of a connection as the queue saw it: the
// destination is where the replies come from, after a Service's translation. It is
// nil for protocols other than TCP, UDP and SCTP, whose entries are short-lived.
func packetOf(f *netlink.ConntrackFlow) *network.Packet {
	proto := protocol(f.Forward.Protocol)
	if proto == "" {
		return nil
	}
	return &network.Packet{
		Family: corev1.IPv4Protocol, Proto: proto,
		SrcIP: f.Forward.SrcIP, SrcPort: int(f.Forward.SrcPort),
		DstIP: f.Reverse.SrcIP, DstPort: int(f.Reverse.SrcPort),
	}
}
