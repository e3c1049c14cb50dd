package sim

import (
	"fmt"
	"slices"

	"github.com/netfate/netfate/sim/inventory"
	"github.com/netfate/netfate/sim/model"
)

// settleTemplates deals with selectors on labels that controllers give to pods
// and that templates do not tell: the pods of StatefulSets are made one by one,
// any other such selector is a warning.
func settleTemplates(m *model.Model) {
	used := selectorKeys(m)
	if usesOrdinals(used) {
		m.Endpoints = inventory.ExpandStatefulSets(m.Endpoints)
	}
	for _, key := range inventory.UnknownLabelKeys() {
		if o, ok := used[key]; ok && !slices.Contains(inventory.OrdinalLabels(), key) && anyLacks(m, key) {
			m.Problems = append(m.Problems, unknownLabel(key, o))
		}
	}
}

// usesOrdinals tells whether a selector tells the pods of a StatefulSet apart.
func usesOrdinals(used map[string]model.Origin) bool {
	return slices.ContainsFunc(inventory.OrdinalLabels(), func(key string) bool {
		_, ok := used[key]
		return ok
	})
}

// selectorKeys returns the pod label keys that the policies select by, each with
// a place where.
func selectorKeys(m *model.Model) map[string]model.Origin {
	used := map[string]model.Origin{}
	for t := range m.Tiers {
		for _, p := range m.Tiers[t].Policies {
			addSelectorKeys(used, &p.Subject, p.Origin)
			for r := range p.Rules {
				for i := range p.Rules[r].Peers {
					if s := p.Rules[r].Peers[i].Pods; s != nil {
						addSelectorKeys(used, s, p.Rules[r].Peers[i].Origin)
					}
				}
			}
		}
	}
	return used
}

func addSelectorKeys(used map[string]model.Origin, s *model.Selector, o model.Origin) {
	var walk func(*model.Expr)
	walk = func(e *model.Expr) {
		if e == nil {
			return
		}
		if _, seen := used[e.Key]; e.Key != "" && !seen {
			used[e.Key] = o
		}
		for _, a := range e.Args {
			walk(a)
		}
	}
	walk(s.PodLabels)
}

// anyLacks tells whether some template's pods may have a label that it does not tell.
func anyLacks(m *model.Model, key string) bool {
	return slices.ContainsFunc(m.Endpoints, func(e model.Endpoint) bool {
		_, has := e.Labels.Get(key)
		return e.Template && !has
	})
}

func unknownLabel(key string, o model.Origin) model.Problem {
	var ref model.Ref
	if o.Object != nil {
		ref = o.Object.Ref
	}
	return model.Problem{Severity: model.Warning, File: o.File(), Line: int(o.Line), Col: int(o.Col), Object: ref, Field: o.Field,
		Message: fmt.Sprintf("selects by the label %s, which controllers give to pods: the pods of workloads in the snapshot count as without it", key),
		Hint:    "collect the pods themselves from the cluster"}
}
