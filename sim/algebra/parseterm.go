package algebra

import (
	"errors"
	"fmt"
	"strings"
)

// connParser reads the terms of a list of connections into b, for both families.
type connParser struct {
	toks []string
	b    Builder
}

// peek returns the token n from here in lower case, or "" at the end.
func (p *connParser) peek(n int) string {
	if n < len(p.toks) {
		return strings.ToLower(p.toks[n])
	}
	return ""
}

// take returns the next token as written and steps past it, or "" at the end.
func (p *connParser) take() string {
	if len(p.toks) == 0 {
		return ""
	}
	tok := p.toks[0]
	p.toks = p.toks[1:]
	return tok
}

// accept steps past the next token when it is word.
func (p *connParser) accept(word string) bool {
	if p.peek(0) != word {
		return false
	}
	p.take()
	return true
}

func (p *connParser) add(proto Protocol, lo, hi uint32) {
	p.b.AddSet(Ports(proto, uint16(lo), uint16(hi)))
}

// term reads one protocol with what is said of it.
func (p *connParser) term() error {
	word := p.take()
	lower := strings.ToLower(word)
	proto, known := protocolByName(lower)
	switch {
	case known && proto.HasPorts():
		return p.ports(proto)
	case known:
		return p.icmp(proto)
	case lower == "protocol":
		return p.protocol()
	case lower == "protocols":
		return p.ranges("protocol", 255, func(lo, hi uint32) error {
			for _, f := range [...]Family{IPv4, IPv6} {
				p.b.Add(ConnKey(f, Protocol(lo), 0), ConnKey(f, Protocol(hi), maxPort))
			}
			return nil
		})
	case lower == "other" && p.accept("protocols"):
		p.b.AddSet(OtherProtocols())
		return nil
	case lower == "all" || lower == "none":
		return fmt.Errorf("%q stands alone or after a family, not in a list", word)
	}
	return fmt.Errorf("want a protocol%s: TCP, UDP, SCTP, ICMP, ICMPv6, \"protocol 47\", "+
		"\"protocols 2-5\", \"other protocols\", or \"all\" or \"none\" alone", found(word))
}

// protocol reads "47", and raw port values if any.
func (p *connParser) protocol() error {
	n, err := number(p.take(), "protocol", 255)
	if err != nil {
		return err
	}
	proto := Protocol(n)
	switch {
	case proto.HasPorts():
		return p.ports(proto)
	case !isNumber(p.peek(0)):
		p.add(proto, 0, maxPort)
		return nil
	}
	return p.ranges("value", maxPort, func(lo, hi uint32) error {
		p.add(proto, lo, hi)
		return nil
	})
}

// ports reads "80,90-100", or nothing for all ports.
func (p *connParser) ports(proto Protocol) error {
	if !isNumber(p.peek(0)) {
		p.add(proto, 0, maxPort)
		return nil
	}
	return p.ranges("port", maxPort, func(lo, hi uint32) error {
		if hi == maxPort && lo <= 1 {
			lo = 0 // the whole protocol, as one interval
		} else if lo == 0 {
			return errors.New("port 0 is no connection: want ports 1-65535")
		}
		p.add(proto, lo, hi)
		return nil
	})
}

// icmp reads "type 8", "type 8 code 0", or nothing for all types.
func (p *connParser) icmp(proto Protocol) error {
	if isNumber(p.peek(0)) {
		return fmt.Errorf(`%v takes no ports: want "%v type 8" or "%v type 8 code 0"`, proto, proto, proto)
	}
	if !p.accept("type") {
		p.add(proto, 0, maxPort)
		return nil
	}
	var types, codes Builder
	collect := func(b *Builder) func(lo, hi uint32) error {
		return func(lo, hi uint32) error { b.Add(lo, hi); return nil }
	}
	if err := p.ranges("ICMP type", maxCode, collect(&types)); err != nil {
		return err
	}
	if !p.accept("code") {
		for _, x := range types.Set() {
			p.add(proto, x.Lo<<8, x.Hi<<8|maxCode) // all codes of neighbours are one interval
		}
		return nil
	}
	if err := p.ranges("ICMP code", maxCode, collect(&codes)); err != nil {
		return err
	}
	for t := range types.Set().Values() {
		for _, c := range codes.Set() {
			p.add(proto, t<<8|c.Lo, t<<8|c.Hi)
		}
	}
	return nil
}

// ranges reads one or more of "5" and "5-6", separated by commas, of numbers up to limit. A comma that
// no number follows is left: it separates protocols.
func (p *connParser) ranges(what string, limit uint32, use func(lo, hi uint32) error) error {
	for {
		lo, err := number(p.take(), what, limit)
		if err != nil {
			return err
		}
		hi := lo
		if p.accept("-") {
			if hi, err = number(p.take(), what, limit); err != nil {
				return err
			}
		}
		if lo > hi {
			return fmt.Errorf("%s range %d-%d is backwards: want the smaller first", what, lo, hi)
		}
		if err := use(lo, hi); err != nil {
			return err
		}
		if p.peek(0) != "," || !isNumber(p.peek(1)) {
			return nil
		}
		p.take()
	}
}
