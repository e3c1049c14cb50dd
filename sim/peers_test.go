package sim_test

import (
	"bufio"
	"context"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/collect"
)

// The folder of another analyzer's inputs and connections, beside the project.
const peersDir = "../../shared/peers/netpol-analyzer"

// explained lists, by input, how our answer differs from the other analyzer's
// and the sentence that decides it. Left out of the comparison everywhere, as
// that analyzer's known limits: lines of an ingress controller, IPv6, and a
// workload to itself.
var explained = map[string]struct {
	sentence string
	ours     func(*sim.Simulator, sim.Line) bool // a line of ours that it lacks or has otherwise
}{
	"ipblockstest": {
		"NetworkPolicy v1, semantics 1.6: traffic is allowed 'if the traffic source is the pod's local node'; " +
			"pods on the host network of a pod's node are that source",
		fromItsNode,
	},
}

// fromItsNode tells whether a line goes from pods on the host network to pods
// that all run on a node of theirs.
func fromItsNode(s *sim.Simulator, l sim.Line) bool {
	m := s.Model()
	for _, i := range l.From.Endpoints {
		for _, j := range l.To.Endpoints {
			a, b := &m.Endpoints[i], &m.Endpoints[j]
			if !a.HostNetwork || a.Node == "" || a.Node != b.Node {
				return false
			}
		}
	}
	return len(l.From.Endpoints) > 0 && len(l.To.Endpoints) > 0
}

// TestPeers replays inputs of another analyzer and compares every line of the
// matrix with its list of connections.
func TestPeers(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join(peersDir, "*", "connections.txt"))
	if err != nil || len(dirs) == 0 {
		t.Skipf("the inputs of the other analyzer are not at %s: nothing to compare with", peersDir)
	}
	for _, file := range dirs {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			comparePeer(t, dir)
		})
	}
}

func comparePeer(t *testing.T, dir string) {
	t.Helper()
	want := readConnections(t, filepath.Join(dir, "connections.txt"))
	snap, err := sim.Load(context.Background(), collect.Options{Sources: []string{filepath.Join(dir, "manifests")}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := sim.New(snap, sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	known, lines := explained[filepath.Base(dir)], 0
	for line := range s.Matrix(sim.MatrixOptions{ExcludeSelf: true}, nil) {
		if isV6(line.From) || isV6(line.To) {
			continue
		}
		lines++
		key := line.From.String() + " => " + line.To.String()
		theirs, ok := want[key]
		delete(want, key)
		if ok && theirs.Equal(ports(line.Allow)) {
			continue
		}
		if known.ours == nil || !known.ours(s, line) {
			t.Errorf("%s: we say %s, it says %s", key, line.Ports, algebra.FormatConns(theirs, algebra.IPv4))
		}
	}
	for key, theirs := range want {
		t.Errorf("%s: we say none, it says %s", key, algebra.FormatConns(theirs, algebra.IPv4))
	}
	t.Logf("%d lines; explained differences: %q", lines, known.sentence)
}

// ports is what the other analyzer knows of connections: IPv4 and the three
// protocols with ports.
func ports(s algebra.Set) algebra.Set {
	return algebra.DropPortZero(algebra.InFamily(s.Intersect(algebra.PortProtocols()), algebra.IPv4))
}

func isV6(p *sim.Peer) bool {
	return p.IsExternal() && p.Range.From.Compare(netip.IPv6Unspecified()) >= 0
}

// readConnections reads lines such as "ns/a[Pod] => ns/b[Pod] : TCP 80".
func readConnections(t *testing.T, path string) map[string]algebra.Set {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string]algebra.Set{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		key, text, ok := strings.Cut(lines.Text(), " : ")
		if !ok || slices.Contains([]string{"{ingress-controller}"}, strings.Fields(key)[0]) {
			continue
		}
		s, err := algebra.ParseConns(text)
		if err != nil {
			t.Fatalf("%s: %q: %v", path, text, err)
		}
		out[key] = ports(s)
	}
	return out
}
