package sim

import (
	"slices"

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
	m.Gaps = append(m.Gaps, otherGateways(m)...)
}

// otherGateways tells of policies that select the mesh's own gateways of another kind
// than the model's: what their listeners take is not modelled.
func otherGateways(m *model.Model) []model.Gap {
	if m.Mesh == nil {
		return nil
	}
	var out []model.Gap
	for i := range m.Endpoints {
		e := &m.Endpoints[i]
		if e.Proxy == nil || !e.Proxy.Gateway || slices.ContainsFunc(m.Gateways, func(g model.Gateway) bool { return slices.Contains(g.Pods, i) }) {
			continue
		}
		for _, tier := range m.Mesh.Request {
			for _, p := range tier.Policies {
				if p.Subject.Matches(e, nil) {
					out = append(out, model.Gap{Origin: p.Origin, MayDeny: true, Text: "selects the gateway " + e.ID() + ", of which no Gateway of the Gateway API is known: policies are not modelled there"})
				}
			}
		}
	}
	return out
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

// LeftOut says, as warnings, what matrix, plan, compare and statements about whole
// connections do not show of a mesh: they say what the proxy of each destination lets
// in, and not what clients' proxies make of requests before they send them.
func (s *Simulator) LeftOut() []model.Problem {
	const where = "matrix, plan, compare and statements about every request say what the proxy of a destination lets in: "
	var out []model.Problem
	add := func(text string) {
		out = append(out, model.Problem{Severity: model.Warning, Message: where + text + "; ask for one with explain"})
	}
	if s.m.Mesh == nil {
		return nil
	}
	if n := len(s.m.Mesh.Routes) + len(s.m.ServiceRoutes); n > 0 {
		add("what routes make of requests before they arrive is not in them")
	}
	if s.m.Mesh.UnknownHosts == model.OutboundKnown || slices.ContainsFunc(s.m.Mesh.Scopes, func(e model.EgressScope) bool { return e.Unknown == model.OutboundKnown }) {
		add("which hosts outside the cluster a sidecar lets its client out to is not in them")
	}
	return out
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
