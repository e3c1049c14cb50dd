package evidence_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/evidence"
	"github.com/netfate/netfate/clusters/replay"
)

// TestAgain asserts that every recorded case of a network can be shown again, with the nodes that any cluster has.
func TestAgain(t *testing.T) {
	files, err := filepath.Glob("../../sim/testdata/observed/[cr]*-*/*.txtar") // not a mesh's
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	known := map[string]bool{"n1": true, "n2": true, "n3": true}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		old, err := replay.Parse(string(data))
		if err != nil {
			t.Fatal(err)
		}
		c, err := evidence.Parse(name, data)
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Flows)+len(c.Left) != len(old.Flows) {
			t.Errorf("%s: %d flows, recorded were %d", name, len(c.Flows), len(old.Flows))
		}
		for _, f := range c.Flows {
			if text := diff.Text(f); strings.Contains(text, "netfate-") {
				t.Errorf("%s: %s", name, text)
			}
		}
		for _, o := range c.Objects {
			if o.Kind == "Node" && !known[o.Name] {
				t.Errorf("%s: node %s", name, o.Name)
			}
			if node := o.Root.At("spec", "nodeName").Str(); o.Kind == "Pod" && !known[node] {
				t.Errorf("%s: pod %s on %q", name, o.Name, node)
			}
		}
	}
}
