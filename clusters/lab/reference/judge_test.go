package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/kube-network-policies/pkg/network"
)

// failing is an engine that cannot judge.
type failing struct{}

func (failing) EvaluatePacket(context.Context, *network.Packet) (bool, error) {
	return true, errors.New("no")
}

// TestJudge: verdicts are the engine's; addresses of unknown pods are refused.
func TestJudge(t *testing.T) {
	c := newCluster(t)
	c.isolate("x")
	j := &judge{engine: c.engine("node-a"), pods: c.pods, networks: c.networks, count: &counters{}}
	for name, f := range map[string]struct {
		from, to string
		want     bool
	}{
		"isolated":                     {"10.244.0.2", "10.244.1.2", false},
		"the other direction":          {"10.244.1.2", "10.244.0.2", true},
		"from an unknown pod":          {"10.244.0.9", "10.244.0.2", false},
		"to an unknown pod":            {"10.244.0.2", "10.244.1.9", false},
		"from a node's own address":    {"10.244.0.1", "10.244.0.2", true},
		"from outside to the isolated": {"192.0.2.1", "10.244.1.2", false},
		"to the outside":               {"10.244.1.2", "192.0.2.1", true},
	} {
		p := &network.Packet{
			Family: corev1.IPv4Protocol, Proto: corev1.ProtocolTCP, SrcPort: 40000, DstPort: 80,
			SrcIP: net.ParseIP(f.from), DstIP: net.ParseIP(f.to),
		}
		if got := j.allows(context.Background(), p); got != f.want {
			t.Errorf("%s: %t, want %t", name, got, f.want)
		}
		j := &judge{engine: failing{}, pods: c.pods, networks: c.networks, count: &counters{}}
		if j.allows(context.Background(), p) {
			t.Errorf("%s: allowed by an engine that fails", name)
		}
	}
	if n := j.count.unknown.Load(); n != 2 {
		t.Errorf("%d packets of unknown pods, want 2", n)
	}
}

// TestStatus: the agent is not ready until it says so.
func TestStatus(t *testing.T) {
	c := &counters{}
	for _, want := range []int{http.StatusServiceUnavailable, http.StatusOK} {
		w := httptest.NewRecorder()
		c.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		if w.Code != want {
			t.Errorf("status %d, want %d", w.Code, want)
		}
		c.ready.Store(true)
	}
}
