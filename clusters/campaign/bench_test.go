package campaign

import (
	"context"
	"fmt"
	"testing"

	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/minimise"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// fakeBench is a cluster in which another profile is the reality.
type fakeBench struct {
	t       *testing.T
	reality string
	sim     *sim.Simulator
	old     *sim.Simulator // of what held before: the truth for the first probes of late
	late    int            // probes that still see what held before
	silent  func(observation.Flow) bool
	cut     func(observation.Flow) bool // connections that nobody answers, whatever the policies
	sets    int
	probes  int
	refuse  func([]*model.Object) bool
}

func (b *fakeBench) Header() observation.Header {
	return observation.Header{Version: observation.Version, Cluster: observation.Facts{Network: b.reality, Kubernetes: "v1.34.4", Provider: "fake"}}
}

// Set gives the pods addresses and nodes by their order.
func (b *fakeBench) Set(_ context.Context, objects []*model.Object) ([]*model.Object, error) {
	b.sets++
	if b.refuse != nil && b.refuse(objects) {
		return nil, fmt.Errorf("%w: NetworkPolicy x is invalid", minimise.ErrRefused)
	}
	var out []*model.Object
	n := 0
	for _, o := range objects {
		if o.Kind == "Pod" {
			n++
			o = b.placed(o, n)
		}
		out = append(out, o)
	}
	s, err := sim.New(&model.Snapshot{Objects: out}, sim.Options{Network: b.reality})
	if err != nil {
		return nil, err
	}
	b.old, b.sim = b.sim, s
	b.probes = 0
	return out, nil
}

func (b *fakeBench) placed(o *model.Object, n int) *model.Object {
	b.t.Helper()
	m := o.Root.Any().(map[string]any)
	ip := fmt.Sprintf("10.244.%d.%d", n%2+1, n)
	m["status"] = map[string]any{"phase": "Running", "podIP": ip, "podIPs": []any{map[string]any{"ip": ip}}}
	m["spec"].(map[string]any)["nodeName"] = fmt.Sprintf("n%d", n%2+1)
	root, err := manifest.FromValue(m)
	if err != nil {
		b.t.Fatal(err)
	}
	next := *o
	next.Root = root
	return &next
}

func (b *fakeBench) Probe(_ context.Context, flows []observation.Flow) ([]observation.Record, error) {
	s := b.sim
	if b.probes < b.late && b.old != nil {
		s = b.old
	}
	b.probes++
	var out []observation.Record
	for _, f := range flows {
		rec := observation.Record{Flow: f, Attempts: 1, Control: "ok", Phase: "policy", Result: observation.Inconclusive}
		q, err := diff.Flow(s, f)
		if err != nil {
			return nil, err
		}
		if b.silent == nil || !b.silent(f) {
			switch o := s.Verdict(q).Outcome; {
			case b.cut != nil && b.cut(f):
				rec.Result = observation.Timeout
			case o == model.Allowed:
				rec.Result = observation.Connected
			case o == model.Denied:
				rec.Result = observation.Timeout
			}
		}
		out = append(out, rec)
	}
	return out, nil
}
