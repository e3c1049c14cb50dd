package inventory

import (
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// Options of Build.
type Options struct {
	Lenient bool              // unknown fields are warnings
	Decoder *manifest.Decoder // checks objects against their types; nil: no checks
	Profile *model.Profile    // the implementation; may be nil
}

// Result is what a snapshot says about who can talk.
type Result struct {
	Namespaces []model.Namespace // by name
	Endpoints  []model.Endpoint  // by namespace and name, nodes last
	Services   []model.Service   // by namespace and name
	Problems   []model.Problem
	Gaps       []model.Gap
	V4, V6     bool // the families the cluster may use
}

// Build reads the inventory of a snapshot. It never fails: what cannot be read
// is a Problem, what is not carried exactly is a Gap.
func Build(snap *model.Snapshot, opt Options) Result {
	b := builder{opt: opt}
	groups := classify(snap.Objects)
	b.readWorkloads(groups.workloads)
	b.readNodes(groups.nodes)
	b.readServices(groups.services, groups.slices)
	b.checkOnly(groups.accounts)
	b.readNamespaces(groups.namespaces, snap.Objects)
	b.res.V4, b.res.V6 = b.fam.answer()
	return b.res
}

// builder collects the result of one Build.
type builder struct {
	opt Options
	res Result
	fam families
}

// groups are the objects that inventory reads, by what reads them.
type groups struct {
	workloads, nodes, services, slices, namespaces, accounts []*model.Object
}

// classify sorts objects by what reads them; other kinds are left out.
func classify(objects []*model.Object) groups {
	var g groups
	for _, o := range objects {
		switch roleOf(o) {
		case rolePod, roleTemplate:
			g.workloads = append(g.workloads, o)
		case roleNode:
			g.nodes = append(g.nodes, o)
		case roleService:
			g.services = append(g.services, o)
		case roleSlice:
			g.slices = append(g.slices, o)
		case roleNamespace:
			g.namespaces = append(g.namespaces, o)
		case roleAccount:
			g.accounts = append(g.accounts, o)
		}
	}
	return g
}

// checkOnly checks objects that are known but have no bearing on connectivity.
func (b *builder) checkOnly(objects []*model.Object) {
	for _, o := range objects {
		r := reader{o: o, opt: &b.opt}
		r.check()
		b.take(&r.report)
	}
}

// take adds what reading some objects had to report.
func (b *builder) take(r *report) {
	b.res.Problems = append(b.res.Problems, r.problems...)
	b.res.Gaps = append(b.res.Gaps, r.gaps...)
}

// report is what reading had to tell.
type report struct {
	problems []model.Problem
	gaps     []model.Gap
}

// namespaceOf returns the namespace of a namespaced object: "default" when the
// manifest names none, as kubectl does.
func namespaceOf(o *model.Object) string {
	if o.Namespace == "" {
		return "default"
	}
	return o.Namespace
}
