package algebra

import (
	"fmt"
	"strconv"
	"strings"
)

// Family is an IP family.
type Family uint8

// The two families.
const (
	IPv4 Family = 0
	IPv6 Family = 1
)

// String returns "IPv4" or "IPv6".
func (f Family) String() string {
	switch f {
	case IPv4:
		return "IPv4"
	case IPv6:
		return "IPv6"
	}
	return "family " + strconv.Itoa(int(f))
}

// Protocol is an IP protocol by its IANA number.
type Protocol uint8

// The protocols that have a name in text. All others are written by number.
const (
	ICMP   Protocol = 1
	TCP    Protocol = 6
	UDP    Protocol = 17
	ICMPv6 Protocol = 58
	SCTP   Protocol = 132
)

// String returns the name, such as "TCP", or "protocol 47" for a protocol without one.
func (p Protocol) String() string {
	switch p {
	case ICMP:
		return "ICMP"
	case TCP:
		return "TCP"
	case UDP:
		return "UDP"
	case ICMPv6:
		return "ICMPv6"
	case SCTP:
		return "SCTP"
	}
	return "protocol " + strconv.Itoa(int(p))
}

// HasPorts reports whether p is TCP, UDP or SCTP: those that policies restrict by port.
func (p Protocol) HasPorts() bool { return p == TCP || p == UDP || p == SCTP }

// ParseProtocol reads a protocol by name in any case ("tcp"), by number ("47"), or as String writes it
// ("protocol 47"). It fails on other names and on numbers over 255.
func ParseProtocol(text string) (Protocol, error) {
	name := strings.ToLower(strings.TrimSpace(text))
	if p, ok := protocolByName(name); ok {
		return p, nil
	}
	number := strings.TrimSpace(strings.TrimPrefix(name, "protocol "))
	if n, err := strconv.ParseUint(number, 10, 8); err == nil {
		return Protocol(n), nil
	}
	return 0, fmt.Errorf("unknown protocol %q: want TCP, UDP, SCTP, ICMP, ICMPv6 or a number 0-255", text)
}

// protocolByName returns the protocol of a name in lower case.
func protocolByName(lower string) (Protocol, bool) {
	switch lower {
	case "icmp":
		return ICMP, true
	case "tcp":
		return TCP, true
	case "udp":
		return UDP, true
	case "icmpv6":
		return ICMPv6, true
	case "sctp":
		return SCTP, true
	}
	return 0, false
}
