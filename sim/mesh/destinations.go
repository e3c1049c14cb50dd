package mesh

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// destinations are what says how proxies connect, by namespace and host; those of
// one host, selector and export are merged, and in the order of their age.
type destinations map[string]map[string][]*model.Destination

// newDestinations merges (istio pilot/pkg/model setDestinationRules,
// mergeDestinationRule): subsets of all, settings of the oldest that has any.
func newDestinations(m *model.Mesh) destinations {
	sorted := make([]*model.Destination, len(m.Destinations))
	for i := range sorted {
		sorted[i] = &m.Destinations[i]
	}
	slices.SortStableFunc(sorted, func(a, b *model.Destination) int {
		if (a.Selector != nil) != (b.Selector != nil) {
			if a.Selector != nil {
				return -1
			}
			return 1
		}
		return cmp.Or(byAge(a.Created, b.Created), strings.Compare(a.Key, b.Key))
	})
	out := destinations{}
	for _, d := range sorted {
		if d.Host == "" {
			continue
		}
		if out[d.Namespace] == nil {
			out[d.Namespace] = map[string][]*model.Destination{}
		}
		out[d.Namespace][d.Host] = merge(out[d.Namespace][d.Host], d)
	}
	return out
}

// byAge compares times of creation, of which one may not be known.
func byAge(a, b string) int {
	if a == "" || b == "" {
		return 0
	}
	return strings.Compare(a, b)
}

func merge(list []*model.Destination, d *model.Destination) []*model.Destination {
	apart := true
	for i, have := range list {
		if exportKey(have) != exportKey(d) || have.Selector != nil && d.Selector != nil && have.Selector.String() != d.Selector.String() {
			continue
		}
		if (have.Selector == nil) == (d.Selector == nil) {
			apart = false
		}
		list[i] = merged(have, d)
	}
	if apart {
		list = append(list, d)
	}
	return list
}

// exportKey is equal for equal exports; with a selector nothing is exported.
func exportKey(d *model.Destination) string {
	if d.Selector != nil {
		return "."
	}
	return strings.Join(d.Export.Namespaces, ",")
}

func merged(a, b *model.Destination) *model.Destination {
	out := *a
	out.Subsets = slices.Clone(a.Subsets)
	for _, s := range b.Subsets {
		if !slices.ContainsFunc(out.Subsets, func(x model.Subset) bool { return x.Name == s.Name }) {
			out.Subsets = append(out.Subsets, s)
		}
	}
	if !a.Settings && b.Settings {
		out.Settings, out.TLS, out.TLSSaid, out.TLSAt, out.PortTLS = true, b.TLS, b.TLSSaid, b.TLSAt, maps.Clone(b.PortTLS)
	}
	return &out
}

// destination returns what says how a client connects to a host: of its own
// namespace, else of the host's, else of the root namespace (istio
// pilot/pkg/model PushContext.destinationRule).
func (v *View) destination(e *model.Endpoint, host string) *model.Destination {
	root := v.mesh.RootNamespace
	local := v.mostSpecific(e.Namespace, host, func(d *model.Destination) bool {
		return visible(d.Export, d.Namespace, e.Namespace) && (e.Namespace != root || private(d))
	})
	if len(local) > 0 {
		return choose(local, e)
	}
	for _, ns := range []string{v.ownerOf(host), root} {
		list := v.mostSpecific(ns, host, func(d *model.Destination) bool { return !private(d) })
		list = those(list, func(d *model.Destination) bool { return visible(d.Export, d.Namespace, e.Namespace) })
		if len(list) > 0 {
			return choose(list, e)
		}
	}
	return nil
}

// private tells whether something is for its own namespace alone.
func private(d *model.Destination) bool {
	if d.Selector != nil {
		return true
	}
	n := d.Export.Namespaces
	return len(n) == 1 && (n[0] == "." || n[0] == d.Namespace)
}

// ownerOf is the namespace that a host belongs to, "" where it is not known.
func (v *View) ownerOf(host string) string {
	if i, ok := v.byHost[host]; ok {
		return v.m.Services[i].Namespace
	}
	for i := range v.mesh.Known {
		if k := &v.mesh.Known[i]; v.names(k, host) {
			return k.Namespace
		}
	}
	return ""
}

// mostSpecific returns those of a namespace, of the ones that count, for the most
// specific name of a host.
func (v *View) mostSpecific(ns, host string, counts func(*model.Destination) bool) []*model.Destination {
	hosts := v.targets[ns]
	if kept := those(hosts[host], counts); len(kept) > 0 || len(hosts) == 0 {
		return kept
	}
	var best []*model.Destination
	rank := -1
	for pattern, list := range hosts {
		if pattern[0] != '*' || len(pattern) <= rank || !hostMatches(pattern, host) {
			continue
		}
		if kept := those(list, counts); len(kept) > 0 {
			best, rank = kept, len(pattern)
		}
	}
	return best
}

func those(list []*model.Destination, counts func(*model.Destination) bool) []*model.Destination {
	var out []*model.Destination
	for _, d := range list {
		if counts(d) {
			out = append(out, d)
		}
	}
	return out
}

// choose picks the one that selects a client, else the youngest for every client
// (SidecarScope.DestinationRule).
func choose(list []*model.Destination, e *model.Endpoint) *model.Destination {
	var all *model.Destination
	for _, d := range list {
		switch {
		case d.Selector == nil:
			all = d
		case d.Namespace == e.Namespace && selects(d.Selector, e.Labels):
			return d
		}
	}
	return all
}
