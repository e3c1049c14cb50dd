package inventory

import (
	"slices"
	"strconv"

	"github.com/netfate/netfate/sim/model"
)

// The labels by which a StatefulSet tells its pods apart.
const (
	podNameLabel  = "statefulset.kubernetes.io/pod-name"
	podIndexLabel = "apps.kubernetes.io/pod-index"
)

// maxOrdinals bounds how many pods of one StatefulSet are told apart.
const maxOrdinals = 1000

// OrdinalLabels returns the labels that ExpandStatefulSets gives to pods.
func OrdinalLabels() []string { return []string{podIndexLabel, podNameLabel} }

// ExpandStatefulSets replaces each endpoint that stands for the pods of a
// StatefulSet by those pods, with the names and labels that its controller
// gives them (k8s.io/api apps/v1, StatefulSetSpec). It serves where a selector
// tells the pods apart; one of more than a thousand replicas stays as it is.
func ExpandStatefulSets(endpoints []model.Endpoint) []model.Endpoint {
	out := make([]model.Endpoint, 0, len(endpoints))
	for i := range endpoints {
		e := &endpoints[i]
		if !e.Template || e.Workload.Kind != "StatefulSet" {
			out = append(out, *e)
			continue
		}
		out = appendOrdinals(out, e)
	}
	return out
}

func appendOrdinals(out []model.Endpoint, e *model.Endpoint) []model.Endpoint {
	spec := e.Object.Root.Get("spec")
	replicas, start := 1, 0
	if n, err := strconv.Atoi(spec.Get("replicas").Str()); err == nil {
		replicas = n
	}
	if n, err := strconv.Atoi(spec.At("ordinals", "start").Str()); err == nil {
		start = n
	}
	if replicas < 1 || replicas > maxOrdinals || start < 0 {
		return append(out, *e)
	}
	for n := start; n < start+replicas; n++ {
		pod := *e
		index := strconv.Itoa(n)
		pod.Name = e.Name + "-" + index
		pod.Template = false
		pod.Labels = slices.Clone(e.Labels).With(podNameLabel, pod.Name).With(podIndexLabel, index)
		out = append(out, pod)
	}
	return out
}
