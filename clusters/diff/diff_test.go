package diff_test

import (
	"strings"
	"testing"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
)

const cluster = `
apiVersion: v1
kind: Pod
metadata: {name: c, namespace: t, labels: {app: c}}
spec: {nodeName: n1, containers: [{name: main, image: x}]}
status: {phase: Running, podIP: 192.0.2.1, podIPs: [{ip: 192.0.2.1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: s, namespace: t, labels: {app: s}}
spec: {nodeName: n1, containers: [{name: main, image: x}]}
status: {phase: Running, podIP: 192.0.2.2, podIPs: [{ip: 192.0.2.2}]}
---
apiVersion: v1
kind: Pod
metadata: {name: o, namespace: t, labels: {app: o}}
spec: {nodeName: n1, containers: [{name: main, image: x}]}
status: {phase: Running, podIP: 192.0.2.3, podIPs: [{ip: 192.0.2.3}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: block, namespace: t}
spec:
  podSelector: {matchLabels: {app: s}}
  ingress: [{from: [{ipBlock: {cidr: 10.244.0.0/16}}]}]
`

func load(t *testing.T, text string) *model.Snapshot {
	t.Helper()
	snap, err := sim.Load(t.Context(), collect.Options{Sources: []string{"-"}, Stdin: strings.NewReader(text)})
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

func simulator(t *testing.T, snap *model.Snapshot, network string) *sim.Simulator {
	t.Helper()
	s, err := sim.New(snap, sim.Options{Network: network})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func record(from, to string, port uint16, r observation.Result) observation.Record {
	return observation.Record{Flow: observation.Flow{From: observation.Party{Kind: "pod", ID: from}, To: observation.Party{Kind: "pod", ID: to},
		Protocol: "TCP", Port: port}, Result: r, Control: observation.ControlOK, Phase: observation.PhasePolicy, Attempts: 1}
}

// TestPing asserts that a flow of ICMP is asked for as an echo request of its family, which a rule with ports does not let
// in and one without does (row N36).
func TestPing(t *testing.T) {
	const policies = cluster + `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: port, namespace: t}
spec: {podSelector: {matchLabels: {app: c}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: any, namespace: t}
spec: {podSelector: {matchLabels: {app: o}}, ingress: [{from: [{podSelector: {}}]}]}
`
	s := simulator(t, load(t, policies), "cilium")
	for _, tt := range []struct {
		to   string
		want diff.Class
	}{{"t/c", diff.Disagree}, {"t/o", diff.Agree}} {
		rec := record("t/s", tt.to, 0, observation.Connected)
		rec.Flow.Protocol = observation.ICMP
		row := diff.One(s, rec)
		if row.Class != tt.want || row.Flow.Port != 8<<8 || len(row.Flow.Families) != 1 {
			t.Errorf("%s: %s of %+v by %s", tt.to, row.Class, row.Flow, row.Rule)
		}
		if got := diff.Text(rec.Flow); got != "t/s -> "+tt.to+" ICMP" {
			t.Errorf("%q", got)
		}
	}
	rec := record("t/s", "t/o", 0, observation.Connected)
	rec.Flow.Protocol = observation.ICMPv6
	if f, err := diff.Flow(s, rec.Flow); err != nil || f.Port != 128<<8 || f.Protocol != algebra.ICMPv6 || f.Families[0] != algebra.IPv6 {
		t.Errorf("%+v %v", f, err)
	}
}

// TestClasses puts every prediction beside every kind of observation.
func TestClasses(t *testing.T) {
	failed := record("t/c", "t/s", 80, observation.Timeout)
	failed.Control = observation.ControlFailedBefore
	for _, tt := range []struct {
		network string
		rec     observation.Record
		want    diff.Class
		rule    string
	}{
		{"cilium", record("t/c", "t/s", 80, observation.Timeout), diff.Agree, "NetworkPolicy t/block"},
		{"cilium", record("t/c", "t/s", 80, observation.Connected), diff.Disagree, "NetworkPolicy t/block"},
		{"cilium", record("t/c", "t/o", 80, observation.Connected), diff.Agree, ""},
		{"cilium", record("t/c", "t/o", 80, observation.Refused), diff.Disagree, ""},
		{"cilium", record("t/c", "t/o", 80, observation.Inconclusive), diff.Open, ""},
		{"cilium", failed, diff.Open, "NetworkPolicy t/block"},
		{"cilium", record("t/c", "t/nobody", 80, observation.Connected), diff.Unasked, ""},
	} {
		row := diff.One(simulator(t, load(t, cluster), tt.network), tt.rec)
		if row.Class != tt.want || !strings.Contains(row.Rule, tt.rule) {
			t.Errorf("%s %s %s: got %s by %q, want %s by %q", tt.network, diff.Text(tt.rec.Flow), tt.rec.Result, row.Class, row.Rule, tt.want, tt.rule)
		}
	}
}

// TestUndeterminedIsResolved: what the API leaves open is shown as resolved and
// never as an error.
func TestUndeterminedIsResolved(t *testing.T) {
	snap := load(t, strings.ReplaceAll(cluster, "192.0.2.", "10.244.1."))
	s := simulator(t, snap, "kubernetes")
	r := diff.Compare(s, observation.Header{}, []observation.Record{
		record("t/c", "t/s", 80, observation.Timeout), record("t/o", "t/s", 80, observation.Connected),
	})
	if len(r.Of(diff.Resolved)) != 2 || r.Table.Wrong() != 0 || r.Table.At(model.Undetermined, diff.Denied) != 1 {
		t.Errorf("%+v", r.Table)
	}
	if !strings.Contains(r.Rows[0].Rule, "[N2]") {
		t.Errorf("the reason is %q", r.Rows[0].Rule)
	}
}

// TestControlsAreLeftOut: probes without policy are no observations of policy.
func TestControlsAreLeftOut(t *testing.T) {
	rec := record("t/c", "t/s", 80, observation.Connected)
	rec.Phase = observation.PhaseControl
	if r := diff.Compare(simulator(t, load(t, cluster), "cilium"), observation.Header{}, []observation.Record{rec}); len(r.Rows) != 0 {
		t.Errorf("%d rows", len(r.Rows))
	}
}

// TestAdapt: a mirror's addresses replace the snapshot's, and decide.
func TestAdapt(t *testing.T) {
	rec := record("t/c", "t/s", 80, observation.Connected)
	rec.Flow.From.Address, rec.Flow.To.Address = "10.244.1.9", "10.244.1.8"
	snap := load(t, cluster)
	if row := diff.One(simulator(t, snap, "calico"), rec); row.Class != diff.Disagree {
		t.Errorf("with the snapshot's own addresses: %s", row.Class)
	}
	moved, err := diff.Adapt(snap, []observation.Record{rec})
	if err != nil {
		t.Fatal(err)
	}
	if row := diff.One(simulator(t, moved, "calico"), rec); row.Class != diff.Agree {
		t.Errorf("with the observed addresses: %s by %s", row.Class, row.Rule)
	}
	if a := snap.Objects[0].Root.At("status", "podIP").Str(); a != "192.0.2.1" {
		t.Errorf("the snapshot itself was changed: %s", a)
	}
}

// TestDigest: order, place and the status of pods do not count, content does.
func TestDigest(t *testing.T) {
	of := func(text string) string {
		d, err := diff.Digest(load(t, text))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	one := of(cluster)
	docs := strings.Split(cluster, "---\n")
	docs[0], docs[1] = docs[1], docs[0]
	if of(strings.Join(docs, "---\n")) != one || of(strings.ReplaceAll(cluster, "192.0.2.", "10.0.0.")) != one {
		t.Error("the digest depends on what does not count")
	}
	if of(strings.Replace(cluster, "10.244.0.0/16", "10.245.0.0/16", 1)) == one {
		t.Error("the digest does not see a change")
	}
	if err := diff.CheckDigest(observation.Header{Snapshot: "sha256:other"}, one); err == nil || !strings.Contains(err.Error(), "another snapshot") {
		t.Errorf("got %v", err)
	}
	if err := diff.CheckDigest(observation.Header{Snapshot: one}, one); err != nil {
		t.Error(err)
	}
}

// TestAcross finds where engines differ and where their profiles say so.
func TestAcross(t *testing.T) {
	snap := load(t, strings.ReplaceAll(cluster, "192.0.2.", "10.244.1."))
	engine := func(name string, r observation.Result) diff.Engine {
		s := simulator(t, snap, name)
		return diff.Engine{Name: name, Result: diff.Compare(s, observation.Header{}, []observation.Record{
			record("t/c", "t/s", 80, r), record("t/c", "t/o", 80, observation.Connected)})}
	}
	got := diff.Across([]diff.Engine{engine("cilium", observation.Timeout), engine("calico", observation.Connected)})
	if len(got) != 2 || !got[0].Differs || !got[0].Expected || got[1].Differs || got[1].Expected {
		t.Errorf("%+v", got)
	}
	got = diff.Across([]diff.Engine{engine("cilium", observation.Timeout), engine("calico", observation.Inconclusive)})
	if got[0].Differs || !got[0].Expected {
		t.Errorf("what is inconclusive differs: %+v", got[0])
	}
}

func TestFlowErrors(t *testing.T) {
	s := simulator(t, load(t, cluster), "cilium")
	for _, tt := range []struct {
		f    observation.Flow
		want string
	}{
		{observation.Flow{From: observation.Party{Kind: "cat", ID: "t/c"}, To: observation.Party{Kind: "pod", ID: "t/s"}, Protocol: "TCP"}, "the source"},
		{observation.Flow{From: observation.Party{Kind: "pod", ID: "t/c"}, To: observation.Party{Kind: "service", ID: "t/x"}, Protocol: "TCP"}, "the destination"},
		{observation.Flow{From: observation.Party{Kind: "pod", ID: "t/c"}, To: observation.Party{Kind: "pod", ID: "t/s"}, Protocol: "QUIC"}, "QUIC"},
	} {
		if _, err := diff.Flow(s, tt.f); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: got %v, want %q", tt.f, err, tt.want)
		}
	}
}

// TestMesh: a cluster made without a mesh, or seen to have none, predicts without; of any
// other the snapshot says.
func TestMesh(t *testing.T) {
	for want, facts := range map[string][]observation.Facts{
		sim.NoMesh: {{Provider: "kind"}, {Provider: "kubeconfig", Mesh: sim.NoMesh}},
		"":         {{Provider: "kind", Mesh: "istio"}, {Provider: "kubeconfig"}, {Provider: "kubeconfig", Mesh: "istio"}},
	} {
		for _, f := range facts {
			if got := diff.Mesh(observation.Header{Cluster: f}); got != want {
				t.Errorf("%+v: %q", f, got)
			}
		}
	}
}

// TestPodIPs: the pod that was made for a template has the address that was seen, by
// which address blocks decide.
func TestPodIPs(t *testing.T) {
	snap := load(t, `{apiVersion: apps/v1, kind: Deployment, metadata: {name: c, namespace: t}, spec: {template: {metadata: {labels: {app: c}}, spec: {containers: [{name: c}]}}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: s, namespace: t, labels: {app: s}}, spec: {containers: [{name: c}]}, status: {podIP: 10.0.0.1}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: t}, spec: {podSelector: {matchLabels: {app: s}}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/24}}]}]}}
`)
	rec := record("t/c", "t/s", 80, observation.Connected)
	for address, want := range map[string]diff.Class{"": diff.Resolved, "10.0.0.9": diff.Agree, "10.0.1.9": diff.Disagree} {
		rec.Flow.From.Address = address
		s, err := simulator(t, snap, "calico").WithObserved(snap, "", diff.PodIPs([]observation.Record{rec}))
		if err != nil {
			t.Fatal(err)
		}
		if row := diff.One(s, rec); row.Class != want {
			t.Errorf("address %q: %s by %s, want %s", address, row.Class, row.Rule, want)
		}
	}
}
