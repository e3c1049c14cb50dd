package live

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/netfate/netfate/clusters/control"
	"github.com/netfate/netfate/clusters/diff"
	"github.com/netfate/netfate/clusters/mirror"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
)

// Mirror makes the mirror of a snapshot be there with its policies, and leaves it.
// What cannot be mirrored is in the result's Problems.
func (b *Bench) Mirror(ctx context.Context, snap *model.Snapshot) (*mirror.Mirror, error) {
	_, m, err := b.mirror(snap, nil)
	if err != nil {
		return nil, err
	}
	return m, b.put(ctx, append(append([]*unstructured.Unstructured{}, m.Base...), m.Policies...))
}

// mirror builds the mirror of a snapshot; its pods also serve the ports that flows go to.
func (b *Bench) mirror(snap *model.Snapshot, flows []observation.Flow) (*sim.Simulator, *mirror.Mirror, error) {
	s, err := sim.New(snap, sim.Options{Network: b.o.Network, Mesh: diff.Mesh(b.o.Header)})
	if err != nil {
		return nil, nil, err
	}
	var names []string
	for _, n := range b.nodes {
		names = append(names, n.GetName())
	}
	m, err := mirror.Build(s, mirror.Options{Image: b.o.Image, Nodes: names, Serve: served(flows)})
	if err != nil {
		return nil, nil, err
	}
	return s, m, b.drop(m)
}

// served are the ports of pods that flows go to.
func served(flows []observation.Flow) map[string][]mirror.Port {
	out := map[string][]mirror.Port{}
	for i := range flows {
		f := &flows[i]
		port := mirror.Port{Protocol: f.Protocol, Port: f.Port}
		if f.To.Kind == observation.KindPod && !f.Ping() && !slices.Contains(out[f.To.ID], port) {
			out[f.To.ID] = append(out[f.To.ID], port)
		}
	}
	return out
}

// Observe makes the mirror of a snapshot, tries flows without its policies, under them
// and without them again, and returns one record each, in order. It implements
// scenarios.Cluster. What cannot be mirrored is told as progress, and inconclusive.
func (b *Bench) Observe(ctx context.Context, snap *model.Snapshot, flows []observation.Flow) (observation.Header, []observation.Record, error) {
	h := b.o.Header
	var err error
	if h.Snapshot, err = diff.Digest(snap); err != nil {
		return h, nil, err
	}
	s, m, err := b.mirror(snap, flows)
	if err != nil {
		return h, nil, err
	}
	for i := range m.Problems {
		b.say("%s", m.Problems[i].Error())
	}
	b.say("making %d pods", len(m.Pods))
	if err := b.put(ctx, m.Base); err != nil {
		return h, nil, err
	}
	resolve := b.mirrored(m)
	predicted, err := b.predict(s, m, snap, flows)
	if err != nil {
		return h, nil, err
	}
	records, err := b.ctl.Observe(ctx, flows, resolve, &lever{b, m}, control.ObserveOptions{Predicted: predicted, Step: func(text string) { b.say("%s", text) }})
	if err != nil {
		return h, nil, err
	}
	selfReached(s.Model(), records)
	return h, records, nil
}

// lever puts the policies of a mirror in and takes them out.
type lever struct {
	b *Bench
	m *mirror.Mirror
}

// Policies makes the policies be there, or not.
func (l *lever) Policies(ctx context.Context, on bool) error {
	objects := append([]*unstructured.Unstructured{}, l.m.Base...)
	if on {
		objects = append(objects, l.m.Policies...)
	}
	return l.b.put(ctx, objects)
}

// mirrored resolves ends of a mirror; nodes are those of the bench.
func (b *Bench) mirrored(m *mirror.Mirror) control.Resolver {
	var have []unstructured.Unstructured
	for _, e := range b.have {
		have = append(have, *e.now)
	}
	for _, n := range b.nodes {
		have = append(have, *n)
	}
	pods := control.Mirrored(m, have)
	return func(p observation.Party) (control.Target, error) {
		if p.Kind != observation.KindNode {
			return pods(p)
		}
		if live := m.Nodes[p.ID]; live != "" {
			return b.node(live)
		}
		return b.node(p.ID)
	}
}

// predict says what becomes of flows with the addresses that the mirror has.
func (b *Bench) predict(s *sim.Simulator, m *mirror.Mirror, snap *model.Snapshot, flows []observation.Flow) ([]model.Outcome, error) {
	var at []observation.Record
	for i := range m.Pods {
		p := &m.Pods[i]
		e := b.have["Pod "+p.Namespace+"/"+p.Name]
		if e == nil {
			return nil, fmt.Errorf("pod %s is not in the cluster", p.ID)
		}
		ip, _, err := unstructured.NestedString(e.now.Object, "status", "podIP")
		if _, bad := netip.ParseAddr(ip); err != nil || bad != nil {
			return nil, errors.Join(fmt.Errorf("pod %s has no address", p.ID), err)
		}
		at = append(at, observation.Record{Flow: observation.Flow{From: observation.Party{Kind: observation.KindPod, ID: p.ID, Address: ip}}})
	}
	moved, err := diff.Adapt(snap, at)
	if err != nil {
		return nil, err
	}
	if s, err = s.WithObserved(moved, "", diff.PodIPs(at)); err != nil {
		return nil, err
	}
	out := make([]model.Outcome, len(flows))
	for i, f := range flows {
		out[i] = model.Undetermined
		if q, err := diff.Flow(s, f); err == nil {
			out[i] = s.Verdict(q).Outcome
		}
	}
	return out, nil
}
