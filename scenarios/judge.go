package scenarios

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/engine"
	"github.com/netfate/netfate/sim/model"
)

// judge turns what passes between two parties into an answer.
func (a *asker) judge(q question, val engine.Value, mask uint8, src, dst model.Party, host bool) finding {
	key := judged{val, mask, host, a.proxies.Between(src, dst)}
	set := q.want.set
	if host {
		set = a.hosts
	}
	on, ok := a.memo[key]
	if !ok {
		narrow := a.proxies.Narrow
		if q.among != nil {
			narrow = q.among.Narrow
		}
		allow, may, requests := narrow(algebra.DropPortZero(a.p.Conns(val.Allow)), algebra.DropPortZero(a.p.Conns(val.May)), key.by)
		on = judge(q, inMask(set, mask), allow, may)
		on.requests = requests
		if on.conns.Empty() {
			on.conns = set // the ends have no address family in common
		}
		a.memo[key] = on
	}
	return finding{holds: on.holds, from: src, to: dst, conns: on.conns, passes: on.passes, requests: on.requests}
}

// judge compares what is asked for with what is allowed and what may be. Where no
// port was said and nothing is to pass, what an API leaves open for protocols
// other than TCP, UDP and SCTP does not count, or no such statement could ever
// hold for the text of NetworkPolicy; what certainly passes does.
func judge(q question, need, allow, may algebra.Set) verdictOn {
	allowed, maybe, denied := need.Intersect(allow), need.Intersect(may).Subtract(allow), need.Subtract(may)
	if q.deny && q.want.some {
		maybe = maybe.Intersect(algebra.PortProtocols())
	}
	switch {
	case q.deny && !allowed.Empty():
		return verdictOn{holds: algebra.No, conns: allowed, passes: true}
	case q.deny && !maybe.Empty():
		return verdictOn{holds: algebra.Maybe, conns: maybe}
	case q.deny:
		return verdictOn{holds: algebra.Yes, conns: denied}
	case need.Empty():
		return verdictOn{holds: algebra.No}
	case !allowed.Empty() && (q.want.some || maybe.Empty() && denied.Empty()):
		return verdictOn{holds: algebra.Yes, conns: allowed, passes: true}
	case !denied.Empty() && (!q.want.some || maybe.Empty()):
		return verdictOn{holds: algebra.No, conns: denied}
	}
	return verdictOn{holds: algebra.Maybe, conns: maybe}
}

// flow makes the connection to show: at a port that the receiver declares if
// there is one, of the simplest kind otherwise.
func (v *view) flow(src, dst model.Party, conns algebra.Set) model.Flow {
	key, _ := conns.Min()
	if tcp := conns.Intersect(algebra.ProtocolConns(algebra.TCP)); !tcp.Empty() {
		key, _ = tcp.Min()
	} else if ports := conns.Intersect(algebra.PortProtocols()); !ports.Empty() {
		key, _ = ports.Min()
	}
	fam, proto, port := algebra.ConnParts(key)
	if dst.Kind == model.PartyEndpoint {
		for _, p := range v.m.Endpoints[dst.Index].Ports {
			if conns.Contains(algebra.ConnKey(fam, p.Protocol, p.Port)) {
				proto, port = p.Protocol, p.Port
				break
			}
		}
	}
	f := model.Flow{From: src, To: dst, Protocol: proto, Port: port}
	other := algebra.IPv4
	if fam == algebra.IPv4 {
		other = algebra.IPv6
	}
	// Only where the families differ is the flow of one of them.
	if v.mask == maskV4|maskV6 && !conns.Contains(algebra.ConnKey(other, proto, port)) && src.Kind == model.PartyEndpoint && dst.Kind == model.PartyEndpoint {
		f.Families = []algebra.Family{fam}
	}
	return f
}
