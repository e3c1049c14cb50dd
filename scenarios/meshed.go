package scenarios

import (
	"context"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

const (
	maxMeshPairs = 4096 // pairs that are asked for one by one where a mesh takes part
	maxMeshPorts = 16
)

// meshed tells whether a question is answered connection by connection: a mesh
// decides beside the network, and the question is about few connections. Others
// are answered for the network alone, which the simulator's problems say.
func (a *asker) meshed(q question) bool {
	return a.v.m.Mesh != nil && !q.want.some && q.want.set.Size() <= 2*maxMeshPorts &&
		len(q.from.endpoints)*max(1, len(q.to.endpoints)) <= maxMeshPairs
}

// eachConnection answers for every pair and port by its verdict.
func (a *asker) eachConnection(ctx context.Context, q question, f func(finding) bool) error {
	for _, src := range a.sources(q) {
		for _, dst := range q.to.endpoints {
			if err := ctx.Err(); err != nil {
				return err
			}
			if src.Kind == model.PartyEndpoint && src.Index == dst && len(q.from.endpoints)+len(q.to.endpoints) > 2 {
				continue
			}
			for _, x := range a.ask(q, src, a.flowsAt(q, endpoint(dst))) {
				if !f(x) {
					return nil
				}
			}
		}
	}
	return nil
}

// flowsAt are the connections asked for, to one destination.
func (a *asker) flowsAt(q question, dst model.Party) []model.Flow {
	var out []model.Flow
	seen := map[[2]uint16]bool{}
	for key := range q.want.set.Values() {
		_, proto, port := algebra.ConnParts(key)
		if k := [2]uint16{uint16(proto), port}; !seen[k] {
			seen[k] = true
			out = append(out, model.Flow{To: dst, Protocol: proto, Port: port})
		}
	}
	return out
}
