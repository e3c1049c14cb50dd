package scenarios

import (
	"context"
	"testing"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
)

// TestFindingsAreVerdicts compares the answers by classes with the verdict of
// every pair of endpoints.
func TestFindingsAreVerdicts(t *testing.T) {
	for _, dir := range []string{"testdata/cluster/shop", "testdata/cluster/net", "testdata/cluster/broken"} {
		for _, network := range sim.Networks() {
			t.Run(dir+" "+network, func(t *testing.T) { compareWithVerdicts(t, dir, network) })
		}
	}
}

func compareWithVerdicts(t *testing.T, dir, network string) {
	snap, err := sim.Load(context.Background(), collect.Options{Sources: []string{dir}})
	if err != nil {
		t.Fatal(err)
	}
	made, err := sim.New(snap, sim.Options{Network: network})
	if err != nil {
		t.Fatal(err)
	}
	v := newView(made)
	a := v.asker()
	for _, text := range []string{"TCP 80", "TCP 8080", "TCP 9000", "TCP 30080", "UDP 53", `ports "SCTP 7"`, `ports "ICMP type 8 code 0"`} {
		w, err := parseWant(text)
		if err != nil {
			t.Fatal(err)
		}
		for from := range v.m.Endpoints {
			for to := range v.m.Endpoints {
				check(t, v, a, from, to, w)
			}
		}
	}
}

func check(t *testing.T, v *view, a *asker, from, to int, w want) {
	t.Helper()
	q := question{from: &ends{text: "a", endpoints: []int{from}}, to: &ends{text: "b", endpoints: []int{to}}, want: w, granted: true}
	key, _ := w.set.Min()
	_, proto, port := algebra.ConnParts(key)
	fl := model.Flow{From: endpoint(from), To: endpoint(to), Protocol: proto, Port: port}
	if proto == algebra.ICMP {
		fl.Families = []algebra.Family{algebra.IPv4}
	}
	can, cannot := &tally{v: v}, &tally{v: v}
	if err := a.find(context.Background(), q, can.add); err != nil {
		t.Fatal(err)
	}
	q.deny = true
	if err := a.find(context.Background(), q, cannot.add); err != nil {
		t.Fatal(err)
	}
	got := model.Undetermined
	switch {
	case can.total() == 0:
		return
	case can.count[algebra.Yes] == can.total():
		got = model.Allowed
	case cannot.count[algebra.Yes] == cannot.total():
		got = model.Denied
	}
	want := v.sim.Verdict(fl).Outcome
	if got != want {
		t.Errorf("%s to %s on %s: %s by classes, %s by verdict", v.name(fl.From), v.name(fl.To), w.text, got, want)
	}
}
