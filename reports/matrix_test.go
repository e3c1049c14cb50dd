package reports_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"iter"
	"strings"
	"testing"

	"github.com/netfate/netfate/reports"
	"github.com/netfate/netfate/sim"
)

// lines are lines with everything that needs care.
func lines() []sim.Line {
	quoted := &sim.Peer{ID: `a/"x\y"`, Kind: "Pod", Endpoints: []int{0}}
	web := &sim.Peer{ID: "shop/web", Kind: "Deployment", Endpoints: []int{1, 2, 3}}
	world := &sim.Peer{ID: "0.0.0.0-255.255.255.255", Kind: sim.External}
	return []sim.Line{
		{From: world, To: web, Connections: &sim.Connections{Ports: "TCP 80,443-445; UDP 53"}},
		{From: quoted, To: web, Connections: &sim.Connections{Ports: "all"}},
		{From: web, To: quoted, Connections: &sim.Connections{Ports: "none", Other: "ICMP", Undetermined: "TCP 1"}},
		{From: web, To: web, Connections: &sim.Connections{Ports: "TCP 1", Other: "all"}},
	}
}

func seq(list []sim.Line) iter.Seq[sim.Line] {
	return func(yield func(sim.Line) bool) {
		for _, l := range list {
			if !yield(l) {
				return
			}
		}
	}
}

type lineJSON struct {
	From          string `json:"from"`
	FromKind      string `json:"fromKind"`
	FromEndpoints int    `json:"fromEndpoints,omitempty"`
	To            string `json:"to"`
	ToKind        string `json:"toKind"`
	ToEndpoints   int    `json:"toEndpoints,omitempty"`
	Connections   string `json:"connections"`
	Other         string `json:"other,omitempty"`
	Undetermined  string `json:"undetermined,omitempty"`
}

// TestMatrixJSON holds each line against encoding/json, byte by byte.
func TestMatrixJSON(t *testing.T) {
	for _, classes := range []bool{false, true} {
		var got, want bytes.Buffer
		if err := reports.MatrixJSON(&got, seq(lines()), classes); err != nil {
			t.Fatal(err)
		}
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		for _, l := range lines() {
			out := lineJSON{From: l.From.ID, FromKind: l.From.Kind, To: l.To.ID, ToKind: l.To.Kind,
				Connections: l.Ports, Other: l.Other, Undetermined: l.Undetermined}
			if classes {
				out.FromEndpoints, out.ToEndpoints = len(l.From.Endpoints), len(l.To.Endpoints)
			}
			if err := enc.Encode(out); err != nil {
				t.Fatal(err)
			}
		}
		if got.String() != want.String() {
			t.Errorf("classes %v\ngot\n%swant\n%s", classes, got.String(), want.String())
		}
	}
}

// TestMatrixJSONAllocatesPerPeer writes the same lines many times: what is
// allocated must not grow with them.
func TestMatrixJSONAllocatesPerPeer(t *testing.T) {
	list := lines()
	many := func(n int) iter.Seq[sim.Line] {
		return func(yield func(sim.Line) bool) {
			for i := range n {
				if !yield(list[i%len(list)]) {
					return
				}
			}
		}
	}
	allocs := func(n int) float64 {
		return testing.AllocsPerRun(5, func() {
			if err := reports.MatrixJSON(io.Discard, many(n), false); err != nil {
				t.Fatal(err)
			}
		})
	}
	if few, lots := allocs(100), allocs(100_000); lots > few+5 {
		t.Errorf("100 lines allocate %.0f times, 100,000 lines %.0f times", few, lots)
	}
}

// failing refuses to be written.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestMatrixWriteErrors returns the error of the writer in every format.
func TestMatrixWriteErrors(t *testing.T) {
	p := reports.NewPalette(false)
	for name, write := range map[string]func() error{
		"json":  func() error { return reports.MatrixJSON(failing{}, seq(lines()), false) },
		"csv":   func() error { return reports.MatrixCSV(failing{}, seq(lines())) },
		"dot":   func() error { return reports.MatrixDOT(failing{}, seq(lines()), false) },
		"table": func() error { return reports.MatrixTable(failing{}, seq(lines()), false, p) },
	} {
		if err := write(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestMatrixCSV(t *testing.T) {
	var got bytes.Buffer
	if err := reports.MatrixCSV(&got, seq(lines())); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&got).ReadAll()
	if err != nil || len(rows) != 5 || rows[2][0] != `a/"x\y"` || rows[3][5] != "ICMP" || rows[3][6] != "TCP 1" {
		t.Errorf("%v %q", err, rows)
	}
}

func TestMatrixTable(t *testing.T) {
	var got bytes.Buffer
	if err := reports.MatrixTable(&got, seq(lines()), true, reports.NewPalette(false)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"shop/web [Deployment] and 2 more", "TCP 1; other protocols", "UNDETERMINED", "4 pairs with connections, from 3 sources"} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("no %q in\n%s", want, got.String())
		}
	}
	got.Reset()
	if err := reports.MatrixTable(&got, seq(nil), false, reports.NewPalette(false)); err != nil || got.String() != "no connections\n" {
		t.Errorf("%q %v", got.String(), err)
	}
}

func TestMatrixDOT(t *testing.T) {
	var got bytes.Buffer
	if err := reports.MatrixDOT(&got, seq(lines()), false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`subgraph "cluster_shop" {`, `label="web [Deployment]"`, `shape=ellipse`,
		`"a/\"x\\y\"[Pod]" -> "shop/web[Deployment]" [label="all"];`, `label="ICMP\nundetermined: TCP 1"`,
	} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("no %q in\n%s", want, got.String())
		}
	}
}
