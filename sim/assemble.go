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
		merge(m, a.Assemble(t.ctx, assembly(m, snap, o, a.Info())))
	}
}

// assembly is what an assembler of an API reads of a snapshot.
func assembly(m *model.Model, snap *model.Snapshot, o Options, info policyapi.Info) *policyapi.Assembly {
	in := &policyapi.Assembly{Model: m, Mesh: o.Mesh, GatewayPods: o.GatewayPods}
	kinds := map[string]bool{}
	for _, k := range info.Kinds {
		kinds[kindKey(k.APIVersion(), k.Kind)] = true
	}
	for _, x := range snap.Objects {
		if x.Cluster == "" && kinds[kindKey(x.APIVersion, x.Kind)] {
			in.Objects = append(in.Objects, x)
		}
	}
	for i := range snap.Broken {
		if mayBe(info, &snap.Broken[i]) {
			in.Broken = append(in.Broken, snap.Broken[i])
		}
	}
	return in
}

// Assembly returns what the assembler of an API reads, for what else its package
// computes of the same objects, such as the status that an implementation would
// report.
func (s *Simulator) Assembly(info policyapi.Info) (*policyapi.Context, *policyapi.Assembly) {
	return s.tr.ctx, assembly(s.m, s.snap, s.opts, info)
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
