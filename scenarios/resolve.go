package scenarios

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// ends is what a subject stands for.
type ends struct {
	text      string
	note      string          // how it was understood
	endpoints []int           // in the order of view.order
	addrs     algebra.AddrSet // outside the cluster
	routed    []model.Party   // Services and host names
	wide      bool            // names everything of a sort: see findings
}

func (d *ends) empty() bool { return len(d.endpoints)+len(d.addrs)+len(d.routed) == 0 }

// resolveText is resolve for a subject as a step has it.
func (v *view) resolveText(text string) (*ends, error) {
	s, err := parseSubject(text)
	if err != nil {
		return nil, err
	}
	return v.resolve(s)
}

// resolve finds what a subject stands for. A subject that stands for nothing is an error.
func (v *view) resolve(s subject) (*ends, error) {
	d := &ends{text: s.text}
	var err error
	switch s.kind {
	case named:
		err = v.named(d, s.name, s.name)
	case podNamed:
		err = v.named(d, "pod:"+s.name, s.name)
	case node:
		err = v.named(d, "node:"+s.name, s.name)
	case service:
		err = v.named(d, "service:"+s.name, s.name)
	case host:
		err = v.named(d, "host:"+s.name, s.name)
	case address:
		err = v.address(d, s.name)
	case cidr:
		err = v.cidr(d, s.name)
	case internet:
		d.addrs = v.outside().Intersect(v.families())
		d.note = "every address that no pod, node or Service has"
	case anyPod:
		d.wide = true
		v.choose(d, "pod", func(e *model.Endpoint) bool { return e.Kind == model.Pod })
	default:
		err = v.selected(d, s)
	}
	if err == nil && d.empty() {
		err = fmt.Errorf("%s stands for nothing in the manifests", s.text)
	}
	return d, err
}

// resolveAll resolves subjects one by one.
func (v *view) resolveAll(text string) ([]*ends, error) {
	list, err := parseSubjects(text)
	if err != nil {
		return nil, err
	}
	out := make([]*ends, len(list))
	for i, s := range list {
		if out[i], err = v.resolve(s); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// named resolves a name as netfate explain does.
func (v *view) named(d *ends, name, plain string) error {
	found, err := v.sim.Resolve(name)
	if err != nil {
		if slices.ContainsFunc(v.m.Namespaces, func(n model.Namespace) bool { return n.Name == plain }) {
			return fmt.Errorf("%w; for all pods of the namespace say namespace %q", err, plain)
		}
		return err
	}
	d.note = found.Note
	for _, p := range found.Parties {
		v.party(d, p)
	}
	v.sort(d)
	return nil
}

func (v *view) party(d *ends, p model.Party) {
	switch p.Kind {
	case model.PartyEndpoint:
		d.endpoints = append(d.endpoints, p.Index)
	case model.PartyAddress:
		d.addrs = d.addrs.Union(algebra.AddrSet{{From: p.Addr, To: p.Addr}})
	default:
		d.routed = append(d.routed, p)
	}
}

// sort orders the endpoints by name.
func (v *view) sort(d *ends) {
	if len(d.endpoints) < 2 {
		return
	}
	in := make(map[int]bool, len(d.endpoints))
	for _, i := range d.endpoints {
		in[i] = true
	}
	d.endpoints = d.endpoints[:0]
	for _, i := range v.order() {
		if in[i] {
			d.endpoints = append(d.endpoints, i)
		}
	}
}

func (v *view) address(d *ends, text string) error {
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" {
		return fmt.Errorf("%q is not an address: want one such as 203.0.113.7", text)
	}
	return v.named(d, a.Unmap().String(), text)
}

// cidr resolves a range to the pods and nodes that have addresses in it and to
// its addresses outside the cluster.
func (v *view) cidr(d *ends, text string) error {
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return fmt.Errorf("%q is not a CIDR: want one such as 10.0.0.0/8", text)
	}
	set := algebra.PrefixSet(p)
	v.choose(d, "pod or node", func(e *model.Endpoint) bool { return slices.ContainsFunc(e.IPs, set.Contains) })
	d.addrs = v.outside().Intersect(set)
	d.note = "the addresses of " + p.Masked().String()
	if n := len(d.endpoints); n > 0 {
		d.note += fmt.Sprintf(", %s among them", count(n, "pod or node of the cluster", "pods and nodes of the cluster"))
	}
	return nil
}

// choose takes the endpoints for which a condition holds.
func (v *view) choose(d *ends, what string, takes func(*model.Endpoint) bool) {
	for _, i := range v.order() {
		if takes(&v.m.Endpoints[i]) {
			d.endpoints = append(d.endpoints, i)
		}
	}
	d.note = count(len(d.endpoints), what, what+"s")
}

// selected resolves what is chosen by namespace or label.
func (v *view) selected(d *ends, s subject) error {
	if ns := s.in + s.nameIf(namespace); ns != "" {
		if err := v.knowsNamespace(ns); err != nil {
			return err
		}
		if s.kind == namespace {
			v.choose(d, "pod", func(e *model.Endpoint) bool { return e.Kind == model.Pod && e.Namespace == ns && e.Cluster == "" })
			return nil
		}
	}
	sel, err := labels.Parse(s.name)
	if err != nil {
		return fmt.Errorf("%s: %w", s.text, err)
	}
	if s.kind == podsLabelled {
		v.choose(d, "pod", func(e *model.Endpoint) bool {
			return e.Kind == model.Pod && (s.in == "" || e.Namespace == s.in) && sel.Matches(labelSet(e.Labels))
		})
		return nil
	}
	spaces := map[[2]string]bool{}
	for i := range v.m.Namespaces {
		if n := &v.m.Namespaces[i]; sel.Matches(labelSet(n.Labels)) {
			spaces[[2]string{n.Cluster, n.Name}] = true
		}
	}
	v.choose(d, "pod", func(e *model.Endpoint) bool { return e.Kind == model.Pod && spaces[[2]string{e.Cluster, e.Namespace}] })
	d.note += " in " + count(len(spaces), "namespace", "namespaces")
	return nil
}

func (s *subject) nameIf(k kind) string {
	if s.kind == k {
		return s.name
	}
	return ""
}

func (v *view) knowsNamespace(name string) error {
	var known []string
	for i := range v.m.Namespaces {
		if v.m.Namespaces[i].Name == name {
			return nil
		}
		known = append(known, v.m.Namespaces[i].Name)
	}
	if near := sim.Nearest(name, known, 3); len(near) > 0 {
		return fmt.Errorf("no namespace %q in the manifests; did you mean %s?", name, strings.Join(near, ", "))
	}
	return fmt.Errorf("no namespace %q in the manifests", name)
}

// labelSet lets selectors look at labels.
type labelSet model.Labels

// Has tells whether the key is present.
func (l labelSet) Has(key string) bool {
	_, ok := model.Labels(l).Get(key)
	return ok
}

// Get returns the value of a key.
func (l labelSet) Get(key string) string {
	v, _ := model.Labels(l).Get(key)
	return v
}

// Lookup returns the value of a key and whether it is present.
func (l labelSet) Lookup(key string) (string, bool) { return model.Labels(l).Get(key) }

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
