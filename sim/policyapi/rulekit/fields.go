package rulekit

import "github.com/netfate/netfate/sim/model"

// Table builds the list of a kind's fields.
type Table struct {
	Kind string
	Rows []model.FieldSupport
}

// Exact adds fields that the model carries exactly.
func (t *Table) Exact(paths ...string) { t.add(model.Exact, "", paths) }

// Approximated adds fields that are bounded, with the reason.
func (t *Table) Approximated(note string, paths ...string) { t.add(model.Approximated, note, paths) }

// Ignored adds fields that have no bearing on verdicts, with the reason.
func (t *Table) Ignored(note string, paths ...string) { t.add(model.Ignored, note, paths) }

// Selector adds the fields of label selectors.
func (t *Table) Selector(paths ...string) {
	for _, p := range paths {
		t.Exact(p+".matchLabels", p+".matchExpressions[].key",
			p+".matchExpressions[].operator", p+".matchExpressions[].values[]")
	}
}

// Envelope adds the fields that every object has around its spec.
func (t *Table) Envelope(namespaced bool) {
	t.Exact("kind", "apiVersion", "metadata.name")
	if namespaced {
		t.Exact("metadata.namespace")
	} else {
		t.Ignored("the kind is cluster-scoped", "metadata.namespace")
	}
	t.Ignored("a name that the API server completes; the object is known by its file", "metadata.generateName")
	t.Ignored("labels and annotations of a policy select nothing", "metadata.labels", "metadata.annotations")
	t.Ignored("bookkeeping of the API server", "metadata.uid", "metadata.resourceVersion", "metadata.generation",
		"metadata.creationTimestamp", "metadata.deletionTimestamp", "metadata.deletionGracePeriodSeconds",
		"metadata.ownerReferences", "metadata.finalizers", "metadata.managedFields", "metadata.selfLink")
}

func (t *Table) add(s model.Support, note string, paths []string) {
	for _, p := range paths {
		t.Rows = append(t.Rows, model.FieldSupport{Kind: t.Kind, Path: p, Support: s, Note: note})
	}
}
