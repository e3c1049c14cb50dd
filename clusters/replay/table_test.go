package replay_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/replay"
	"github.com/netfate/netfate/sim/model"
)

var update = flag.Bool("update", false, "write docs/live-evidence.md anew")

const tableFile = "../../docs/live-evidence.md"

// rows are those of the divergence table that every network which runs here is shown. N23 to N25 are about the
// networks' own dialects too, which are observed only.
func rows() []string {
	return strings.Fields("N1 N1b N2 N3 N5 N7 N8 N9 N12 N13 N16 N17 N18 N19 N20 N23 N24 N25 N36")
}

// absent says why a network cannot be shown a case that another one was. A reason for a case that is there is an error.
func absent() map[[2]string]string {
	const dialect = "no such API there"
	return map[[2]string]string{
		{"reference", "cilium-admin"}: dialect, {"reference", "cilium-deny"}: dialect, {"reference", "cilium-empty-list"}: dialect, {"reference", "cilium-rules"}: dialect,
	}
}

// network is what was recorded of one network.
type network struct {
	name, version, dir string
	cases              map[string]*replay.Case
}

func networks(t *testing.T) []network {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(observed, "*"))
	if err != nil {
		t.Fatal(err)
	}
	var out []network
	for _, dir := range dirs {
		n := network{dir: filepath.Base(dir), cases: map[string]*replay.Case{}}
		files, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			c, err := replay.Parse(string(text))
			if err != nil {
				t.Fatalf("%s: %v", f, err)
			}
			n.name, n.version = c.Run.Network, c.Run.NetworkVersion
			if c.Run.Mesh == "" {
				n.cases[strings.TrimSuffix(filepath.Base(f), ".txtar")] = c
			}
		}
		if len(n.cases) > 0 {
			out = append(out, n)
		}
	}
	return out
}

// cell says in a few words what became of a case on a network.
func cell(t *testing.T, n *network, name string) string {
	t.Helper()
	c, why := n.cases[name], absent()[[2]string{n.name, name}]
	if c == nil && why == "" {
		if slices.Contains(rows(), name) {
			t.Errorf("%s: nothing is recorded of %s %s: run netfate live evidence, or say in absent why it cannot be shown", name, n.name, n.version)
		}
		why = "not shown to it yet"
	}
	if c == nil {
		return why
	}
	if why != "" {
		t.Errorf("%s was recorded on %s: drop the reason why it could not", name, n.name)
	}
	var seen []string
	for _, f := range c.Flows {
		seen = append(seen, map[model.Outcome]string{model.Allowed: "A", model.Denied: "D"}[f.Outcome])
	}
	text := fmt.Sprintf("[%s](../sim/testdata/observed/%s/%s.txtar) %s", strings.Join(seen, ""), n.dir, name, c.Run.Date)
	return text + standing(t, c)
}

// standing says how the profile stands to what was observed, where it did not predict all of it.
func standing(t *testing.T, c *replay.Case) string {
	t.Helper()
	if c.Run.ObservedOnly != "" {
		return ", observed only"
	}
	list, err := c.Replay(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	count := map[diff.Class]int{}
	for i := range list {
		count[list[i].Class]++
	}
	text := ""
	if n := count[diff.Disagree]; n > 0 {
		text += fmt.Sprintf(", %d predicted otherwise", n)
	}
	if n := count[diff.Resolved]; n > 0 {
		text += fmt.Sprintf(", %d left open", n)
	}
	return text
}

// scenario is the first sentence about a case.
func scenario(list []network, name string) string {
	for _, n := range list {
		if c := n.cases[name]; c != nil {
			text := strings.Join(strings.Fields(c.Comment), " ")
			if first, _, ok := strings.Cut(text, ". "); ok {
				text = first
			}
			text = strings.TrimPrefix(text, name)
			return strings.Trim(text, ":. ")
		}
	}
	return ""
}

func table(t *testing.T, list []network, names []string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("| case | scenario |")
	for _, n := range list {
		fmt.Fprintf(&b, " %s %s |", n.name, n.version)
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(list)) + "\n")
	for _, name := range names {
		fmt.Fprintf(&b, "| %s | %s |", name, scenario(list, name))
		for i := range list {
			fmt.Fprintf(&b, " %s |", cell(t, &list[i], name))
		}
		b.WriteString("\n")
	}
	return b.String()
}

const head = `# What was observed, row by row

Written by ` + "`make generate`" + ` from the recorded cases in ` + "`sim/testdata/observed`" + `, which ` + "`go test ./clusters/replay`" + ` asks the
profiles for. A for each flow of a case that was allowed, D for one that was denied, in the order of the case; the date is that
of the observation. Where nothing else is said, the profile predicts all of it.

## Rows of the divergence table

`

// TestTable asserts that each row was shown to each network, or why not, and that the page says so.
func TestTable(t *testing.T) {
	list := networks(t)
	all := map[string]bool{}
	for _, n := range list {
		for name := range n.cases {
			all[name] = true
		}
	}
	for _, r := range rows() {
		all[r] = true
	}
	names := slices.SortedFunc(maps.Keys(all), func(a, b string) int { return cmp.Or(number(a)-number(b), strings.Compare(a, b)) })
	i := slices.IndexFunc(names, func(s string) bool { return number(s) == noRow })
	got := head + table(t, list, names[:i]) + "\n## Others\n\n" + table(t, list, names[i:])
	if *update {
		if err := os.WriteFile(tableFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(tableFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s is stale: run make generate", tableFile)
	}
}

const noRow = 1000

// number is that of a row, noRow for cases of other names.
func number(name string) int {
	n, rest := 0, ""
	if _, err := fmt.Sscanf(name, "N%d%s", &n, &rest); n == 0 || err != nil && rest != "" {
		return noRow
	}
	return n
}
