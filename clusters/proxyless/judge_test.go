package proxyless

import (
	"errors"
	"strings"
	"testing"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/clusters/replay"
	"github.com/netfate/netfate/sim/model"
)

const small = `apiVersion: v1
kind: Pod
metadata: {name: s, namespace: a, labels: {app: s}, annotations: {inject.istio.io/templates: grpc-agent}}
spec: {serviceAccountName: sa, containers: [{name: main, image: x, ports: [{containerPort: 8080}]}]}
status: {phase: Running, podIP: POD_IP}
---
apiVersion: v1
kind: Service
metadata: {name: s, namespace: a}
spec: {selector: {app: s}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Pod
metadata: {name: c, namespace: a, labels: {app: c}}
spec: {containers: [{name: main, image: x}]}
status: {phase: Running, podIP: POD_IP}
`

func lab(t *testing.T) *Lab {
	t.Helper()
	f, err := ReadFixture(small)
	if err != nil {
		t.Fatal(err)
	}
	f.ips = map[string]string{"a/s": "10.0.0.7", "a/c": "10.0.0.8"}
	return &Lab{fixture: f}
}

func flow() *observation.Flow {
	return &observation.Flow{From: observation.Party{Kind: "pod", ID: "a/c"}, To: observation.Party{Kind: "service", ID: "a/s"}, Protocol: "TCP", Port: 80,
		Request: &observation.Request{Scheme: "grpc", Method: "POST", Host: "s.a:80", Path: "/x.X/Y"}}
}

// TestJudge: connected is only what the destination answered to this call, and what says nothing is no denial.
func TestJudge(t *testing.T) {
	good := answer{By: "a/s", Nonce: "n", Saw: "10.0.0.8:4711", TLS: "tls", ID: "spiffe://cluster.local/ns/a/sa/default"}
	another, stale := good, good
	another.By, stale.Nonce = "a/c", "m"
	for name, c := range map[string]struct {
		got    map[string]outcome
		failed error
		want   observation.Result
	}{
		"answered":         {map[string]outcome{"n": {Answer: &good}}, nil, observation.Connected},
		"another answered": {map[string]outcome{"n": {Answer: &another}}, nil, observation.Inconclusive},
		"another call":     {map[string]outcome{"n": {Answer: &stale}}, nil, observation.Inconclusive},
		"no answer in it":  {map[string]outcome{"n": {}}, nil, observation.Inconclusive},
		"not reported":     {map[string]outcome{}, nil, observation.Inconclusive},
		"no exec":          {nil, errors.New("no such pod"), observation.Inconclusive},
		"deadline":         {map[string]outcome{"n": {Code: deadlineExceeded}}, nil, observation.Inconclusive},
		"policy":           {map[string]outcome{"n": {Code: permissionDenied, Text: "authorization failed"}}, nil, observation.GRPCStatus},
		"TLS":              {map[string]outcome{"n": {Code: unavailable, Text: "authentication handshake failed: EOF"}}, nil, observation.TLSFailure},
		"closed":           {map[string]outcome{"n": {Code: unavailable, Text: "error reading server preface: EOF"}}, nil, observation.Reset},
		"refused":          {map[string]outcome{"n": {Code: unavailable, Text: "connect: connection refused"}}, nil, observation.Refused},
		"no route":         {map[string]outcome{"n": {Code: unavailable, Text: "no virtual host"}}, nil, observation.GRPCStatus},
	} {
		l := lab(t)
		rec := l.judge(flow(), call{ID: "n", Nonce: "n"}, c.got, c.failed)
		if rec.Result != c.want || rec.Result == observation.Inconclusive && rec.Detail == "" {
			t.Errorf("%s: got %s, %q", name, rec.Result, rec.Detail)
		}
		if rec.Result == observation.Connected && (rec.Saw != "10.0.0.8" || rec.By != "a/s" || !strings.Contains(rec.Detail, "spiffe://")) {
			t.Errorf("%s: %+v", name, rec)
		}
	}
}

func TestControlled(t *testing.T) {
	rec := observation.Record{Flow: *flow()}
	text := textOf(&rec)
	yes, no := map[string]bool{text: true}, map[string]bool{}
	for _, c := range []struct {
		before, after map[string]bool
		want          string
	}{{yes, yes, observation.ControlOK}, {no, yes, observation.ControlFailedBefore}, {yes, no, observation.ControlFailedAfter}} {
		if got := Controlled(&rec, c.before, c.after); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// TestTargets: who asks istiod for what.
func TestTargets(t *testing.T) {
	l, f := lab(t), flow()
	want := func(target string) {
		t.Helper()
		if c, err := l.callOf(f, "n"); err != nil || c.Target != target {
			t.Errorf("got %q, %v, want %q", c.Target, err, target)
		}
	}
	want("dns:///s.a.svc.cluster.local:80")
	f.From.ID = "a/s"
	want("xds:///s.a.svc.cluster.local:80")
	f.To, f.Port = observation.Party{Kind: "pod", ID: "a/c"}, 8080
	want("passthrough:///10.0.0.8:8080")
	f.Request = nil
	if _, err := l.callOf(f, "n"); err == nil {
		t.Error("a flow without a request was called")
	}
}

// TestTranslate: addresses of the cluster that was observed before become those of this one.
func TestTranslate(t *testing.T) {
	l := lab(t)
	before := strings.Replace(strings.Replace(small, "POD_IP", "10.0.0.8", 1), "POD_IP", "10.0.0.9", 1)
	got := l.fixture.Translate("[10.0.0.8/32, 10.0.0.9, 10.0.0.80, IP_OF(a/c)]", before)
	if want := "[10.0.0.7/32, 10.0.0.8, 10.0.0.80, 10.0.0.8]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if m := l.fixture.Manifests(); !strings.Contains(m, "podIP: 10.0.0.7") || !strings.Contains(m, "podIP: 10.0.0.8") || strings.Contains(m, "POD_IP") {
		t.Error(m)
	}
}

// TestFill: a pod of the mesh is given its token and bootstrap, another is not.
func TestFill(t *testing.T) {
	for i, pod := range lab(t).fixture.objects("Pod") {
		fill(pod)
		spec, _ := pod["spec"].(object)
		list, _ := spec["containers"].([]any)
		c, _ := list[0].(object)
		if meshed := i == 0; (spec["volumes"] != nil) != meshed || (len(c["args"].([]any)) == 2) != meshed {
			t.Errorf("%s: %v", key(pod), pod)
		}
	}
}

// TestRounds: what says nothing is asked again, and a control is expected to be open whatever a case saw.
func TestRounds(t *testing.T) {
	one := replay.Flow{Flow: *flow(), Outcome: model.Denied}
	two := one
	two.Request = &observation.Request{Scheme: "grpc", Method: "POST", Host: "s.a:80", Path: "/x.X/Z"}
	flows := []replay.Flow{one, two, one}
	control := distinct(flows)
	if len(control) != 2 || control[0].Outcome != model.Allowed || flows[0].Outcome != model.Denied {
		t.Errorf("the control has %v of %v", control, flows)
	}
	refused := observation.Record{Flow: one.Flow, Result: observation.GRPCStatus, Status: permissionDenied}
	silent := observation.Record{Flow: one.Flow, Result: observation.Inconclusive}
	if _, bad := summary([]observation.Record{refused}); bad || !asRecorded(flows[:1], []observation.Record{refused}) {
		t.Error("a refusal says nothing, or is not what was recorded")
	}
	if _, bad := summary([]observation.Record{refused, silent}); !bad || asRecorded(flows[:1], []observation.Record{silent}) {
		t.Error("silence says something")
	}
}
