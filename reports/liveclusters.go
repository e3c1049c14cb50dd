package reports

import (
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/netfate/netfate/clusters/observation"
)

// LiveCluster is one cluster of ours.
type LiveCluster struct {
	Name    string            `json:"name"`
	State   string            `json:"state"` // "ready", "half made", "does not answer"
	Created string            `json:"created,omitempty"`
	Facts   observation.Facts `json:"cluster"`
}

// LiveClusters writes a table of clusters.
func LiveClusters(w io.Writer, list []LiveCluster, p Palette) error {
	out := &lines{w: w}
	if len(list) == 0 {
		out.printf("no clusters; netfate live up makes one\n")
		return out.err
	}
	t := &table{head: []string{"NAME", "STATE", "KUBERNETES", "NETWORK", "MESH", "GATEWAYS", "NODES", "CREATED"}}
	for _, c := range list {
		var gateways []string
		for _, g := range slices.Sorted(maps.Keys(c.Facts.Gateways)) {
			gateways = append(gateways, g+" "+c.Facts.Gateways[g])
		}
		t.add(c.Name, c.State, dash(c.Facts.Kubernetes), dash(c.Facts.Network+" "+c.Facts.NetworkVersion), dash(c.Facts.Mesh+" "+c.Facts.MeshVersion),
			dash(strings.Join(gateways, ", ")), dash(strings.Join(c.Facts.Nodes, ", ")), dash(c.Created))
	}
	return out.table(t, p)
}

// LiveClustersJSON writes one JSON object a cluster, one a line.
func LiveClustersJSON(w io.Writer, list []LiveCluster) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for i := range list {
		if err := enc.Encode(&list[i]); err != nil {
			return err
		}
	}
	return nil
}

func dash(text string) string {
	if text = strings.TrimSpace(text); text == "" {
		return "-"
	}
	return text
}
