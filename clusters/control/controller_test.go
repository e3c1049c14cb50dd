package control

import (
	"testing"

	"github.com/netfate/netfate/clusters/observation"
)

// TestProbe asserts that records come in order, with who answered and the addresses that were used.
func TestProbe(t *testing.T) {
	p := newPods(t, 3, freePorts(t, 2)...)
	c := New(p, quick())
	defer c.Close()
	flows := allPairs(p)
	flows = append(flows, observation.Flow{From: pod("p0"), To: pod("p1"), Protocol: "UDP", Port: p.ports[0]},
		observation.Flow{From: pod("p0"), To: pod("gone"), Protocol: "TCP", Port: 1})
	for range 2 {
		records, err := c.Probe(t.Context(), flows, p.resolve)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range records[:len(flows)-1] {
			to := flows[i].To.ID
			if r.Result != observation.Connected || r.By != to || r.Flow.To.Address != p.at[to[2:]].String() || r.Flow.From.Address == "" || r.Instance == "" || r.Attempts != 1 {
				t.Errorf("%+v", r)
			}
		}
		if last := records[len(flows)-1]; last.Result != observation.Inconclusive || last.Detail != "the destination: no such pod" {
			t.Errorf("%+v", last)
		}
	}
	for name, n := range p.opened {
		if n != 1 {
			t.Errorf("%d sessions for %s", n, name)
		}
	}
}
