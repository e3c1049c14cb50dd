package diff

import (
	"slices"
	"strings"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
)

// Engine is one cluster's result of a matrix: what was predicted for it under its
// own profile and what it was seen to do.
type Engine struct {
	Name   string // of the network with its version
	Result *Result
}

// Crossing is one flow on all engines.
type Crossing struct {
	Flow      observation.Flow
	Predicted []model.Outcome // by engine
	Seen      []Seen          // by engine
	Rules     []string        // by engine: what decides the prediction
	// Expected tells that the profiles predict different outcomes, as compare says;
	// Differs that the engines were seen to differ. Inconclusive and undetermined
	// answers differ from nothing.
	Expected, Differs bool
}

// Across lines up what engines did with the same flows, in the order of the first
// engine. A flow that an engine has no record of is Inconclusive there.
func Across(engines []Engine) []Crossing {
	index := map[string]int{}
	var out []Crossing
	for e := range engines {
		for i := range engines[e].Result.Rows {
			row := &engines[e].Result.Rows[i]
			key := Text(row.Record.Flow)
			at, ok := index[key]
			if !ok {
				at = len(out)
				index[key] = at
				out = append(out, newCrossing(row.Record.Flow, len(engines)))
			}
			out[at].Predicted[e], out[at].Seen[e], out[at].Rules[e] = row.Predicted, row.Seen, row.Rule
		}
	}
	for i := range out {
		c := &out[i]
		c.Expected = slices.Contains(c.Predicted, model.Allowed) && slices.Contains(c.Predicted, model.Denied)
		c.Differs = slices.Contains(c.Seen, Allowed) && slices.Contains(c.Seen, Denied)
	}
	return out
}

func newCrossing(f observation.Flow, n int) Crossing {
	c := Crossing{Flow: f, Predicted: make([]model.Outcome, n), Seen: make([]Seen, n), Rules: make([]string, n)}
	for i := range n {
		c.Predicted[i], c.Seen[i] = model.Undetermined, Inconclusive
	}
	return c
}

// EngineName names what a header's cluster runs.
func EngineName(h observation.Header) string {
	return strings.TrimSpace(h.Cluster.Network + " " + h.Cluster.NetworkVersion)
}

// Profile returns the profile that predicts for a header's cluster, "" where the
// network is not known: the reference agent runs the engine of
// kube-network-policies.
func Profile(h observation.Header) string {
	switch h.Cluster.Network {
	case "reference":
		return "kube-network-policies"
	case "ovnkubernetes":
		return "ovn-kubernetes"
	}
	return h.Cluster.Network
}

// Mesh returns the profile of the mesh that predicts for a header's cluster: none in
// a cluster that was made without one or seen to have none, "" (what the snapshot
// shows) in any other.
func Mesh(h observation.Header) string {
	if h.Cluster.Mesh == "" && h.Cluster.Provider == "kind" || h.Cluster.Mesh == sim.NoMesh {
		return sim.NoMesh
	}
	return ""
}
