package root_test

import (
	"io"
	"time"

	"github.com/netfate/netfate/clusters/campaign"
	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/evidence"
	"github.com/netfate/netfate/clusters/minimise"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/replay"
	"github.com/netfate/netfate/reports"
	"github.com/netfate/netfate/sim/model"
)

// live are samples of the commands that need a cluster, from the reports that they write with.
func live() map[string]func(io.Writer) error {
	facts := observation.Facts{
		Kubernetes: "v1.34.4", Network: "cilium", NetworkVersion: "1.20.2", Mesh: "istio", MeshVersion: "1.31.0",
		Gateways: map[string]string{"traefik": "37.0.0"}, Flags: map[string]string{"routing": "tunnel"}, Nodes: []string{"n1"}, Provider: "kind",
	}
	flow := observation.Flow{From: observation.Party{Kind: observation.KindPod, ID: "t/a"}, To: observation.Party{Kind: observation.KindService, ID: "t/b"}, Protocol: "TCP", Port: 80}
	header := observation.Header{Version: observation.Version, Tool: "netfate test", Started: time.Unix(0, 0).UTC(), Cluster: facts}
	return map[string]func(io.Writer) error{
		"live-list": func(w io.Writer) error {
			return reports.LiveClustersJSON(w, []reports.LiveCluster{
				{Name: "netfate-a", State: "ready", Created: "2026-11-27T10:00:00Z", Facts: facts},
				{Name: "netfate-b", State: "half made"}, {Name: "netfate-c", State: "does not answer"},
			})
		},
		"live-fuzz": func(w io.Writer) error {
			m := campaign.Mismatch{Round: 1, Flow: flow, Predicted: model.Allowed, Observed: model.Denied, Rule: "r", Same: 2, Problem: "no time"}
			small := m
			small.Small, small.Problem = &minimise.Result{}, ""
			full := &campaign.Report{
				Header: header, Network: "cilium", Seed: 7, Rounds: 2, Policies: 9, Flows: 300, Refused: 1, Refusals: []string{"invalid"},
				Mismatches: []campaign.Mismatch{m, small}, Resolved: map[string]map[string]int{"r": {"allowed": 1, "denied": 2}}, Took: time.Second,
			}
			if err := reports.LiveFuzzJSON(w, full); err != nil {
				return err
			}
			return reports.LiveFuzzJSON(w, &campaign.Report{Header: header, Network: "cilium"})
		},
		"live-evidence": func(w io.Writer) error {
			said := &evidence.Result{Case: &evidence.Case{Name: "N1"}, Dead: []string{"t/a -> t/c"}, Recorded: &replay.Case{Flows: []replay.Flow{{Flow: flow, Outcome: model.Denied}}}}
			only := *said
			only.Recorded = &replay.Case{Run: replay.Run{ObservedOnly: "its kind is not read"}, Flows: said.Recorded.Flows}
			row := diff.Row{Record: observation.Record{Flow: flow}, Predicted: model.Undetermined, Seen: diff.Denied, Class: diff.Resolved, Rule: "r"}
			for _, e := range []reports.LiveEvidence{
				{Engine: "cilium 1.20.2", Profile: "cilium", Result: said, File: "seen/N1.txtar", Rows: []diff.Row{row}},
				{Engine: "cilium 1.20.2", Profile: "cilium", Result: &only, File: "seen/N1.txtar"},
				{Engine: "cilium 1.20.2", Profile: "cilium", Result: &evidence.Result{Case: said.Case, Refused: "invalid"}},
			} {
				if err := e.WriteJSON(w); err != nil {
					return err
				}
			}
			return nil
		},
		"live-matrix": func(w io.Writer) error {
			row := func(p model.Outcome, seen diff.Seen) *diff.Result {
				return &diff.Result{Network: "cilium", Rows: []diff.Row{{Record: observation.Record{Flow: flow}, Predicted: p, Seen: seen, Rule: "r"}}}
			}
			engines := []diff.Engine{{Name: "cilium 1.20.2", Result: row(model.Allowed, diff.Allowed)}, {Name: "other", Result: row(model.Denied, diff.Inconclusive)}}
			return reports.LiveMatrixJSON(w, engines, diff.Across(engines))
		},
	}
}
