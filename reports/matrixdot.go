package reports

import (
	"bufio"
	"io"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim"
)

// MatrixDOT writes a matrix as a Graphviz graph: a box per namespace, an edge
// per pair with its connections; what is undetermined is dashed.
func MatrixDOT(w io.Writer, lines MatrixLines, classes bool) error {
	g := graph{nodes: map[string]map[string]*sim.Peer{}}
	out := bufio.NewWriterSize(w, bufferSize)
	var edges []string
	for l := range lines {
		g.add(l.From)
		g.add(l.To)
		edges = append(edges, edge(&l))
	}
	out.WriteString("digraph netfate {\n  rankdir=LR;\n  node [shape=box];\n") //nolint:errcheck // the buffer keeps the first error
	g.write(out, classes)
	for _, e := range edges {
		out.WriteString(e) //nolint:errcheck // the same
	}
	out.WriteString("}\n") //nolint:errcheck // the same
	return out.Flush()
}

// graph holds the nodes by namespace, "" for those without.
type graph struct {
	nodes map[string]map[string]*sim.Peer
}

func (g *graph) add(p *sim.Peer) {
	ns, _, found := strings.Cut(p.ID, "/")
	if !found {
		ns = ""
	}
	if g.nodes[ns] == nil {
		g.nodes[ns] = map[string]*sim.Peer{}
	}
	g.nodes[ns][p.String()] = p
}

func (g *graph) write(out *bufio.Writer, classes bool) {
	for _, ns := range sortedKeys(g.nodes) {
		indent := "  "
		if ns != "" {
			out.WriteString("  subgraph " + dotQuote("cluster_"+ns) + " {\n    label=" + dotQuote(ns) + ";\n") //nolint:errcheck // the buffer keeps the first error
			indent = "    "
		}
		for _, id := range sortedKeys(g.nodes[ns]) {
			out.WriteString(indent + dotQuote(id) + " [label=" + dotQuote(nodeLabel(g.nodes[ns][id], classes)) + nodeShape(g.nodes[ns][id]) + "];\n") //nolint:errcheck // the same
		}
		if ns != "" {
			out.WriteString("  }\n") //nolint:errcheck // the same
		}
	}
}

// nodeLabel is the name without the namespace, which the box says.
func nodeLabel(p *sim.Peer, classes bool) string {
	name := peerName(p, classes)
	if _, rest, found := strings.Cut(name, "/"); found && !p.IsExternal() {
		return rest
	}
	return name
}

func nodeShape(p *sim.Peer) string {
	if p.IsExternal() {
		return ", shape=ellipse"
	}
	return ""
}

func edge(l *sim.Line) string {
	label, style := Words(l.Connections), ""
	if l.Undetermined != "" {
		label += "\nundetermined: " + l.Undetermined
		if l.Empty() {
			label, style = "undetermined: "+l.Undetermined, ", style=dashed"
		}
	}
	return "  " + dotQuote(l.From.String()) + " -> " + dotQuote(l.To.String()) + " [label=" + dotQuote(label) + style + "];\n"
}

// dotQuote returns a DOT string.
func dotQuote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
