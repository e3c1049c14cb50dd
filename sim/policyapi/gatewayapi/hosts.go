package gatewayapi

import (
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// intersect returns the host names that two of the API have in common, and false
// where they have none. "" is every host.
func intersect(a, b string) (string, bool) {
	switch {
	case a == "" || a == b:
		return b, true
	case b == "":
		return a, true
	case covers(a, b):
		return b, true
	case covers(b, a):
		return a, true
	}
	return "", false
}

// covers tells whether a wildcard stands for another host: any number of labels
// before its suffix, which a narrower wildcard has too.
func covers(wildcard, host string) bool {
	suffix, ok := strings.CutPrefix(wildcard, "*")
	if !ok {
		return false
	}
	return strings.HasSuffix(host, suffix) && len(host) > len(wildcard)-1
}

// served are the host names of a route that a listener takes.
type served struct {
	host  string // of requests: what listener and route have in common
	route string // as the route says it; "" is no host
}

// common returns the hosts that a listener and a route have in common: all of the
// listener's where the route names none. None means that it does not match.
func common(listener string, hosts []string) []served {
	if len(hosts) == 0 {
		return []served{{host: listener}}
	}
	var out []served
	for _, h := range hosts {
		if x, ok := intersect(listener, h); ok {
			out = append(out, served{host: x, route: h})
		}
	}
	return out
}

// overlap tells whether two lists of hosts have one in common.
func overlap(a, b []served) bool {
	for _, x := range a {
		for _, y := range b {
			if _, ok := intersect(x.host, y.host); ok {
				return true
			}
		}
	}
	return false
}

// hostRank orders hosts: the longest exact one first, then the longest wildcard,
// then none (HTTPRoute.spec.hostnames).
func hostRank(h string) [2]int {
	if strings.HasPrefix(h, "*") {
		return [2]int{0, len(h)}
	}
	return [2]int{len(h), len(h)}
}

// leaves tells whether a listener leaves a host of a route to the other listeners of
// its port, as its implementation does.
func (l *listener) leaves(h served) bool {
	if h.route == "" {
		return false
	}
	own := l.host()
	for _, other := range l.gw.all() {
		if other == l || other.conflict.bad || other.spec.Port != l.spec.Port || other.host() == "" || other.host() == own {
			continue
		}
		switch l.gw.profile.OtherHosts.Value {
		case model.HostsEqual:
			if h.host == other.host() {
				return true
			}
		case model.HostsWithin:
			x, ok := intersect(other.host(), h.route)
			if other.spec.Protocol == l.spec.Protocol && ok && x == h.route && len(other.host()) >= len(own) && (own == "" || strings.HasPrefix(own, "*")) {
				return true
			}
		}
	}
	return false
}
