package scenarios

import (
	"errors"
	"strings"

	"github.com/netfate/netfate/sim/algebra"
)

// want is which connections a statement is about.
type want struct {
	set  algebra.Set // without port 0
	some bool        // no port was said: any connection counts
	text string      // as written after "on", "" for none
}

const portsRegexp = `(?:any port|ports ` + quoted + `|(?:(?i:TCP|UDP|SCTP))(?: [0-9][0-9, -]*)?)`

// parseWant reads what stands after "on"; "" is no port.
func parseWant(text string) (want, error) {
	text = strings.TrimSpace(text)
	switch text {
	case "":
		return want{set: algebra.DropPortZero(algebra.AllConns()), some: true}, nil
	case "any port":
		return want{set: algebra.DropPortZero(algebra.PortProtocols()), text: text}, nil
	}
	conns := text
	if rest, ok := strings.CutPrefix(text, "ports "); ok {
		if conns, rest, ok = cutQuoted(rest); !ok || rest != "" {
			return want{}, errors.New(`want ports in quotes, such as on ports "TCP 80,443; UDP 53"`)
		}
	}
	set, err := algebra.ParseConns(conns)
	if err != nil {
		return want{}, err
	}
	if set = algebra.DropPortZero(set); set.Empty() {
		return want{}, errors.New("no connection is named: want ports such as TCP 80")
	}
	return want{set: set, text: text}, nil
}

// Type and code of an echo request of ICMP and of ICMPv6.
const echo4, echo6 = 8 << 8, 128 << 8

func isEcho(p algebra.Protocol, port uint16) bool {
	return p == algebra.ICMP && port == echo4 || p == algebra.ICMPv6 && port == echo6
}

// ping is an echo request of either family.
func ping() want {
	set := algebra.PortsIn(algebra.IPv4, algebra.ICMP, echo4, echo4).Union(algebra.PortsIn(algebra.IPv6, algebra.ICMPv6, echo6, echo6))
	return want{set: set, text: "ping"}
}

// in returns the part of a set in the families of a mask: 1 is IPv4, 2 is IPv6.
func inMask(s algebra.Set, mask uint8) algebra.Set {
	switch mask {
	case 0:
		return nil
	case maskV4:
		return algebra.InFamily(s, algebra.IPv4)
	case maskV6:
		return algebra.InFamily(s, algebra.IPv6)
	}
	return s
}

// Masks of address families.
const (
	maskV4 uint8 = 1 << algebra.IPv4
	maskV6 uint8 = 1 << algebra.IPv6
)
