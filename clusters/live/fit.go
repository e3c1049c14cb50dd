package live

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/netfate/netfate/clusters/apply"
	"github.com/netfate/netfate/clusters/mirror"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim/model"
)

// drop leaves out the objects of a mirror whose kinds the cluster does not serve, such
// as those of a mesh that it does not have, and says so in the mirror's Problems.
func (b *Bench) drop(m *mirror.Mirror) (err error) {
	m.Policies = slices.DeleteFunc(m.Policies, func(u *unstructured.Unstructured) bool {
		gvk := u.GroupVersionKind()
		served, e := b.c.Serves(gvk)
		if e != nil {
			err = fmt.Errorf("%s: %w", apply.Title(u), e)
		}
		if e != nil || served {
			return false
		}
		m.Problems = append(m.Problems, model.Problem{
			Severity: model.Warning, Object: model.Ref{APIVersion: u.GetAPIVersion(), Kind: u.GetKind(), Namespace: u.GetNamespace(), Name: u.GetName()},
			Message: fmt.Sprintf("not applied: the cluster does not serve %s of %s", gvk.Kind, gvk.GroupVersion()),
		})
		return true
	})
	return err
}

// selfReached makes inconclusive what a pod of a template reached through a Service
// at itself: it stands for several pods, one of which would reach another.
func selfReached(m *model.Model, records []observation.Record) {
	template := map[string]bool{}
	for i := range m.Endpoints {
		template[m.Endpoints[i].ID()] = m.Endpoints[i].Template
	}
	for i := range records {
		r := &records[i]
		if r.Flow.To.Kind == observation.KindService && r.Result == observation.Connected && r.By == r.Flow.From.ID && template[r.By] {
			r.Result, r.Detail = observation.Inconclusive, "it reached itself, the one pod that stands for all of its workload"
		}
	}
}
