package inventory

import (
	"cmp"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// nsKey names a namespace of a cluster.
type nsKey struct{ cluster, name string }

// readNamespaces reads Namespace objects and adds those that other objects name.
func (b *builder) readNamespaces(objects, all []*model.Object) {
	known := map[nsKey]bool{}
	for _, o := range b.byName(objects) {
		r := reader{o: o, opt: &b.opt}
		ns := r.namespace()
		if !r.rejected {
			known[nsKey{o.Cluster, o.Name}] = true
			b.res.Namespaces = append(b.res.Namespaces, ns)
		}
		b.take(&r.report)
	}
	b.addNamed(known, all)
	slices.SortFunc(b.res.Namespaces, func(a, b model.Namespace) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Cluster, b.Cluster))
	})
}

// namespace reads one Namespace. The API server keeps NameLabel at the
// namespace's name, whatever a manifest says.
func (r *reader) namespace() model.Namespace {
	r.check()
	meta := r.o.Root.Get("metadata")
	r.checkMeta(meta, labelName)
	l := model.Labels(r.labels(nil, meta.Get("labels"), "metadata.labels"))
	if v, ok := l.Get(model.NameLabel); ok && v != r.o.Name {
		_ = r.problem(model.Warning, `metadata.labels["`+model.NameLabel+`"]`,
			"the API server sets this label to "+quote(r.o.Name), "leave it out")
	}
	if v, _ := l.Get(model.NameLabel); v != r.o.Name {
		l = l.With(model.NameLabel, r.o.Name)
	}
	return model.Namespace{Name: r.o.Name, Labels: slices.Clip(l), Object: r.o, Cluster: r.o.Cluster}
}

// addNamed adds the namespaces that are only named by objects. Their labels are
// not known beyond NameLabel; where other namespaces are given as objects this
// is worth a warning, once.
func (b *builder) addNamed(known map[nsKey]bool, all []*model.Object) {
	named := map[nsKey]bool{}
	var last nsKey
	for _, o := range all {
		k := nsKey{o.Cluster, o.Namespace}
		if k.name == "" && roleOf(o).namespaced() {
			k.name = "default"
		}
		if k != last && k.name != "" && !known[k] {
			named[k] = true
		}
		last = k
	}
	var unlabelled []string
	for k := range named {
		b.res.Namespaces = append(b.res.Namespaces, model.Namespace{
			Name: k.name, Cluster: k.cluster, Labels: model.Labels{{Key: model.NameLabel, Value: k.name}},
		})
		if !systemNamespace(k.name) {
			unlabelled = append(unlabelled, k.name)
		}
	}
	if len(known) > 0 && len(unlabelled) > 0 {
		b.warnUnlabelled(unlabelled)
	}
}

// systemNamespace tells whether every cluster has the namespace by itself.
func systemNamespace(name string) bool {
	switch name {
	case "default", "kube-system", "kube-public", "kube-node-lease":
		return true
	}
	return false
}

func (b *builder) warnUnlabelled(names []string) {
	slices.Sort(names)
	names = slices.Compact(names)
	shown, more := names, ""
	if len(names) > 5 {
		shown, more = names[:5], ", ..."
	}
	b.res.Problems = append(b.res.Problems, model.Problem{
		Severity: model.Warning,
		Message:  "no Namespace object for " + strings.Join(shown, ", ") + more + ": labels other than " + model.NameLabel + " are taken as absent",
		Hint:     "add the Namespace objects if selectors use namespace labels",
	})
}
