package main

import (
	"bytes"
	"encoding/json"
	"net"
	"strings"
	"testing"

	"google.golang.org/grpc"
)

// TestCalls: a server answers what it saw to the call that was made, for any method.
func TestCalls(t *testing.T) {
	t.Setenv("POD_NAMESPACE", "a")
	t.Setenv("POD_NAME", "s")
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := grpc.NewServer(grpc.UnknownServiceHandler(echo))
	defer s.Stop()
	go s.Serve(l) //nolint:errcheck // ends with the test
	in, err := json.Marshal([]call{
		{ID: "1", Target: "passthrough:///" + l.Addr().String(), Method: "/x.X/Y", Host: "h.example.com:80", Nonce: "n", Millis: 5000, Headers: map[string]string{"x-forwarded-for": "192.0.2.1"}},
		{ID: "2", Target: "passthrough:///127.0.0.1:1", Method: "/x.X/Y", Millis: 5000},
	})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := callAll(t.Context(), bytes.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	got := map[string]outcome{}
	for line := range strings.Lines(out.String()) {
		var o outcome
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatal(err)
		}
		got[o.ID] = o
	}
	want := answer{By: "a/s", Nonce: "n", Method: "/x.X/Y", Host: "h.example.com:80", At: l.Addr().String(), Security: "insecure", Path: "192.0.2.1"}
	a := got["1"].Answer
	if a == nil {
		t.Fatalf("%+v", got["1"])
	}
	want.Saw = a.Saw
	if *a != want || !strings.HasPrefix(a.Saw, "127.0.0.1:") {
		t.Errorf("got %+v", *a)
	}
	if o := got["2"]; o.Code != 14 || o.Answer != nil || !strings.Contains(o.Text, "refused") {
		t.Errorf("got %+v", o)
	}
}

func TestBootstrap(t *testing.T) {
	p := pod{name: "s", namespace: "a", account: "sa", ip: "10.0.0.1", trustDomain: "cluster.local", xds: "istiod:15010", dir: "/d", labels: downward("app=\"s\"\nx/y=\"a \\\"b\\\"\"\n")}
	text, err := p.bootstrap()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"sidecar~10.0.0.1~s.a~a.svc.cluster.local"`, `"GENERATOR": "grpc"`, `"x/y": "a \"b\""`, `"/d/key.pem"`, `"server_uri": "istiod:15010"`} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("no %s in %s", want, text)
		}
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{nil, {"serve"}, {"serve", "--plain"}, {"call", "x"}, {"other"}} {
		if err := run(t.Context(), args); err == nil || !strings.Contains(err.Error(), "want serve") {
			t.Errorf("%q: %v", args, err)
		}
	}
}
