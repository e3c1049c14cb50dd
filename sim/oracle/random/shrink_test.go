package random_test

import (
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/oracle/random"
)

// deniesNodes is a stand-in for a failure: some rule denies nodes of a zone, and
// there is a pod on the host network.
func deniesNodes(m *model.Model) bool {
	host, rule := false, false
	for i := range m.Endpoints {
		host = host || m.Endpoints[i].HostNetwork
	}
	for i := range m.Tiers {
		for _, p := range m.Tiers[i].Policies {
			for j := range p.Rules {
				for _, peer := range p.Rules[j].Peers {
					rule = rule || p.Rules[j].Action == model.Deny && peer.Nodes != nil
				}
			}
		}
	}
	return host && rule
}

func TestShrink(t *testing.T) {
	shrunk := 0
	for seed := range uint64(200) {
		m, _ := generate(seed)
		if !deniesNodes(m) {
			continue
		}
		shrunk++
		before := random.Dump(m)
		s := random.Shrink(m, deniesNodes)
		if random.Dump(m) != before {
			t.Fatalf("seed %d: the model was changed", seed)
		}
		if !deniesNodes(s) {
			t.Fatalf("seed %d: the failure is lost", seed)
		}
		if len(s.Endpoints) != 1 || len(s.Tiers) != 1 || s.Policies() != 1 || strings.Count(random.Dump(s), "\n") > 6 {
			t.Fatalf("seed %d is not small:\n%s", seed, random.Dump(s))
		}
	}
	if shrunk < 10 {
		t.Fatalf("only %d models failed", shrunk)
	}
}

func TestShrinkEnds(t *testing.T) {
	m, _ := generate(7)
	s := random.Shrink(m, func(*model.Model) bool { return true })
	if got := random.Dump(s); strings.Count(got, "\n") != 1 {
		t.Errorf("something is left:\n%s", got)
	}
	if got := random.Shrink(m, func(*model.Model) bool { return false }); got != m {
		t.Error("a model that does not fail was shrunk")
	}
}
