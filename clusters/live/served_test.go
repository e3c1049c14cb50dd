package live

import (
	"slices"
	"testing"

	"github.com/netfate/netfate/clusters/mirror"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
)

// TestServed: pods of a mirror serve what flows ask of them, and those on a node's
// network nothing but what they declare.
func TestServed(t *testing.T) {
	pod := func(id string) observation.Party { return observation.Party{Kind: observation.KindPod, ID: id} }
	from := pod("shop/db")
	flows := []observation.Flow{
		{From: from, To: pod("shop/web-1"), Protocol: "TCP", Port: 8443}, {From: from, To: pod("shop/web-1"), Protocol: "TCP", Port: 8443},
		{From: from, To: pod("shop/web-1"), Protocol: "UDP", Port: 53}, {From: from, To: pod("shop/web-1"), Protocol: observation.ICMP},
		{From: from, To: observation.Party{Kind: observation.KindService, ID: "shop/web-1"}, Protocol: "TCP", Port: 7},
		{From: from, To: pod("shop/host"), Protocol: "TCP", Port: 22},
	}
	got := served(flows)
	if want := []mirror.Port{{Protocol: "TCP", Port: 8443}, {Protocol: "UDP", Port: 53}}; !slices.Equal(got["shop/web-1"], want) {
		t.Errorf("%v, want %v", got["shop/web-1"], want)
	}
	s, err := sim.New(attachSnapshot(t), sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := mirror.Build(s, mirror.Options{Image: "i", Nodes: []string{"n"}, Serve: got})
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.Pods {
		p := &m.Pods[i]
		if want := p.ID == "shop/web-1"; p.Serves("TCP", 8443) != want {
			t.Errorf("%s serves TCP 8443: %v", p.ID, !want)
		}
		if p.Serves("TCP", 22) {
			t.Errorf("%s serves TCP 22", p.ID)
		}
	}
}
