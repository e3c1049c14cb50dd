package explain

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// port is a protocol with its port, as asked for.
type port struct {
	text     string
	protocol algebra.Protocol
	number   uint16
	icmp     bool // ICMP of whichever family
}

// parsePort reads "80", "TCP 80", "tcp/80", "80/udp", "icmp", "icmpv6" or "protocol 47".
func parsePort(text string) (port, error) {
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '/' || r == ':' })
	switch len(words) {
	case 1:
		return onePart(text, words[0])
	case 2:
		if strings.EqualFold(words[0], "protocol") {
			return onlyProtocol(text, words[1])
		}
		if _, err := strconv.Atoi(words[0]); err == nil {
			words[0], words[1] = words[1], words[0]
		}
		return protocolAndPort(text, words[0], words[1])
	}
	return port{}, badPort(text)
}

func badPort(text string) error {
	return fmt.Errorf(`port %q: want a port such as 80, "TCP 80", 53/udp, or a protocol such as icmp`, text)
}

func onePart(text, word string) (port, error) {
	if n, err := strconv.Atoi(word); err == nil {
		if n < 1 || n > 65535 {
			return port{}, fmt.Errorf("port %q: ports are 1 to 65535", text)
		}
		return port{text: "TCP " + word, protocol: algebra.TCP, number: uint16(n)}, nil
	}
	return onlyProtocol(text, word)
}

func onlyProtocol(text, word string) (port, error) {
	p, err := algebra.ParseProtocol(word)
	if err != nil {
		return port{}, badPort(text)
	}
	if p.HasPorts() {
		return port{}, fmt.Errorf("port %q: say which port of %s, as in %q", text, p, p.String()+" 80")
	}
	out := port{text: p.String(), protocol: p, icmp: strings.EqualFold(word, "icmp")}
	if p == algebra.ICMP {
		out.number = echoRequest4 << 8
	}
	if p == algebra.ICMPv6 {
		out.number = echoRequest6 << 8
	}
	return out, nil
}

// The ICMP types of an echo request, which is what "icmp" asks for.
const (
	echoRequest4 = 8
	echoRequest6 = 128
)

func protocolAndPort(text, protocol, number string) (port, error) {
	p, err := algebra.ParseProtocol(protocol)
	if err != nil {
		return port{}, fmt.Errorf("port %q: %w", text, err)
	}
	if !p.HasPorts() {
		return port{}, fmt.Errorf("port %q: %s has no ports", text, p)
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > 65535 {
		return port{}, fmt.Errorf("port %q: ports are 1 to 65535", text)
	}
	return port{text: p.String() + " " + strconv.Itoa(n), protocol: p, number: uint16(n)}, nil
}

// flow returns the question without its ends. ICMP and ICMPv6 settle the family.
func (p port) flow(family string, m *model.Model, from, to sim.Subject) model.Flow {
	f := model.Flow{Protocol: p.protocol, Port: p.number}
	switch family {
	case "ipv4":
		f.Families = []algebra.Family{algebra.IPv4}
	case "ipv6":
		f.Families = []algebra.Family{algebra.IPv6}
	}
	if p.icmp && (family == "ipv6" || !m.V4 || has6(from) || has6(to)) {
		f.Protocol, f.Port = algebra.ICMPv6, echoRequest6<<8
	}
	switch {
	case f.Protocol == algebra.ICMP && f.Families == nil:
		f.Families = []algebra.Family{algebra.IPv4}
	case f.Protocol == algebra.ICMPv6 && f.Families == nil:
		f.Families = []algebra.Family{algebra.IPv6}
	}
	return f
}

// has6 tells whether a subject is an IPv6 address.
func has6(s sim.Subject) bool {
	return len(s.Parties) == 1 && s.Parties[0].Kind == model.PartyAddress && s.Parties[0].Addr.Is6()
}
