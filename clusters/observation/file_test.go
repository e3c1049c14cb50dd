package observation

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/netfate/netfate/sim/model"
)

func sample() (Header, []Record) {
	at := time.Date(2026, 11, 23, 1, 2, 3, 4000, time.UTC)
	h := Header{
		Tool: "netfate test", Started: at, Snapshot: "sha256:00", Note: "a note",
		Cluster: Facts{
			Kubernetes: "v1.34.4", Network: "cilium", NetworkVersion: "1.20.2", Nodes: []string{"a", "b"},
			Gateways: map[string]string{"envoy": "1.6"}, Flags: map[string]string{"x": "y"}, Provider: "kind",
		},
	}
	return h, []Record{
		{
			Flow:   Flow{From: Party{Kind: KindPod, ID: "shop/cart"}, To: Party{Kind: KindPod, ID: "shop/pay", Address: "10.0.0.1"}, Protocol: "TCP", Port: 80},
			Result: Connected, By: "shop/pay", Saw: "10.0.0.2", Started: at, Ended: at.Add(time.Second), Attempts: 1,
			Control: ControlOK, Phase: PhasePolicy, Instance: "abc",
		},
		{
			Flow: Flow{
				From: Party{Kind: KindNode, ID: "n"}, To: Party{Kind: KindService, ID: "shop/pay"}, Protocol: "TCP", Port: 80,
				Request: &Request{Scheme: "grpc", Path: "/a.B/C?x=<y>", Headers: map[string]string{"a": "b"}, TLS: true},
			},
			Result: GRPCStatus, Status: 7, Detail: "PermissionDenied", Started: at, Ended: at, Attempts: 3, Control: ControlNone, Phase: PhasePolicy,
		},
		{
			Flow:   Flow{From: Party{Kind: KindPod, ID: "shop/cart"}, To: Party{Kind: KindPod, ID: "shop/pay", Address: "10.0.0.1"}, Protocol: ICMP},
			Result: Connected, Started: at, Ended: at, Attempts: 1, Control: ControlOK, Phase: PhasePolicy,
		},
	}
}

