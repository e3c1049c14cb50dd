package evidence

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/replay"
)

// again makes a case to be shown of one that was recorded: its nodes are called n1, n2, …, and its flows are asked
// for again, whatever became of them. Other cases are returned as they are.
func again(data []byte) ([]byte, error) {
	if !bytes.Contains(data, []byte("\n-- observed --\n")) {
		return data, nil
	}
	c, err := replay.Parse(string(data))
	if err != nil {
		return nil, err
	}
	known := &Case{}
	for _, f := range c.Manifests {
		if err := known.manifests([]byte(f.Data)); err != nil {
			return nil, err
		}
	}
	names := map[string]string{}
	for _, o := range known.Objects {
		if o.Kind == "Node" {
			names[o.Name] = fmt.Sprintf("n%d", len(names)+1)
		}
	}
	var pairs []string
	for _, name := range slices.SortedFunc(maps.Keys(names), func(a, b string) int { return cmp.Compare(len(b), len(a)) }) {
		pairs = append(pairs, name, names[name]) // the longer ones first: one name may begin another
	}
	rename := strings.NewReplacer(pairs...)
	out := &txtar.Archive{Comment: []byte(c.Comment)}
	for _, f := range c.Manifests {
		out.Files = append(out.Files, txtar.File{Name: "manifests/" + f.Name, Data: []byte(rename.Replace(f.Data))})
	}
	var flows strings.Builder
	for _, f := range c.Flows {
		flows.WriteString(rename.Replace(diff.Text(f.Flow)) + "\n")
	}
	out.Files = append(out.Files, txtar.File{Name: "flows", Data: []byte(flows.String())})
	return txtar.Format(out), nil
}
