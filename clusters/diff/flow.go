package diff

import (
	"fmt"
	"net/netip"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Flow returns the question that an observed flow answers. The error says which
// end the snapshot does not know, or what cannot be asked.
func Flow(s *sim.Simulator, f observation.Flow) (model.Flow, error) {
	from, err := party(s, f.From)
	if err != nil {
		return model.Flow{}, fmt.Errorf("%s: the source: %w", Text(f), err)
	}
	to, err := party(s, f.To)
	if err != nil {
		return model.Flow{}, fmt.Errorf("%s: the destination: %w", Text(f), err)
	}
	proto, ok := model.APIProtocol(f.Protocol)
	if !ok {
		if proto, err = algebra.ParseProtocol(f.Protocol); err != nil {
			return model.Flow{}, fmt.Errorf("%s: %w", Text(f), err)
		}
	}
	return model.Flow{From: from, To: to, Protocol: proto, Port: port(f), Families: family(f), Request: request(f.Request)}, nil
}

// port is the simulator's: of ICMP and ICMPv6 the type and code of an echo request (RFC 792; RFC 4443, 4.1).
func port(f observation.Flow) uint16 {
	switch f.Protocol {
	case observation.ICMP:
		return 8 << 8
	case observation.ICMPv6:
		return 128 << 8
	}
	return f.Port
}

// family is that of the protocol, or of the address that was spoken to, where it is known.
func family(f observation.Flow) []algebra.Family {
	a, err := netip.ParseAddr(f.To.Address)
	switch {
	case f.Protocol == observation.ICMP:
		return []algebra.Family{algebra.IPv4}
	case f.Protocol == observation.ICMPv6:
		return []algebra.Family{algebra.IPv6}
	case err != nil:
		return nil
	case a.Unmap().Is4():
		return []algebra.Family{algebra.IPv4}
	}
	return []algebra.Family{algebra.IPv6}
}

// party finds one end in the snapshot.
func party(s *sim.Simulator, p observation.Party) (model.Party, error) {
	name := p.ID
	switch p.Kind {
	case "node", "service", "host", "pod":
		name = p.Kind + ":" + p.ID
	case "address":
		if name == "" {
			name = p.Address
		}
	default:
		return model.Party{}, fmt.Errorf("%q is not a kind of party: want pod, node, address, host or service", p.Kind)
	}
	found, err := s.Resolve(name)
	if err != nil {
		return model.Party{}, err
	}
	return found.Parties[0], nil
}

// Text returns a flow as a person reads it: "a/web -> b/api TCP 8080", with what
// was asked for where it was a request.
func Text(f observation.Flow) string {
	text := fmt.Sprintf("%s -> %s %s", Name(f.From), Name(f.To), PortText(f))
	if f.Request != nil {
		text += " " + RequestText(f.Request)
	}
	return text
}

// Name returns an end as "netfate explain" takes it.
func Name(p observation.Party) string {
	switch p.Kind {
	case "pod":
		return p.ID
	case "address":
		if p.ID == "" {
			return p.Address
		}
		return p.ID
	}
	return p.Kind + ":" + p.ID
}

// PortText returns "TCP 80", or the protocol alone where it has no ports.
func PortText(f observation.Flow) string {
	if proto, ok := model.APIProtocol(f.Protocol); ok {
		return model.PortText(proto, f.Port)
	}
	return f.Protocol
}
