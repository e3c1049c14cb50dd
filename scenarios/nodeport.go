package scenarios

import (
	"context"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// atNodePorts answers for the node ports of destinations on the host network:
// they lead to the backends of a Service and are asked for one by one. Where
// everything is the destination, the backends are among it themselves.
func (a *asker) atNodePorts(ctx context.Context, q question, f func(finding) bool) error {
	ports := q.want.set.Intersect(a.v.nodePorts())
	if ports.Empty() || q.to.wide || q.want.some && !q.deny {
		return nil
	}
	for _, dst := range q.to.endpoints {
		if !a.v.isHost(dst) {
			continue
		}
		for _, src := range a.sources(q) {
			if err := ctx.Err(); err != nil {
				return err
			}
			if src != endpoint(dst) && !a.atNodePort(q, src, dst, ports, f) {
				return nil
			}
		}
	}
	return nil
}

func (a *asker) atNodePort(q question, src model.Party, dst int, ports algebra.Set, f func(finding) bool) bool {
	seen := map[[2]uint16]bool{}
	for key := range ports.Values() {
		_, proto, port := algebra.ConnParts(key)
		k := [2]uint16{uint16(proto), port}
		if seen[k] {
			continue
		}
		seen[k] = true
		for _, x := range a.ask(q, src, []model.Flow{{To: endpoint(dst), Protocol: proto, Port: port}}) {
			if !f(x) {
				return false
			}
		}
	}
	return true
}

// sources are the parties a question asks about: every endpoint, and an address
// of each range that rules tell apart.
func (a *asker) sources(q question) []model.Party {
	var out []model.Party
	for _, i := range q.from.endpoints {
		out = append(out, endpoint(i))
	}
	for _, addr := range a.v.pieces(model.Ingress, q.from.addrs) {
		out = append(out, model.Party{Kind: model.PartyAddress, Addr: addr})
	}
	return out
}
