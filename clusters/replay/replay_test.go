package replay_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/replay"
)

const observed = "../../sim/testdata/observed"

// TestObserved asks the simulator for every flow that a real cluster was seen to
// take or to refuse.
func TestObserved(t *testing.T) {
	cases := 0
	err := filepath.WalkDir(observed, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".txtar") {
			return err
		}
		text, err := os.ReadFile(path) //nolint:gosec // the test's own data
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(observed, path)
		cases++
		t.Run(strings.TrimSuffix(name, ".txtar"), func(t *testing.T) {
			t.Parallel()
			c, err := replay.Parse(string(text))
			if err != nil {
				t.Fatal(err)
			}
			check(t, c)
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if cases == 0 {
		t.Fatal("nothing was ever observed")
	}
}

func check(t *testing.T, c *replay.Case) {
	t.Helper()
	if c.Run.ObservedOnly != "" {
		unread, err := c.Unread(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(unread) == 0 {
			t.Error("netfate reads all of it now: predict it, and drop observed-only")
		}
		return
	}
	rows, err := c.Replay(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		if row := &rows[i]; row.Predicted != c.Flows[i].Predicted {
			t.Errorf("%s: observed %s on %s %s of %s, predicted %s by %s, which was to be %s", diff.Text(row.Record.Flow), row.Seen, c.Run.Network,
				c.Run.NetworkVersion, c.Run.Date, row.Predicted, row.Rule, c.Flows[i].Predicted)
		}
	}
}

const sample = `A comment.
-- manifests/a.yaml --
apiVersion: v1
kind: Pod
metadata: {name: c, namespace: t}
spec: {containers: [{name: main, image: x}]}
-- observed --
network: cilium 1.20.2
profile: cilium
kubernetes: v1.34.4
provider: kind
date: 2026-11-23
flags: a=b, c=d
why: a finding

t/c -> service:t/s TCP 80 = allowed
node:n1 -> t/c UDP 53 = denied
t/c -> service:t/s TCP 80 POST grpc://s.t:80/pkg.Svc/Call x-a=b x-c=d = allowed
t/c -> 192.0.2.1 TCP 443 = denied, predicted undetermined
`

// TestRoundTrip: what is parsed is written the same.
func TestRoundTrip(t *testing.T) {
	c, err := replay.Parse(sample)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Format(); got != sample {
		t.Errorf("got\n%s", got)
	}
}

func TestParseErrors(t *testing.T) {
	for _, tt := range []struct{ from, to, want string }{
		{"= allowed", "= fine", `line 16: "t/c -> service:t/s TCP 80 = fine": want allowed or denied`},
		{"TCP 80", "TCP x", `"x" is not a port`},
		{"date: 2026-11-23\n", "", "want at least network, profile and date"},
		{"provider: kind", "colour: red", `line 11: unknown key "colour"`},
		{"-- observed --", "-- seen --", `file "seen"`},
		{"-> t/c UDP", "t/c UDP", "want FROM -> TO"},
		{"POST grpc", "POST gopher", "want a URL with the scheme"},
		{"POST grpc://s.t:80/pkg.Svc/Call", "POST", "want a URL"},
		{"x-a=b", "x-a", "want a header"},
		{"why: a finding\n", "", "want why: where a flow is predicted otherwise"},
		{", predicted undetermined", "", "want why: where a flow is predicted otherwise"},
		{"predicted undetermined", "predicted denied", "want another outcome"},
		{"predicted undetermined", "predicted fine", "want another outcome"},
	} {
		_, err := replay.Parse(strings.Replace(sample, tt.from, tt.to, 1))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %q", tt.to, err, tt.want)
		}
	}
}
