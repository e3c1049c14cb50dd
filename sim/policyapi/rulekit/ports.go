package rulekit

import (
	"strconv"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// MaxPort is the highest port.
const MaxPort = 65535

// CheckPort rejects a number that is no port.
func (r *Reader) CheckPort(at At, port int32) {
	if port < 1 || port > MaxPort {
		r.Reject(at, invalid(strconv.Itoa(int(port)), "must be between 1 and 65535, inclusive"), "")
	}
}

// Ports collects what the port entries of one rule match.
type Ports struct {
	any    bool
	conns  algebra.Set
	named  []model.PortName
	ranges bool
}

// Any adds every connection.
func (p *Ports) Any() { p.any = true }

// Range adds the ports lo to hi of a protocol.
func (p *Ports) Range(proto algebra.Protocol, lo, hi int32) {
	if lo < 0 || hi > MaxPort || lo > hi {
		return
	}
	p.ranges = p.ranges || lo < hi && hi-lo < MaxPort
	s := algebra.Ports(proto, uint16(lo), uint16(hi))
	if p.conns == nil {
		p.conns = s
		return
	}
	p.conns = p.conns.Union(s)
}

// Name adds a port by name; with protocol, only that protocol's.
func (p *Ports) Name(name string, proto algebra.Protocol, hasProtocol bool) {
	p.named = append(p.named, model.PortName{Name: name, Protocol: proto, HasProtocol: hasProtocol})
}

// Traffic returns what was added. Where the implementation has no SCTP at all,
// SCTP is left out.
func (p *Ports) Traffic(profile *model.Profile) model.Traffic {
	if profile.SCTP.Value == algebra.No {
		all := p.conns
		if p.any {
			all = algebra.AllConns()
		}
		return model.Traffic{Conns: all.Subtract(algebra.ProtocolConns(algebra.SCTP)), Named: p.named, Ranges: p.ranges}
	}
	if p.any {
		return model.Traffic{Any: true}
	}
	return model.Traffic{Conns: p.conns, Named: p.named, Ranges: p.ranges}
}

// Domain returns the connections whose fate a policy decides under the profile,
// nil for all, and why the others are undetermined. Only NetworkPolicy leaves
// other protocols than TCP, UDP and SCTP open (N36); an implementation that may
// lack SCTP leaves that open in every API (N14).
func Domain(profile *model.Profile, networkPolicy bool, o model.Origin) (algebra.Set, *model.Reason) {
	other := networkPolicy && profile.OtherProtocols.Value == algebra.Maybe
	sctp := profile.SCTP.Value == algebra.Maybe
	if !other && !sctp {
		return nil, nil
	}
	domain := algebra.AllConns()
	reason := profile.SCTP.Undefined(o)
	if other {
		domain = algebra.PortProtocols()
		reason = profile.OtherProtocols.Undefined(o)
	}
	if sctp {
		domain = domain.Subtract(algebra.ProtocolConns(algebra.SCTP))
	}
	if other && sctp {
		reason.Text += "; " + profile.SCTP.Text
	}
	return domain, reason
}
