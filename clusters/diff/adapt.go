package diff

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// Adapt returns the snapshot with the addresses that its pods and Services had
// while they were observed: a mirror's pods have others than those they stand
// for, and address blocks compare addresses. Pods without an observed address
// keep theirs. The error names an object that cannot be rewritten.
func Adapt(snap *model.Snapshot, records []observation.Record) (*model.Snapshot, error) {
	pods, services := map[string][]string{}, map[string][]string{}
	note := func(p observation.Party) {
		if _, err := netip.ParseAddr(p.Address); err != nil {
			return
		}
		into := pods
		switch p.Kind {
		case "service":
			into = services
		case "pod":
		default:
			return
		}
		if !slices.Contains(into[p.ID], p.Address) {
			into[p.ID] = append(into[p.ID], p.Address)
		}
	}
	for i := range records {
		note(records[i].Flow.From)
		note(records[i].Flow.To)
	}
	out := *snap
	out.Objects = slices.Clone(snap.Objects)
	for i, o := range out.Objects {
		if o.Cluster != "" || o.APIVersion != "v1" || o.Root == nil {
			continue
		}
		edit := map[string]func(map[string]any, []string){"Pod": setPodAddrs, "Service": setServiceAddrs}[o.Kind]
		addrs := map[string]map[string][]string{"Pod": pods, "Service": services}[o.Kind][o.Namespace+"/"+o.Name]
		if edit == nil || len(addrs) == 0 {
			continue
		}
		moved, err := rewrite(o, func(m map[string]any) { edit(m, addrs) })
		if err != nil {
			return nil, err
		}
		out.Objects[i] = moved
	}
	return &out, nil
}

// PodIPs returns the addresses of pods that were observed, by the pods' names: what
// sim.Options.PodIPs takes for those that stand for a template's.
func PodIPs(records []observation.Record) map[string][]netip.Addr {
	out := map[string][]netip.Addr{}
	for i := range records {
		for _, p := range []observation.Party{records[i].Flow.From, records[i].Flow.To} {
			a, err := netip.ParseAddr(p.Address)
			if err == nil && p.Kind == observation.KindPod && !slices.Contains(out[p.ID], a) {
				out[p.ID] = append(out[p.ID], a)
			}
		}
	}
	return out
}

// rewrite returns an edited copy of an object, at the same place.
func rewrite(o *model.Object, edit func(map[string]any)) (*model.Object, error) {
	m, ok := o.Root.Any().(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s is not a map", o.Ref)
	}
	edit(m)
	root, err := manifest.FromValue(m)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Ref, err)
	}
	next := *o
	next.Root = root
	return &next, nil
}

func setPodAddrs(m map[string]any, addrs []string) {
	status, ok := m["status"].(map[string]any)
	if !ok {
		status = map[string]any{"phase": "Running"}
		m["status"] = status
	}
	var list []any
	for _, a := range addrs {
		list = append(list, map[string]any{"ip": a})
	}
	status["podIP"], status["podIPs"] = addrs[0], list
}

func setServiceAddrs(m map[string]any, addrs []string) {
	spec, ok := m["spec"].(map[string]any)
	if !ok || spec["clusterIP"] == "None" {
		return
	}
	var list []any
	for _, a := range addrs {
		list = append(list, a)
	}
	spec["clusterIP"], spec["clusterIPs"] = addrs[0], list
}
