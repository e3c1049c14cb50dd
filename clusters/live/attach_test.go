package live

import (
	"slices"
	"strings"
	"testing"

	"github.com/netfate/netfate/clusters/control"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/collect"
	"github.com/netfate/netfate/sim/model"
)

const attachable = `
{apiVersion: v1, kind: Pod, metadata: {name: web-1, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: web, uid: a, controller: true}]}, spec: {containers: [{name: c, ports: [{containerPort: 80}, {containerPort: 53, protocol: UDP}]}]}, status: {podIP: 10.0.0.1, phase: Running}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web-2, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: web, uid: a, controller: true}]}, spec: {containers: [{name: c, ports: [{containerPort: 80}]}]}, status: {podIP: 10.0.0.2, phase: Running}}
---
{apiVersion: v1, kind: Pod, metadata: {name: db, namespace: shop}, spec: {containers: [{name: c}]}, status: {podIP: 10.0.0.3, phase: Running}}
---
{apiVersion: v1, kind: Pod, metadata: {name: new, namespace: shop}, spec: {containers: [{name: c}]}, status: {phase: Pending}}
---
{apiVersion: v1, kind: Pod, metadata: {name: host, namespace: shop}, spec: {hostNetwork: true, containers: [{name: c}]}, status: {podIP: 192.0.2.1, phase: Running}}
---
{apiVersion: v1, kind: Pod, metadata: {name: static, namespace: shop, annotations: {kubernetes.io/config.mirror: x}}, spec: {containers: [{name: c}]}, status: {podIP: 10.0.0.4, phase: Running}}
---
{apiVersion: v1, kind: Pod, metadata: {name: other, namespace: dev}, spec: {containers: [{name: c}]}, status: {podIP: 10.0.0.5, phase: Running}}
`

func attachSnapshot(t *testing.T) *model.Snapshot {
	snap, err := sim.Load(t.Context(), collect.Options{Sources: []string{"-"}, Stdin: strings.NewReader(attachable)})
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

func attachModel(t *testing.T) *model.Model {
	s, err := sim.New(attachSnapshot(t), sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s.Model()
}

// TestChoosePods: one of each workload, of the namespaces named, that can take an agent.
func TestChoosePods(t *testing.T) {
	m := attachModel(t)
	for name, c := range map[string]struct {
		o    AttachOptions
		want string
	}{
		"one each":  {AttachOptions{Namespaces: []string{"shop"}}, "shop/db shop/web-1"},
		"every one": {AttachOptions{Namespaces: []string{"shop"}, Every: true}, "shop/db shop/web-1 shop/web-2"},
		"two":       {AttachOptions{Namespaces: []string{"shop", "dev"}, Max: 3}, "dev/other shop/db shop/web-1"},
		"too many":  {AttachOptions{Namespaces: []string{"shop", "dev"}, Max: 2}, "error: 3 pods would be given an agent, and 2 is the most"},
		"nobody":    {AttachOptions{Namespaces: []string{"shoop"}}, "error: no pod of the namespaces shoop"},
	} {
		pods, err := choosePods(m, &c.o)
		var got []string
		for _, p := range pods {
			got = append(got, p.ID())
		}
		text := strings.Join(got, " ")
		if err != nil {
			text = "error: " + err.Error()
		}
		if !strings.HasPrefix(text, c.want) || err == nil && text != c.want {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// TestAttachedFlows: agents' ports and declared TCP ports, of which an agent answers the first alone.
func TestAttachedFlows(t *testing.T) {
	o := AttachOptions{Namespaces: []string{"shop"}, TCP: []uint16{28080}, UDP: []uint16{53}}
	pods, err := choosePods(attachModel(t), &o)
	if err != nil {
		t.Fatal(err)
	}
	a := &Attached{o: o, pods: pods}
	flows, all := a.Flows(0)
	if all != 5 || len(flows) != 5 || slices.ContainsFunc(flows, func(f observation.Flow) bool { return f.From == f.To }) {
		t.Errorf("%d: %v", all, flows)
	}
	if some, all := a.Flows(2); len(some) != 2 || all != 5 {
		t.Errorf("%d of %d", len(some), all)
	}
	target := a.served(control.Target{ID: "shop/db", Pod: "db", Namespace: "shop", Agent: true})
	for _, c := range []struct {
		protocol string
		port     uint16
		agents   int
	}{{"TCP", 28080, 1}, {"UDP", 53, 1}, {"TCP", 80, 0}, {"UDP", 28080, 0}, {"ICMP", 0, 0}} {
		if got := target.Behind(c.protocol, c.port); target.Agent || len(got) != c.agents || c.agents > 0 && (!got[0].Agent || got[0].Port != c.port) {
			t.Errorf("%s %d: %+v", c.protocol, c.port, got)
		}
	}
}
