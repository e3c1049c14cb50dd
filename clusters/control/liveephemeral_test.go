package control_test

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/netfate/netfate/clusters/control"
	"github.com/netfate/netfate/clusters/observation"
)

// TestLiveEphemeral puts agents into pods that are there, probes from one to the other and ends them.
func TestLiveEphemeral(t *testing.T) {
	b := newBench(t)
	if err := b.Policies(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	x, err := control.NewExec(b.config, "")
	if err != nil {
		t.Fatal(err)
	}
	e := &control.Ephemeral{Exec: x, Image: *liveImage, Lifetime: 10 * time.Minute}
	ends := map[string]control.Target{}
	for _, p := range b.m.Pods[:2] {
		began := time.Now()
		target, err := e.Attach(t.Context(), p.Namespace, p.Name, []uint16{9999}, []uint16{9999})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s attached to %s in %s", target.Container, p.ID, time.Since(began).Round(100*time.Millisecond))
		ends[p.ID] = target
	}
	c := b.controller(b.config, control.Options{})
	party := func(i int) observation.Party { return observation.Party{Kind: observation.KindPod, ID: b.m.Pods[i].ID} }
	flows := []observation.Flow{{From: party(0), To: party(1), Protocol: "TCP", Port: 9999}, {From: party(1), To: party(0), Protocol: "UDP", Port: 9999}}
	records, err := c.Probe(t.Context(), flows, func(p observation.Party) (control.Target, error) { return ends[p.ID], nil })
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if r.Result != observation.Connected {
			t.Errorf("%+v", r)
		}
	}
	c.Close()
	for id, target := range ends {
		if err := e.Detach(t.Context(), target); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	time.Sleep(3 * time.Second)
	for _, p := range b.list(podKind()) {
		list, _, _ := unstructured.NestedSlice(p.Object, "status", "ephemeralContainerStatuses")
		for _, s := range list {
			t.Logf("%s/%s: %v", p.GetNamespace(), p.GetName(), s.(map[string]any)["state"])
		}
	}
}