func text(t *testing.T) string {
	t.Helper()
	h, records := sample()
	var b bytes.Buffer
	if err := Write(&b, h, records); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestRoundTrip asserts that what is written is what is read, one line each.
func TestRoundTrip(t *testing.T) {
	h, records := sample()
	h.Version = Version
	out := text(t)
	if n := strings.Count(out, "\n"); n != 4 {
		t.Errorf("%d lines, want 4:\n%s", n, out)
	}
	gotH, got, err := Read(strings.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(gotH, h) || !reflect.DeepEqual(got, records) {
		t.Errorf("got  %+v\n%+v\nwant %+v\n%+v", gotH, got, h, records)
	}
}

// TestFieldNames pins the names of the format: a change is a new version.
func TestFieldNames(t *testing.T) {
	const want = `{"version":2,"tool":"netfate test","started":"2026-11-23T01:02:03.000004Z","cluster":{"kubernetes":"v1.34.4","network":"cilium","networkVersion":"1.20.2","gateways":{"envoy":"1.6"},"flags":{"x":"y"},"nodes":["a","b"],"provider":"kind"},"snapshot":"sha256:00","note":"a note"}
{"flow":{"from":{"kind":"pod","id":"shop/cart"},"to":{"kind":"pod","id":"shop/pay","address":"10.0.0.1"},"protocol":"TCP","port":80},"result":"connected","by":"shop/pay","saw":"10.0.0.2","started":"2026-11-23T01:02:03.000004Z","ended":"2026-11-23T01:02:04.000004Z","attempts":1,"control":"ok","phase":"policy","instance":"abc"}
{"flow":{"from":{"kind":"node","id":"n"},"to":{"kind":"service","id":"shop/pay"},"protocol":"TCP","port":80,"request":{"scheme":"grpc","path":"/a.B/C?x=<y>","headers":{"a":"b"},"tls":true}},"result":"grpc-status","status":7,"detail":"PermissionDenied","started":"2026-11-23T01:02:03.000004Z","ended":"2026-11-23T01:02:03.000004Z","attempts":3,"control":"none","phase":"policy"}
{"flow":{"from":{"kind":"pod","id":"shop/cart"},"to":{"kind":"pod","id":"shop/pay","address":"10.0.0.1"},"protocol":"ICMP","port":0},"result":"connected","started":"2026-11-23T01:02:03.000004Z","ended":"2026-11-23T01:02:03.000004Z","attempts":1,"control":"ok","phase":"policy"}
`
	if got := text(t); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestReadOld asserts that a file of version 1 is read as what it was.
func TestReadOld(t *testing.T) {
	lines := strings.SplitAfter(text(t), "\n")
	h, records, err := Read(strings.NewReader(strings.Replace(lines[0], `"version":2`, `"version":1`, 1) + lines[1] + lines[2]))
	if err != nil || h.Version != 1 || len(records) != 2 {
		t.Errorf("%v: version %d, %d records", err, h.Version, len(records))
	}
}

func TestReadErrors(t *testing.T) {
	good := strings.SplitAfter(text(t), "\n")
	for _, c := range []struct{ name, in, want string }{
		{"empty", "", "line 1: no header"},
		{"not JSON", "hello\n", "line 1: not the header of an observation"},
		{"a record first", good[1], `line 1: not the header of an observation: it has no "version"`},
		{"newer", `{"version":3,"more":1}` + "\n", "line 1: version 3 of the format: this netfate reads versions 1 to 2"},
		{"ICMP in version 1", strings.Replace(good[0], `"version":2`, `"version":1`, 1) + good[3], `line 2: flow.protocol is "ICMP", which is none of TCP, UDP, SCTP`},
		{"a port of ICMP", good[0] + strings.Replace(good[3], `"port":0`, `"port":8`, 1), "line 2: flow.port is 8, and ICMP has no ports"},
		{"unknown field of the header", `{"version":1,"colour":"red"}` + "\n", `line 1: unknown field "colour"`},
		{"unknown field", good[0] + strings.Replace(good[1], `"by"`, `"bye"`, 1), `line 2: unknown field "bye"`},
		{"unknown result", good[0] + good[1] + strings.Replace(good[2], `"grpc-status"`, `"fine"`, 1), `line 3: result is "fine", which is none of connected, `},
		{"unknown kind", good[0] + strings.Replace(good[1], `"pod"`, `"pods"`, 1), `line 2: flow.from.kind is "pods"`},
		{"cut off", good[0] + good[1] + good[2][:100], "line 3: the line is cut off"},
		{"empty line", good[0] + "\n" + good[1], "line 2: the line is cut off"},
		{"two values", good[0] + strings.TrimSpace(good[1]) + good[1], "line 2: more than one value"},
		{"port", good[0] + strings.Replace(good[1], `:80}`, `:80000}`, 1), "line 2: "},
		{"no reason", good[0] + strings.Replace(good[1], `"connected"`, `"inconclusive"`, 1), "line 2: inconclusive without a reason"},
		{"long line", good[0] + `{"detail":"` + strings.Repeat("x", maxLine) + `"}`, "line 2: longer than"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, records, err := Read(strings.NewReader(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if records != nil || !reflect.DeepEqual(h, Header{}) {
				t.Errorf("an error with data: %+v %+v", h, records)
			}
		})
	}
}

// TestWriteRefuses asserts that nothing is written that Read refuses.
func TestWriteRefuses(t *testing.T) {
	w, err := NewWriter(&bytes.Buffer{}, Header{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(Record{}); err == nil {
		t.Error("an empty record was written")
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteError(t *testing.T) {
	h, records := sample()
	if err := Write(brokenPipe{}, h, records); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("error %v", err)
	}
}

func TestOutcome(t *testing.T) {
	for _, c := range []struct {
		r    Record
		want model.Outcome
		ok   bool
	}{
		{Record{Result: Connected}, model.Allowed, true},
		{Record{Result: Refused}, model.Denied, true},
		{Record{Result: Reset}, model.Denied, true},
		{Record{Result: Timeout}, model.Denied, true},
		{Record{Result: TLSFailure}, model.Denied, true},
		{Record{Result: HTTPStatus, Status: 403, Control: ControlOK}, model.Denied, true},
		{Record{Result: HTTPStatus, Status: 503, Control: ControlOK}, model.Denied, true},
		{Record{Result: HTTPStatus, Status: 301, Control: ControlOK}, model.Denied, true},
		{Record{Result: HTTPStatus, Status: 200, Control: ControlOK}, model.Undetermined, false},
		{Record{Result: GRPCStatus, Status: 7, Control: ControlOK}, model.Denied, true},
		{Record{Result: GRPCStatus, Status: 0, Control: ControlOK}, model.Undetermined, false},
		{Record{Result: HTTPStatus, Status: 403, Control: ControlNone}, model.Undetermined, false},
		{Record{Result: GRPCStatus, Status: 7, Control: ControlNone}, model.Undetermined, false},
		{Record{Result: Inconclusive}, model.Undetermined, false},
		{Record{}, model.Undetermined, false},
		{Record{Result: Timeout, Control: ControlOK}, model.Denied, true},
		{Record{Result: Timeout, Control: ControlNone}, model.Denied, true},
		{Record{Result: Timeout, Control: ControlFailedBefore}, model.Undetermined, false},
		{Record{Result: Connected, Control: ControlFailedAfter}, model.Undetermined, false},
	} {
		if got, ok := c.r.Outcome(); got != c.want || ok != c.ok {
			t.Errorf("%s %d %q: %v %v, want %v %v", c.r.Result, c.r.Status, c.r.Control, got, ok, c.want, c.ok)
		}
	}
}

// FuzzRead asserts that bad input is an error that names a line, and that what is read is written the same.
func FuzzRead(f *testing.F) {
	h, records := sample()
	var b bytes.Buffer
	if err := Write(&b, h, records); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"version":1}` + "\n" + `{}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		h, records, err := Read(bytes.NewReader(in))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "line ") {
				t.Errorf("no line in %v", err)
			}
			return
		}
		if err := Write(&bytes.Buffer{}, h, records); err != nil {
			t.Errorf("read but not written: %v", err)
		}
	})
}
