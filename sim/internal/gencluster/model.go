package gencluster

import (
	"fmt"
	"net/netip"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Model returns the cluster as the translators make it under the neutral
// profile: what the API leaves open about pods on the host network is a second
// policy and a second peer beside each.
func (c *Cluster) Model() *model.Model {
	m := &model.Model{Profile: &model.Profile{Name: "kubernetes"}, V4: true}
	for _, n := range c.namespaces {
		m.Namespaces = append(m.Namespaces, model.Namespace{Name: n.name, Labels: n.labels})
	}
	c.endpoints(m)
	b := &builder{host: undefined("N6", "pods on the host network"), domain: algebra.PortProtocols()}
	for i := range c.policies {
		b.policy(&c.policies[i])
	}
	m.Tiers = []model.Tier{{Name: model.TierAdmin, PassTo: 1},
		{Name: model.TierNetworkPolicy, Tie: model.TieUnion, PassTo: 2, Policies: b.out}, {Name: model.TierBaseline, PassTo: 3}}
	return m
}

func undefined(row, text string) *model.Reason {
	return &model.Reason{Kind: model.UndefinedByAPI, Row: row, Text: text}
}

func (c *Cluster) endpoints(m *model.Model) {
	m.Endpoints = make([]model.Endpoint, 0, len(c.workloads)*max(1, c.size.Replicas))
	ports := []model.NamedPort{{Name: "http", Protocol: algebra.TCP, Port: 8080}, {Name: "metrics", Protocol: algebra.TCP, Port: 9090}}
	m.Endpoints = make([]model.Endpoint, 0, len(c.workloads)*max(1, c.size.Replicas))
	n := 0
	for _, w := range c.workloads {
		e := model.Endpoint{Namespace: w.namespace, Name: w.name, Labels: w.labels, Ports: ports,
			Workload: model.Workload{Kind: "Deployment", Name: w.name}, Template: c.size.Templates}
		if c.size.Templates {
			m.Endpoints = append(m.Endpoints, e)
			continue
		}
		for r := range w.replicas {
			pod := e
			pod.Name = fmt.Sprintf("%s-%d", w.name, r)
			pod.Workload = model.Workload{Kind: "Pod", Name: pod.Name}
			pod.Node = node(n)
			pod.IPs = []netip.Addr{address(n)}
			n++
			m.Endpoints = append(m.Endpoints, pod)
		}
	}
}

func node(n int) string { return fmt.Sprintf("node%d", n%50) }

func address(n int) netip.Addr {
	return netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})
}

// builder makes model policies, as the NetworkPolicy translator does.
type builder struct {
	out    []*model.Policy
	host   *model.Reason
	domain algebra.Set
}

func (b *builder) policy(p *policy) {
	origin := model.Origin{Object: &model.Object{Ref: model.Ref{APIVersion: "networking.k8s.io/v1", Kind: "NetworkPolicy",
		Namespace: p.namespace, Name: p.name}}}
	for d, rules := range [...][]rule{model.Ingress: p.in, model.Egress: p.out} {
		if rules == nil {
			continue
		}
		out := model.Policy{Direction: model.Direction(d), Subject: model.Selector{Namespace: p.namespace, PodLabels: p.subject.expr(),
			LocalCluster: true}, Unmatched: model.UnmatchedDeny, Domain: b.domain,
			DomainReason: undefined("N36", "other protocols"), Origin: origin}
		for i := range rules {
			out.Rules = append(out.Rules, b.rule(p.namespace, &rules[i]))
		}
		host := out
		host.Subject.HostNetwork, host.Subject.OnlyHost, host.Uncertain = true, true, b.host
		b.out = append(b.out, &out, &host)
	}
}

func (b *builder) rule(ns string, r *rule) model.Rule {
	out := model.Rule{Action: model.Allow, Traffic: traffic(r.ports)}
	for i := range r.peers {
		p := &r.peers[i]
		if p.cidr != "" {
			out.Peers = append(out.Peers, model.Peer{Block: block(p)})
			continue
		}
		s := &model.Selector{LocalCluster: true, PodLabels: p.pods.deref().expr()}
		if p.namespaces == nil {
			s.Namespace = ns
		} else if t := p.namespaces.deref(); len(t) == 1 && t[0].key == model.NameLabel {
			s.Namespace = t[0].values[0]
		} else {
			s.NamespaceLabels = t.expr()
		}
		host := *s
		host.HostNetwork, host.OnlyHost = true, true
		out.Peers = append(out.Peers, model.Peer{Pods: s}, model.Peer{Pods: &host, Uncertain: b.host})
	}
	return out
}

func block(p *peer) *model.Block {
	return &model.Block{Addrs: algebra.PrefixSet(netip.MustParsePrefix(p.cidr), netip.MustParsePrefix(p.except)),
		Scope: model.Scope{Pods: algebra.Maybe, Nodes: algebra.Maybe, Reason: undefined("N2", "pods in blocks"),
			NodesReason: undefined("N4", "nodes in blocks")}}
}

func traffic(ports []port) model.Traffic {
	if ports == nil {
		return model.Traffic{Any: true}
	}
	var t model.Traffic
	for _, p := range ports {
		proto, _ := algebra.ParseProtocol(p.protocol)
		if p.name != "" {
			t.Named = append(t.Named, model.PortName{Name: p.name, Protocol: proto, HasProtocol: true})
			continue
		}
		t.Conns = t.Conns.Union(algebra.Ports(proto, uint16(p.lo), uint16(p.hi)))
	}
	return t
}

func (s *selector) deref() selector {
	if s == nil {
		return nil
	}
	return *s
}

func (s selector) expr() *model.Expr {
	args := make([]*model.Expr, len(s))
	for i, t := range s {
		args[i] = &model.Expr{Op: t.op, Key: t.key, Values: t.values}
	}
	return model.And(args...)
}
