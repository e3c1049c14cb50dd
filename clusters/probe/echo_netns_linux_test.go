package probe

import (
	"strings"
	"testing"

	"github.com/netfate/netfate/clusters/observation"
)

// TestEcho shows what an echo request meets on a real network, and what the probe says of it.
func TestEcho(t *testing.T) {
	b := newBench(t)
	const dropped, prohibited, closed, unreachable, nobody = "10.231.0.3", "10.231.0.4", "10.231.0.5", "10.231.0.6", "10.231.0.9"
	const server6, dropped6, prohibited6 = "fd00:231::2", "fd00:231::3", "fd00:231::4"
	for _, a := range []string{dropped, prohibited, closed, unreachable} {
		b.sh("ip -n %s addr add %s/24 dev s0", b.server, a)
	}
	for _, a := range []string{server6, dropped6, prohibited6} {
		b.sh("ip -n %s addr add %s/64 dev s0 nodad", b.server, a)
	}
	b.sh("ip -n %s addr add fd00:231::1/64 dev c0 nodad", b.client)
	for _, rule := range []string{
		"iptables -I INPUT -p icmp -d " + dropped + " -j DROP",
		"iptables -I INPUT -p icmp -d " + prohibited + " -j REJECT --reject-with icmp-admin-prohibited",
		"iptables -I INPUT -p icmp -d " + closed + " -j REJECT --reject-with icmp-port-unreachable",
		"iptables -I INPUT -p icmp -d " + unreachable + " -j REJECT --reject-with icmp-host-unreachable",
		"ip6tables -I INPUT -p icmpv6 --icmpv6-type echo-request -d " + dropped6 + " -j DROP",
		"ip6tables -I INPUT -p icmpv6 --icmpv6-type echo-request -d " + prohibited6 + " -j REJECT --reject-with icmp6-adm-prohibited",
	} {
		b.sh("ip netns exec %s %s", b.server, rule)
	}
	permit := func(groups string) {
		b.command("ip", "netns", "exec", b.client, "sysctl", "-qw", "net.ipv4.ping_group_range="+groups)
	}
	permit("0 2147483647")
	for _, c := range []struct {
		name, protocol, to, source string
		want                       observation.Result
		detail                     string
	}{
		{"answered", ICMP, serverAddr, "", observation.Connected, ""},
		{"answered, from an address", ICMP, serverAddr, clientAddr, observation.Connected, ""},
		{"from an address that is not its own", ICMP, serverAddr, serverAddr, observation.Inconclusive, "cannot assign"},
		{"dropped", ICMP, dropped, "", observation.Timeout, ""},
		{"prohibited", ICMP, prohibited, "", observation.Refused, "prohibited"},
		{"port unreachable", ICMP, closed, "", observation.Refused, ""},
		{"no such host, says a router", ICMP, unreachable, "", observation.Timeout, ""},
		{"nobody", ICMP, nobody, "", observation.Timeout, ""},
		{"answered over IPv6", ICMPv6, server6, "", observation.Connected, ""},
		{"dropped over IPv6", ICMPv6, dropped6, "", observation.Timeout, ""},
		{"prohibited over IPv6", ICMPv6, prohibited6, "", observation.Refused, "prohibited"},
		{"the other family", ICMPv6, serverAddr, "", observation.Inconclusive, "other family"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := b.probe(Batch{Timeout: 700, Attempts: 1, Probes: []Probe{{To: c.to, Protocol: c.protocol, Source: c.source}}})[0]
			if r.Result != c.want || !strings.Contains(r.Detail, c.detail) {
				t.Errorf("%+v, want %s", r, c.want)
			}
		})
	}
	t.Run("not permitted", func(t *testing.T) {
		permit("1 0") // what a kernel begins with: nobody
		r := b.probe(Batch{Timeout: 700, Attempts: 1, Probes: []Probe{{To: serverAddr, Protocol: ICMP}}})[0]
		if r.Result != observation.Inconclusive || !strings.HasPrefix(r.Detail, "not permitted") {
			t.Errorf("%+v", r)
		}
	})
}
