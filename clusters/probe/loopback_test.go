package probe

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/netfate/netfate/clusters/observation"
)

// free returns ports that nothing listens on.
func free(t *testing.T, n int) []uint16 {
	t.Helper()
	var out []uint16
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		out = append(out, uint16(l.Addr().(*net.TCPAddr).Port))
	}
	return out
}

func serveOn(t *testing.T, o ServeOptions) {
	t.Helper()
	if o.Addresses == nil {
		o.Addresses = []netip.Addr{netip.MustParseAddr("127.0.0.1")}
	}
	s, err := Listen(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
}

// runBatch returns the reports of probes by their place.
func runBatch(t *testing.T, b Batch) []Report {
	t.Helper()
	b.Version = Version
	for i := range b.Probes {
		b.Probes[i].N = i
		if b.Probes[i].To == "" {
			b.Probes[i].To = "127.0.0.1"
		}
	}
	out := make([]Report, len(b.Probes))
	ends := 0
	Run(t.Context(), b, func(r Report) {
		if r.End {
			ends++
			if r.Error != "" || r.N != len(b.Probes) {
				t.Errorf("end %+v", r)
			}
			return
		}
		out[r.N] = r
	})
	if ends != 1 {
		t.Errorf("%d ends", ends)
	}
	return out
}

func ident() Identity { return Identity{By: "shop/pay", Node: "n1", Instance: "i1"} }

// TestAnswers asserts that one port speaks every protocol, and says over what it was asked.
func TestAnswers(t *testing.T) {
	p := free(t, 1)
	serveOn(t, ServeOptions{Identity: ident(), TCP: p, UDP: p})
	for _, c := range []struct {
		protocol string
		request  *observation.Request
		over     string
	}{
		{TCP, nil, "tcp"},
		{UDP, nil, "udp"},
		{TCP, &observation.Request{Scheme: "tcp", TLS: true}, "tcp+tls"},
		{TCP, &observation.Request{}, "http/1.1"},
		{TCP, &observation.Request{Method: "HEAD", Path: "/a?b=c", Host: "pay.shop"}, "http/1.1"},
		{TCP, &observation.Request{Method: "POST", Scheme: "http2"}, "http/2"},
		{TCP, &observation.Request{Scheme: "https", Headers: map[string]string{"a": "b"}}, "http/1.1+tls"},
		{TCP, &observation.Request{Scheme: "http2", TLS: true}, "http/2+tls"},
		{TCP, &observation.Request{Scheme: "grpc"}, "grpc"},
		{TCP, &observation.Request{Scheme: "grpc", Path: "/a.B/C"}, "grpc"},
		{TCP, &observation.Request{Scheme: "grpc", TLS: true}, "grpc+tls"},
	} {
		r := runBatch(t, Batch{Probes: []Probe{{Port: p[0], Protocol: c.protocol, Request: c.request, Source: "127.0.0.9"}}})[0]
		if r.Result != observation.Connected || r.Over != c.over || r.By != "shop/pay" || r.Saw != "127.0.0.9" || r.Instance != "i1" || r.Node != "n1" || r.Attempts != 1 {
			t.Errorf("%s %+v: %+v, want %s", c.protocol, c.request, r, c.over)
		}
	}
}

// TestSession asserts that a session is batches in and reports out, until its input ends.
func TestSession(t *testing.T) {
	p := free(t, 1)
	serveOn(t, ServeOptions{Identity: ident(), TCP: p})
	var in, out bytes.Buffer
	enc := json.NewEncoder(&in)
	for id := range 2 {
		if err := enc.Encode(Batch{Version: Version, ID: id, Probes: []Probe{{N: 7, To: "127.0.0.1", Port: p[0], Protocol: TCP}}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := enc.Encode(Batch{Version: Version + 1, ID: 2}); err != nil {
		t.Fatal(err)
	}
	if err := Session(context.Background(), &in, &out); err != nil {
		t.Fatal(err)
	}
	var got []Report
	for d := json.NewDecoder(&out); d.More(); {
		var r Report
		if err := d.Decode(&r); err != nil {
			t.Fatal(err)
		}
		got = append(got, r)
	}
	if len(got) != 5 || got[0].N != 7 || !got[1].End || got[2].Batch != 1 || !got[3].End || !strings.Contains(got[4].Error, "version 2") {
		t.Errorf("%+v", got)
	}
	if err := Session(context.Background(), strings.NewReader("hello\n"), &out); err == nil {
		t.Error("no error for what is no batch")
	}
}
