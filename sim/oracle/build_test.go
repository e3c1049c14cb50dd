package oracle_test

import (
	"net/netip"
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/oracle"
)

// The endpoints of cluster, by index.
const (
	client   = iota // a/client {app=c} on n0, 10.0.0.1
	server          // b/server {app=s} on n0, 10.0.0.2 and fd00::2, web is TCP 8080
	template        // b/copies {app=s}, addresses and node not known, web is TCP 9090
	node0           // n0 {zone=1}, 192.168.0.1
	node1           // n1 {zone=2}, 192.168.0.2
	host0           // a/host0 {app=c} on the host network of n0, 192.168.0.1
	hostX           // a/hostx on the host network of a node that is not known, no addresses
	east            // a/east {app=c} in cluster east on its n0, 10.1.0.1
)

// cluster returns the model that the tests add tiers to.
func cluster(tiers ...model.Tier) *model.Model {
	pod := func(ns, name, app, node string, ips ...netip.Addr) model.Endpoint {
		return model.Endpoint{Kind: model.Pod, Namespace: ns, Name: name, Node: node, IPs: ips, Labels: labels("app", app)}
	}
	e := make([]model.Endpoint, east+1)
	e[client] = pod("a", "client", "c", "n0", addr("10.0.0.1"))
	e[server] = pod("b", "server", "s", "n0", addr("10.0.0.2"), addr("fd00::2"))
	e[server].Ports = []model.NamedPort{{Name: "web", Protocol: algebra.TCP, Port: 8080}}
	e[template] = pod("b", "copies", "s", "")
	e[template].Template = true
	e[template].Ports = []model.NamedPort{{Name: "web", Protocol: algebra.TCP, Port: 9090}}
	e[node0] = model.Endpoint{Kind: model.Node, Name: "n0", Labels: labels("zone", "1"), IPs: []netip.Addr{addr("192.168.0.1")},
		Ports: []model.NamedPort{{Name: "web", Protocol: algebra.TCP, Port: 8080}}}
	e[node1] = model.Endpoint{Kind: model.Node, Name: "n1", Labels: labels("zone", "2"), IPs: []netip.Addr{addr("192.168.0.2")}}
	e[host0] = pod("a", "host0", "c", "n0", addr("192.168.0.1"))
	e[hostX] = pod("a", "hostx", "c", "")
	e[host0].HostNetwork, e[hostX].HostNetwork = true, true
	e[east] = pod("a", "east", "c", "n0", addr("10.1.0.1"))
	e[east].Cluster = "east"
	return &model.Model{
		Profile: &model.Profile{Name: "test"},
		Namespaces: []model.Namespace{{Name: "a", Labels: labels("team", "red")}, {Name: "b", Labels: labels("team", "blue")},
			{Name: "a", Labels: labels("team", "blue"), Cluster: "east"}},
		Endpoints: e, Tiers: tiers, V4: true, V6: true,
	}
}

func addr(s string) netip.Addr { return netip.MustParseAddr(s) }

func labels(key, value string) model.Labels { return model.NewLabels(map[string]string{key: value}) }

func endpoint(i int) model.Party { return model.Party{Kind: model.PartyEndpoint, Index: i} }

func address(s string) model.Party { return model.Party{Kind: model.PartyAddress, Addr: addr(s)} }

func hostName(s string) model.Party { return model.Party{Kind: model.PartyHost, Host: s} }

// ask asks for TCP 80 over IPv4.
func ask(from, to model.Party) oracle.Question {
	return oracle.Question{From: from, To: to, Family: algebra.IPv4, Protocol: algebra.TCP, Port: 80}
}

// fromClient asks for TCP 80 from client to server.
func fromClient() oracle.Question { return ask(endpoint(client), endpoint(server)) }

// doubt is any reason to be uncertain.
func doubt() *model.Reason { return &model.Reason{Kind: model.MissingFact, Text: "doubt"} }

// rule returns a rule for every peer and all traffic.
func rule(a model.Action) model.Rule {
	return model.Rule{Action: a, AnyPeer: true, Traffic: model.Traffic{Any: true}}
}

// maybe returns the rule as one that may not act.
func maybe(r model.Rule) model.Rule {
	r.Uncertain = doubt()
	return r
}

// to returns an allow rule for one peer and all traffic.
func to(p model.Peer) model.Rule {
	return model.Rule{Action: model.Allow, Peers: []model.Peer{p}, Traffic: model.Traffic{Any: true}}
}

// policy returns an ingress policy for all pods.
func policy(u model.Unmatched, rules ...model.Rule) *model.Policy {
	return &model.Policy{Direction: model.Ingress, Unmatched: u, Rules: rules}
}

// with changes a policy and returns it.
func with(p *model.Policy, change func(*model.Policy)) *model.Policy {
	change(p)
	return p
}

func uncertain(p *model.Policy) *model.Policy {
	return with(p, func(p *model.Policy) { p.Uncertain = doubt() })
}

func priority(n float64, p *model.Policy) *model.Policy {
	return with(p, func(p *model.Policy) { p.Priority = n })
}

func egress(p *model.Policy) *model.Policy {
	return with(p, func(p *model.Policy) { p.Direction = model.Egress })
}

// tier returns a tier; passTo is one after it where the test does not say.
func tier(tie model.TieRule, passTo int, policies ...*model.Policy) model.Tier {
	return model.Tier{Tie: tie, PassTo: passTo, Policies: policies}
}

func want(t *testing.T, m *model.Model, q oracle.Question, expected model.Outcome) {
	t.Helper()
	if got := oracle.Decide(m, q); got != expected {
		t.Errorf("got %s, want %s", got, expected)
	}
}
