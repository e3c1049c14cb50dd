package random_test

import (
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// seen counts the features that models have.
type seen map[string]int

func (s seen) note(name string, there bool) {
	if there {
		s[name]++
	} else {
		s[name] += 0
	}
}

// TestEverythingOccurs: each feature of the model's language turns up.
func TestEverythingOccurs(t *testing.T) {
	s := seen{}
	for seed := range uint64(400) {
		m, _ := generate(seed)
		for l := range model.LocalNodeEvaluated + 1 {
			s.note("local node "+string('0'+rune(l)), m.Profile.LocalNode.Value == l)
		}
		s.note("addresses of pods", !m.PodAddrs.Empty())
		for i := range m.Endpoints {
			s.endpoint(&m.Endpoints[i])
		}
		for i := range m.Tiers {
			s.tier(&m.Tiers[i], i)
		}
	}
	for name, n := range s {
		if n < 5 {
			t.Errorf("%s occurs %d times", name, n)
		}
	}
}

func (s seen) endpoint(e *model.Endpoint) {
	v4, v6 := e.Families()
	known := len(e.IPs) > 0
	s.note("IPv4 alone", known && v4 && !v6)
	s.note("IPv6 alone", known && v6 && !v4)
	s.note("dual stack", known && v4 && v6)
	s.note("addresses not known", !known)
	s.note("host network", e.HostNetwork)
	s.note("host network, node not known", e.HostNetwork && e.Node == "")
	s.note("template", e.Template)
	s.note("node", e.Kind == model.Node)
	s.note("remote pod", e.Kind == model.Pod && e.Cluster != "")
	s.note("remote node", e.Kind == model.Node && e.Cluster != "")
	s.note("named ports", len(e.Ports) > 1)
}

func (s seen) tier(t *model.Tier, i int) {
	for tie := range model.TieUnion + 1 {
		s.note("tie "+string('0'+rune(tie)), t.Tie == tie)
	}
	s.note("deny at end", t.DenyAtEnd)
	s.note("pass skips a tier", t.PassTo > i+1)
	for j, p := range t.Policies {
		s.policy(p)
		s.note("equal priority", t.Tie != model.TieUnion && j > 0 && t.Policies[j-1].Priority == p.Priority)
	}
}

func (s seen) policy(p *model.Policy) {
	for u := range model.UnmatchedAllow + 1 {
		s.note("unmatched "+string('0'+rune(u)), p.Unmatched == u)
	}
	s.note("ingress", p.Direction == model.Ingress)
	s.note("egress", p.Direction == model.Egress)
	s.note("uncertain policy", p.Uncertain != nil)
	s.note("domain", p.Domain != nil)
	s.note("subject on the host network", p.Subject.HostNetwork)
	for i := range p.Rules {
		r := &p.Rules[i]
		s.note(r.Action.String(), true)
		s.note("uncertain rule", r.Uncertain != nil)
		s.note("any peer", r.AnyPeer)
		s.note("no peer", !r.AnyPeer && len(r.Peers) == 0)
		s.note("any traffic", r.Traffic.Any)
		s.note("ports", len(r.Traffic.Conns) > 0)
		s.note("port by name", len(r.Traffic.Named) > 0)
		s.note("ports and port by name", len(r.Traffic.Named) > 0 && len(r.Traffic.Conns) > 0)
		s.note("other protocols", r.Traffic.Conns.Overlaps(algebra.OtherProtocols()))
		for j := range r.Peers {
			s.peer(&r.Peers[j])
		}
	}
}

func (s seen) peer(p *model.Peer) {
	s.note("uncertain peer", p.Uncertain != nil)
	s.note("pods", p.Pods != nil)
	s.note("domains", p.Domains != nil)
	s.note("nodes", p.Nodes != nil)
	s.note("all nodes", p.Nodes != nil && p.Nodes.Labels == nil)
	if p.Block == nil {
		return
	}
	for tri := range algebra.Yes + 1 {
		s.note("pods in blocks: "+tri.String(), p.Block.Scope.Pods == tri)
		s.note("nodes in blocks: "+tri.String(), p.Block.Scope.Nodes == tri)
	}
	for _, f := range []algebra.Family{algebra.IPv4, algebra.IPv6} {
		in := p.Block.Addrs.In(f)
		s.note("block of all "+f.String(), in.Equal(algebra.AllAddrsIn(f)))
		s.note("block without "+f.String(), in.Empty())
		s.note("block with gaps in "+f.String(), len(in) > 1)
	}
}
