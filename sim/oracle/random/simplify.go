package random

import "github.com/netfate/netfate/sim/model"

// An edit that makes a part simpler tells whether there was anything to be made
// simpler, so that shrinking comes to an end.

// simpler makes a selector choose by less, one part at a time.
func simpler(s *model.Selector) bool {
	switch {
	case s.PodLabels != nil:
		s.PodLabels = nil
	case s.NamespaceLabels != nil:
		s.NamespaceLabels = nil
	case s.Namespace != "":
		s.Namespace = ""
	case s.OnlyHost:
		s.OnlyHost = false
	case s.LocalCluster:
		s.LocalCluster = false
	default:
		return false
	}
	return true
}

func simplerSubject(m *model.Model, place int) bool { return simpler(&policyAt(m, place).Subject) }

func certainPolicy(m *model.Model, place int) bool {
	p := policyAt(m, place)
	had := p.Uncertain != nil
	p.Uncertain = nil
	return had
}

func wholeDomain(m *model.Model, place int) bool {
	p := policyAt(m, place)
	had := p.Domain != nil
	p.Domain, p.DomainReason = nil, nil
	return had
}

func plainOrder(m *model.Model, place int) bool {
	p := policyAt(m, place)
	had := p.Priority != 0 || p.TieKey != ""
	p.Priority, p.TieKey = 0, ""
	return had
}

func certainRule(m *model.Model, place int) bool {
	p, i := ruleAt(m, place)
	had := p.Rules[i].Uncertain != nil
	p.Rules[i].Uncertain = nil
	return had
}

func anyTraffic(m *model.Model, place int) bool {
	p, i := ruleAt(m, place)
	had := !p.Rules[i].Traffic.Any
	p.Rules[i].Traffic = model.Traffic{Any: true}
	return had
}

func certainPeer(m *model.Model, place int) bool {
	r, i := peerAt(m, place)
	had := r.Peers[i].Uncertain != nil
	r.Peers[i].Uncertain = nil
	return had
}

// simplerSelector makes the selector of a peer simpler. Models share selectors,
// so it works on a copy.
func simplerSelector(m *model.Model, place int) bool {
	r, i := peerAt(m, place)
	p := &r.Peers[i]
	switch {
	case p.Pods != nil:
		s := *p.Pods
		p.Pods = &s
		return simpler(&s)
	case p.Nodes != nil:
		had := p.Nodes.Labels != nil
		p.Nodes = &model.NodeSelector{}
		return had
	}
	return false
}

// anyPodAddrs forgets which addresses pods may have.
func anyPodAddrs(m *model.Model, _ int) bool {
	had := m.PodAddrs != nil
	m.PodAddrs = nil
	return had
}

// plainEndpoint takes one property of an endpoint away.
func plainEndpoint(m *model.Model, place int) bool {
	e := &m.Endpoints[place]
	switch {
	case len(e.Ports) > 0:
		e.Ports = nil
	case e.Template:
		e.Template = false
	case len(e.Labels) > 0:
		e.Labels = nil
	case len(e.IPs) > 0:
		e.IPs = nil
	case e.Node != "":
		e.Node = ""
	default:
		return false
	}
	return true
}
