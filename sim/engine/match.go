package engine

import (
	"strings"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// matching is how far a rule matches a connection.
type matching struct{ peer, hit algebra.Tri }

// and weakens a match by whether the policy is in force.
func (m matching) and(holds algebra.Tri) matching {
	return matching{m.peer.And(holds), m.hit.And(holds)}
}

// match tells how a rule matches the connection.
func (w *walker) match(p *policy, rule int) matching {
	if w.peer.Kind == model.PartyHost {
		return w.matchHost(p, rule)
	}
	var m matching
	for i := range p.rules[rule] {
		v := &p.rules[rule][i]
		if !w.selects(v) {
			continue
		}
		t := algebra.Yes
		if v.doubt != nil {
			t = w.settled(w.row().prog.number(v.doubt))
		}
		if !v.certain {
			t = t.And(algebra.Maybe)
		}
		m.peer = m.peer.Or(t)
		if w.carries(v) {
			m.hit = m.hit.Or(t)
		}
	}
	return m
}

func (w *walker) selects(v *variant) bool {
	if w.peer.Kind == model.PartyEndpoint {
		return v.classes.Contains(w.e.c.of[w.peer.Index])
	}
	return v.ext.Contains(w.peer.Addr)
}

func (w *walker) carries(v *variant) bool {
	if v.traffic == nil {
		return w.e.in.Set(v.conns).Contains(w.key)
	}
	if v.fam&(1<<(w.key>>24)) == 0 {
		return false
	}
	return carries(v.traffic, portsOf(&w.e.m.Endpoints[w.subject]), w.key)
}

// carries tells whether a connection is among what a rule matches on a receiver
// with named ports, as Traffic.Resolve says without making the set.
func carries(t *model.Traffic, ports []model.NamedPort, key uint32) bool {
	if t.Any || t.Conns.Contains(key) {
		return true
	}
	if len(t.Named) == 0 || len(ports) == 0 {
		return false
	}
	_, proto, port := algebra.ConnParts(key)
	for i := range ports {
		if p := &ports[i]; p.Protocol == proto && p.Port == port && names(t.Named, p) {
			return true
		}
	}
	return false
}

// names tells whether a port is among those named.
func names(list []model.PortName, p *model.NamedPort) bool {
	for i := range list {
		if n := &list[i]; n.Name == p.Name && (!n.HasProtocol || n.Protocol == p.Protocol) {
			return true
		}
	}
	return false
}

// matchHost matches a rule with a host name outside the cluster, whose
// addresses are not known.
func (w *walker) matchHost(p *policy, rule int) matching {
	r := &p.src.Rules[rule]
	m := matching{peer: algebra.TriOf(r.AnyPeer)}
	for i := range r.Peers {
		t := hostPeer(&r.Peers[i], w.peer.Host, w.key)
		t = t.And(w.settled(w.row().prog.number(r.Peers[i].Uncertain)))
		m.peer = m.peer.Or(t)
	}
	if r.Uncertain != nil {
		m.peer = m.peer.And(algebra.Maybe)
	}
	if carries(&r.Traffic, nil, w.key) {
		m.hit = m.peer
	}
	return m
}

func hostPeer(p *model.Peer, host string, key uint32) algebra.Tri {
	switch {
	case p.Block != nil:
		f := algebra.Family(key >> 24)
		return covers(p.Block.Addrs.In(f), algebra.AllAddrsIn(f))
	case p.Domains != nil:
		return algebra.TriOf(MatchDomain(p.Domains.Patterns, host))
	}
	return algebra.No
}

// MatchDomain tells whether a host name matches one of the patterns: exactly,
// or by "*." for one or more whole labels in front. Case and a final dot do not matter.
func MatchDomain(patterns []string, host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, p := range patterns {
		p = strings.ToLower(strings.TrimSuffix(p, "."))
		if suffix, ok := strings.CutPrefix(p, "*."); ok {
			if head, ok := strings.CutSuffix(host, "."+suffix); ok && head != "" {
				return true
			}
		} else if p == host {
			return true
		}
	}
	return false
}
