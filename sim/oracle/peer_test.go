package oracle_test

import (
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// peerWants asks whether an isolated client may connect to each of the parties
// when one egress rule allows the peer: No is denied, Maybe undetermined.
func peerWants(t *testing.T, name string, p model.Peer, wants map[model.Party]algebra.Tri) {
	t.Helper()
	m := cluster(tier(model.TieUnion, 1, egress(policy(model.UnmatchedDeny, to(p)))))
	for party, tri := range wants {
		t.Run(name, func(t *testing.T) {
			t.Logf("to %+v", party)
			want(t, m, ask(endpoint(client), party), [...]model.Outcome{model.Denied, model.Undetermined, model.Allowed}[tri])
		})
	}
}

func TestPeerPods(t *testing.T) {
	peerWants(t, "labels", model.Peer{Pods: &model.Selector{PodLabels: model.In("app", "s")}}, map[model.Party]algebra.Tri{
		endpoint(server): algebra.Yes, endpoint(template): algebra.Yes, endpoint(east): algebra.No,
		endpoint(node0): algebra.No, address("8.8.8.8"): algebra.No, hostName("example.com"): algebra.No,
	})
	peerWants(t, "namespace labels", model.Peer{Pods: &model.Selector{NamespaceLabels: model.In("team", "blue")}},
		map[model.Party]algebra.Tri{endpoint(server): algebra.Yes, endpoint(east): algebra.Yes, endpoint(host0): algebra.No})
	peerWants(t, "host network", model.Peer{Pods: &model.Selector{HostNetwork: true}},
		map[model.Party]algebra.Tri{endpoint(server): algebra.Yes, endpoint(host0): algebra.Yes, endpoint(node0): algebra.No})
	peerWants(t, "in doubt", model.Peer{Pods: &model.Selector{PodLabels: model.In("app", "s")}, Uncertain: doubt()},
		map[model.Party]algebra.Tri{endpoint(server): algebra.Maybe, endpoint(east): algebra.No})
	peerWants(t, "nothing set", model.Peer{}, map[model.Party]algebra.Tri{endpoint(server): algebra.No, address("8.8.8.8"): algebra.No})
}

func TestPeerNodes(t *testing.T) {
	peerWants(t, "zone 1", model.Peer{Nodes: &model.NodeSelector{Labels: model.In("zone", "1")}}, map[model.Party]algebra.Tri{
		endpoint(node0): algebra.Yes, endpoint(node1): algebra.No, endpoint(host0): algebra.Yes,
		endpoint(hostX): algebra.Maybe, endpoint(server): algebra.No, address("192.168.0.1"): algebra.No,
	})
	peerWants(t, "zone 3", model.Peer{Nodes: &model.NodeSelector{Labels: model.In("zone", "3")}}, map[model.Party]algebra.Tri{
		endpoint(node0): algebra.No, endpoint(host0): algebra.No,
		endpoint(hostX): algebra.No, // whichever node it is on
	})
}

func TestPeerNodesNotKnown(t *testing.T) {
	rule := to(model.Peer{Nodes: &model.NodeSelector{Labels: model.In("zone", "3")}})
	m := cluster(tier(model.TieUnion, 1, egress(policy(model.UnmatchedDeny, rule))))
	m.Endpoints[hostX].Node = "n9" // named, but there is no such object
	want(t, m, ask(endpoint(client), endpoint(hostX)), model.Undetermined)
	m.Endpoints[hostX].Node = ""
	m.Endpoints[hostX].Cluster = "east" // of whose nodes none is known
	want(t, m, ask(endpoint(client), endpoint(hostX)), model.Undetermined)
	m.Endpoints[hostX].Node = "n0" // another one than the local n0
	want(t, m, ask(endpoint(client), endpoint(hostX)), model.Undetermined)
}

func block(cidrs string, pods, nodes algebra.Tri) model.Peer {
	addrs, err := algebra.ParseAddrSet(cidrs)
	if err != nil {
		return model.Peer{}
	}
	return model.Peer{Block: &model.Block{Addrs: addrs, Scope: model.Scope{Pods: pods, Nodes: nodes}}}
}

func TestPeerBlock(t *testing.T) {
	const no, maybe, yes = algebra.No, algebra.Maybe, algebra.Yes
	peerWants(t, "all", block("0.0.0.0/0", yes, yes), map[model.Party]algebra.Tri{
		endpoint(server): yes, endpoint(template): yes, endpoint(node0): yes, endpoint(hostX): yes,
		address("8.8.8.8"): yes, hostName("example.com"): yes,
	})
	peerWants(t, "not pods", block("0.0.0.0/0", no, maybe), map[model.Party]algebra.Tri{
		endpoint(server): no, endpoint(template): no, endpoint(node0): maybe, endpoint(host0): maybe,
		endpoint(hostX): maybe, address("8.8.8.8"): yes,
	})
	peerWants(t, "pods perhaps", block("0.0.0.0/0", maybe, no), map[model.Party]algebra.Tri{
		endpoint(server): maybe, endpoint(template): maybe, endpoint(node0): no, endpoint(hostX): no,
	})
	peerWants(t, "some", block("10.0.0.2,192.168.0.1,8.0.0.0/8", yes, yes), map[model.Party]algebra.Tri{
		endpoint(server): yes, endpoint(template): maybe, endpoint(node0): yes, endpoint(node1): no,
		endpoint(host0): yes, endpoint(hostX): maybe, endpoint(east): no,
		address("8.8.8.8"): yes, address("9.0.0.0"): no, hostName("example.com"): maybe,
	})
	peerWants(t, "other family", block("::/0", yes, yes), map[model.Party]algebra.Tri{
		endpoint(server): no, endpoint(template): no, endpoint(hostX): no, address("8.8.8.8"): no, hostName("example.com"): no,
	})
}

func TestPeerDomains(t *testing.T) {
	const no, maybe, yes = algebra.No, algebra.Maybe, algebra.Yes
	p := model.Peer{Domains: &model.Domains{Patterns: []string{"*.Example.com.", "example.org"}}}
	peerWants(t, "domains", p, map[model.Party]algebra.Tri{
		hostName("a.example.com"): yes, hostName("A.B.EXAMPLE.COM."): yes, hostName("example.com"): no,
		hostName("notexample.com"): no, hostName(".example.com"): no, hostName("example.org."): yes, hostName("a.example.org"): no,
		address("8.8.8.8"): maybe, endpoint(server): no, endpoint(node0): no,
	})
	p.Uncertain = doubt()
	peerWants(t, "in doubt", p, map[model.Party]algebra.Tri{hostName("example.org"): maybe, hostName("example.com"): no})
}

func TestPeersAreAlternatives(t *testing.T) {
	r := to(block("10.0.0.2", algebra.Maybe, algebra.No))
	r.Peers = append(r.Peers, model.Peer{Pods: &model.Selector{Namespace: "b"}})
	m := cluster(tier(model.TieUnion, 1, egress(policy(model.UnmatchedDeny, r))))
	want(t, m, fromClient(), model.Allowed)
	r.Peers = nil
	m = cluster(tier(model.TieUnion, 1, egress(policy(model.UnmatchedDeny, r))))
	want(t, m, fromClient(), model.Denied)
}

func TestTrafficNamed(t *testing.T) {
	r := rule(model.Allow)
	r.Traffic = model.Traffic{Conns: algebra.Ports(algebra.TCP, 80, 80), Named: []model.PortName{{Name: "web"}}}
	in := cluster(tier(model.TieUnion, 1, policy(model.UnmatchedDeny, r)))
	out := cluster(tier(model.TieUnion, 1, egress(policy(model.UnmatchedDeny, r))))
	for _, c := range []struct {
		to   model.Party
		port uint16
		want model.Outcome
	}{
		{endpoint(server), 80, model.Allowed},
		{endpoint(server), 8080, model.Allowed},
		{endpoint(server), 9090, model.Denied},
		{endpoint(template), 9090, model.Allowed}, // its own number
		{endpoint(template), 8080, model.Denied},
		{endpoint(node0), 8080, model.Denied}, // a node has no named ports
		{address("8.8.8.8"), 8080, model.Denied},
		{hostName("example.com"), 8080, model.Denied},
		{address("8.8.8.8"), 80, model.Allowed},
	} {
		q := ask(endpoint(client), c.to)
		q.Port = c.port
		want(t, out, q, c.want)
		if c.to.Kind == model.PartyEndpoint && c.to.Index != node0 {
			want(t, in, q, c.want)
		}
	}
	q := fromClient()
	q.Port, q.Protocol = 8080, algebra.UDP
	want(t, in, q, model.Denied)
}

func TestTrafficNamedProtocol(t *testing.T) {
	q := fromClient()
	q.Port = 8080
	for p, expected := range map[algebra.Protocol]model.Outcome{algebra.TCP: model.Allowed, algebra.UDP: model.Denied} {
		r := rule(model.Allow)
		r.Traffic = model.Traffic{Named: []model.PortName{{Name: "web", Protocol: p, HasProtocol: true}}}
		want(t, cluster(tier(model.TieUnion, 1, policy(model.UnmatchedDeny, r))), q, expected)
	}
}
