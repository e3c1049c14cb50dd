package oracle

import (
	"net/netip"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Question is one concrete connection between two parties that are endpoints or
// outside the cluster. A host may only be connected to. Services are routing's
// business: it asks about the connection to the backend.
type Question struct {
	From, To model.Party
	Family   algebra.Family
	Protocol algebra.Protocol
	Port     uint16 // for ICMP: type<<8 | code
}

// Decide returns what becomes of a connection. A question that is not well
// formed (a Service, an endpoint that does not exist) is undetermined.
func Decide(m *model.Model, q Question) model.Outcome {
	if !wellFormed(m, q.From) || !wellFormed(m, q.To) || q.From.Kind == model.PartyHost {
		return model.Undetermined
	}
	if isItself(m, q) {
		return model.Allowed
	}
	if !hasFamily(m, q.From, q.Family) || !hasFamily(m, q.To, q.Family) {
		return model.Denied
	}
	egress, ingress := MayAllow, MayAllow
	if q.From.Kind == model.PartyEndpoint {
		egress = DecidePoint(m, model.Egress, q.From.Index, q.To, q)
	}
	if q.To.Kind == model.PartyEndpoint {
		ingress = DecidePoint(m, model.Ingress, q.To.Index, q.From, q)
	}
	return combine(egress, ingress)
}

func wellFormed(m *model.Model, p model.Party) bool {
	switch p.Kind {
	case model.PartyEndpoint:
		return p.Index >= 0 && p.Index < len(m.Endpoints)
	case model.PartyAddress:
		return p.Addr.IsValid()
	}
	return p.Kind == model.PartyHost
}

// isItself tells whether a connection stays within one pod, which no policy can
// block. A template stands for several pods: from one of them to another the
// connection is like any.
func isItself(m *model.Model, q Question) bool {
	return q.From.Kind == model.PartyEndpoint && q.To.Kind == model.PartyEndpoint &&
		q.From.Index == q.To.Index && !m.Endpoints[q.From.Index].Template
}

// hasFamily tells whether a party may have an address of the family. One whose
// addresses are not known may have any.
func hasFamily(m *model.Model, p model.Party, f algebra.Family) bool {
	switch p.Kind {
	case model.PartyEndpoint:
		ips := m.Endpoints[p.Index].IPs
		return len(ips) == 0 || len(addressesIn(ips, f)) > 0
	case model.PartyAddress:
		return familyOf(p.Addr) == f
	}
	return true
}

// addressesIn returns the addresses of one family.
func addressesIn(ips []netip.Addr, f algebra.Family) []netip.Addr {
	var out []netip.Addr
	for _, ip := range ips {
		if familyOf(ip) == f {
			out = append(out, ip)
		}
	}
	return out
}

func familyOf(a netip.Addr) algebra.Family {
	if a.Is4() {
		return algebra.IPv4
	}
	return algebra.IPv6
}
