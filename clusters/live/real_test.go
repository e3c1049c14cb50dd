package live_test

import (
	"os"
	"testing"
	"time"

	"github.com/netfate/netfate/clusters/campaign"
	"github.com/netfate/netfate/clusters/live"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/provider/kind"
)

// TestRealBench runs two rounds of a campaign on the cluster that $NETFATE_LIVE_CLUSTER names.
func TestRealBench(t *testing.T) {
	name := os.Getenv("NETFATE_LIVE_CLUSTER")
	if name == "" {
		t.Skip("no cluster: $NETFATE_LIVE_CLUSTER names one of ours")
	}
	k, err := kind.New(os.Getenv, nil)
	if err != nil {
		t.Fatal(err)
	}
	config, err := k.Config(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	tcp, udp := campaign.Ports()
	began := time.Now()
	b, err := live.NewBench(t.Context(), config, live.BenchOptions{
		Name: "test", Image: os.Getenv("NETFATE_PROBE_IMAGE"), TCP: tcp, UDP: udp, ClusterPolicies: true,
		Header: observation.Header{Cluster: observation.Facts{Network: "reference"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close(t.Context())
	t.Logf("bench after %s", time.Since(began))
	rep, err := campaign.Run(t.Context(), b, campaign.Options{Network: os.Getenv("NETFATE_PROFILE"), Seed: 1, Rounds: 2, Progress: func(r *campaign.Report) {
		t.Logf("%s: %d rounds, %d flows, agreement %.3f", r.Took, r.Rounds, r.Flows, r.Agreement())
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range rep.Mismatches {
		t.Errorf("%+v", m)
	}
}
