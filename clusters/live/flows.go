package live

import (
	"slices"

	"github.com/netfate/netfate/clusters/mirror"
	"github.com/netfate/netfate/clusters/observation"
	"github.com/netfate/netfate/sim"
	"github.com/netfate/netfate/sim/model"
)

// Flows returns the connections between the pods of a snapshot: each pair on the ports
// that the receiver declares and on one that it does not, and each pod to the ports of
// each Service. Of more than limit (0: no bound) every n-th is taken; all is how many
// there are. The error is that of the snapshot.
func Flows(snap *model.Snapshot, network string, limit int) (flows []observation.Flow, all int, err error) {
	s, err := sim.New(snap, sim.Options{Network: network})
	if err != nil {
		return nil, 0, err
	}
	m, err := mirror.Build(s, mirror.Options{Image: "none", Nodes: []string{"none"}})
	if err != nil {
		return nil, 0, err
	}
	template := map[string]bool{}
	for i := range s.Model().Endpoints {
		e := &s.Model().Endpoints[i]
		template[e.ID()] = e.Template
	}
	for i := range m.Pods {
		from := observation.Party{Kind: observation.KindPod, ID: m.Pods[i].ID}
		for j := range m.Pods {
			to := &m.Pods[j]
			if i == j && template[to.ID] { // it stands for two pods, of which the mirror has one
				continue
			}
			for _, port := range to.Declared {
				flows = append(flows, observation.Flow{From: from, To: observation.Party{Kind: observation.KindPod, ID: to.ID}, Protocol: port.Protocol, Port: port.Port})
			}
			flows = append(flows, observation.Flow{From: from, To: observation.Party{Kind: observation.KindPod, ID: to.ID}, Protocol: "TCP", Port: m.Canary})
		}
		for j := range m.Services {
			svc := &m.Services[j]
			for _, port := range svc.Ports {
				flows = append(flows, observation.Flow{From: from, To: observation.Party{Kind: observation.KindService, ID: svc.Namespace + "/" + svc.Name}, Protocol: port.Protocol, Port: port.Port})
			}
		}
	}
	flows, all = some(unique(flows), limit)
	return flows, all, nil
}

// some takes every n-th of more flows than limit (0: no bound), and returns how many
// there were.
func some(flows []observation.Flow, limit int) ([]observation.Flow, int) {
	all := len(flows)
	if limit <= 0 || all <= limit {
		return flows, all
	}
	out := make([]observation.Flow, 0, limit)
	for i := range limit {
		out = append(out, flows[i*all/limit])
	}
	return out, all
}

// unique drops what occurs again, such as a port that two containers declare.
func unique(flows []observation.Flow) []observation.Flow {
	seen := map[observation.Flow]bool{}
	return slices.DeleteFunc(flows, func(f observation.Flow) bool {
		if seen[f] {
			return true
		}
		seen[f] = true
		return false
	})
}
