package routing

import (
	"slices"
	"sync"

	"github.com/netfate/netfate/sim/model"
)

// serviceState is what is worked out once for a Service.
type serviceState struct {
	once sync.Once
	pods []int32 // endpoints behind it, whatever the port
}

// spaceKey is a namespace of a cluster.
type spaceKey struct{ cluster, namespace string }

// space holds the pods of one namespace and finds them by label.
type space struct {
	pods    []int32
	once    sync.Once
	byLabel map[model.Label][]int32
}

// buildSpaces groups pods by namespace.
func (ix *Index) buildSpaces() map[spaceKey]*space {
	out := map[spaceKey]*space{}
	var last *space
	var lastKey spaceKey
	for i := range ix.m.Endpoints {
		e := &ix.m.Endpoints[i]
		if e.Kind != model.Pod {
			continue
		}
		k := spaceKey{e.Cluster, e.Namespace}
		if last == nil || k != lastKey {
			if last = out[k]; last == nil {
				last = &space{}
				out[k] = last
			}
			lastKey = k
		}
		last.pods = append(last.pods, int32(i))
	}
	return out
}

// withLabel returns the pods that have a label.
func (sp *space) withLabel(m *model.Model, l model.Label) []int32 {
	sp.once.Do(func() {
		sp.byLabel = map[model.Label][]int32{}
		for _, i := range sp.pods {
			for _, l := range m.Endpoints[i].Labels {
				sp.byLabel[l] = append(sp.byLabel[l], i)
			}
		}
	})
	return sp.byLabel[l]
}

// Backends returns the endpoints that the selector of a Service chooses and
// that traffic may be sent to: ready pods of its namespace, also those on the
// host network; all pods where it publishes those that are not ready. A Service
// without a selector has none here. The result must not be changed.
func (ix *Index) Backends(service int) []int32 {
	st := &ix.services[service]
	st.once.Do(func() { st.pods = ix.selectPods(&ix.m.Services[service]) })
	return st.pods
}

func (ix *Index) selectPods(s *model.Service) []int32 {
	sp := ix.pods()[spaceKey{clusterOf(s), s.Namespace}]
	if !s.HasSelector || s.Type == model.ExternalName || sp == nil {
		return nil
	}
	candidates := sp.pods
	for _, l := range s.Selector {
		if few := sp.withLabel(ix.m, l); len(few) < len(candidates) {
			candidates = few
		}
	}
	var out []int32
	for _, i := range candidates {
		e := &ix.m.Endpoints[i]
		if (!e.NotReady || s.PublishNotReady) && selects(s.Selector, e.Labels) {
			out = append(out, i)
		}
	}
	return out
}

// selects tells whether labels have every pair of a selector.
func selects(selector, labels model.Labels) bool {
	return !slices.ContainsFunc(selector, func(l model.Label) bool {
		v, ok := labels.Get(l.Key)
		return !ok || v != l.Value
	})
}

// targetPort returns the port that a Service port means on a pod. A pod that
// does not declare the name is no backend of the port. Of several containers
// that declare it the first counts (FindPort).
func targetPort(p *model.ServicePort, e *model.Endpoint) (uint16, bool) {
	if p.TargetName == "" {
		return p.TargetPort, true
	}
	for i := range e.Ports {
		if q := &e.Ports[i]; q.Name == p.TargetName && q.Protocol == p.Protocol {
			return q.Port, true
		}
	}
	return 0, false
}
