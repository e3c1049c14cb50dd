package sim

import (
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
	"github.com/netfate/netfate/sim/policyapi/all"
)

// assemble adds what APIs say whose objects mean something only together: meshes
// and gateways.
func (t *translation) assemble(m *model.Model, snap *model.Snapshot, o Options) {
	for _, a := range all.Assemblers() {
		in := &policyapi.Assembly{Model: m, Mesh: o.Mesh, GatewayPods: o.GatewayPods}
		kinds := map[string]bool{}
		for _, k := range a.Info().Kinds {
			kinds[kindKey(k.APIVersion(), k.Kind)] = true
		}
		for _, x := range snap.Objects {
			if x.Cluster == "" && kinds[kindKey(x.APIVersion, x.Kind)] {
				in.Objects = append(in.Objects, x)
			}
		}
		for i := range snap.Broken {
			if mayBe(a.Info(), &snap.Broken[i]) {
				in.Broken = append(in.Broken, snap.Broken[i])
			}
		}
		merge(m, a.Assemble(t.ctx, in))
	}
}

// NetworkAlone says, as a warning, what is answered without the mesh: statements
// over many connections at once. It is empty for a model without a mesh.
func (s *Simulator) NetworkAlone() []model.Problem {
	if s.m.Mesh == nil {
		return nil
	}
	return []model.Problem{{Severity: model.Warning, Message: "the mesh " + s.m.Mesh.Name + " takes part in requests and single connections " +
		"(explain, steps with a method or with ports); matrix, plan, compare and statements about every port show what the network alone lets through"}}
}

// merge adds what an assembler made to the model.
func merge(m *model.Model, out policyapi.Assembled) {
	if out.Mesh != nil {
		m.Mesh = out.Mesh
	}
	for i, p := range out.Proxies {
		m.Endpoints[i].Proxy = p
	}
	m.Gateways = append(m.Gateways, out.Gateways...)
	m.ServiceRoutes = append(m.ServiceRoutes, out.ServiceRoutes...)
	m.Problems = append(m.Problems, out.Problems...)
	m.Gaps = append(m.Gaps, out.Gaps...)
}
