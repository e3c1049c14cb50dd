package routing

import (
	"slices"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Expand returns the connections that a flow may become in one address family,
// or why there are none. It does not look at policies.
func (ix *Index) Expand(f model.Flow, family algebra.Family) Route {
	x := expansion{ix: ix, m: ix.m, f: f, family: family, families: []algebra.Family{family}}
	x.source()
	if len(x.route.Steps) == 0 {
		x.toward(f.To)
	}
	return x.route
}

// Quiet is Expand without the targets' notes and families. The targets are put into
// the room that into has.
func (ix *Index) Quiet(f model.Flow, family algebra.Family, into []Target) Route {
	x := expansion{ix: ix, m: ix.m, f: f, family: family, quiet: true}
	x.route.Targets = into[:0]
	x.source()
	if len(x.route.Steps) == 0 {
		x.toward(f.To)
	}
	return x.route
}

// Expand is Index.Expand for a single flow.
func Expand(m *model.Model, f model.Flow, family algebra.Family) Route {
	return NewIndex(m).Expand(f, family)
}

// expansion is the work on one flow.
type expansion struct {
	ix       *Index
	m        *model.Model
	f        model.Flow
	from     *model.Endpoint // nil: from outside the cluster
	family   algebra.Family
	families []algebra.Family
	route    Route
	names    int // how many names were followed
	quiet    bool
	few      [4]backend // room for what stands behind a Service
}

// source settles where the flow comes from. An address that an endpoint owns is
// that endpoint.
func (x *expansion) source() {
	if x.f.From.Kind == model.PartyAddress {
		if x.otherFamily(x.f.From) {
			return
		}
		if p := x.ix.ResolveAddress(x.f.From.Addr); p.Kind == model.PartyEndpoint {
			x.f.From = p
		}
	}
	switch x.f.From.Kind {
	case model.PartyEndpoint:
		x.from = &x.m.Endpoints[x.f.From.Index]
		if !hasFamily(x.from, x.family) {
			x.notInFamily(x.from.ID()+" has no "+x.family.String()+" address", nil)
		}
	case model.PartyService:
		x.deny(model.UnknownSeen, "a Service opens no connections: name the pods behind it", nil, "")
	}
}

// toward follows the flow to a destination.
func (x *expansion) toward(to model.Party) {
	switch to.Kind {
	case model.PartyEndpoint:
		x.toEndpoint(to)
	case model.PartyService:
		x.toService(to.Index)
	case model.PartyAddress:
		x.toAddress(to)
	case model.PartyHost:
		x.toHost(to.Host)
	}
}

// toEndpoint goes to a pod or node directly, or through a node port.
func (x *expansion) toEndpoint(to model.Party) {
	e := &x.m.Endpoints[to.Index]
	if !hasFamily(e, x.family) {
		x.notInFamily(e.ID()+" has no "+x.family.String()+" address", e.Object)
		return
	}
	if onHost(e) {
		k := nodePortKey{e.Cluster, x.f.Protocol, x.f.Port}
		if ref, ok := x.ix.nodePorts()[k]; ok && x.f.Protocol.HasPorts() && x.serves(int(ref.service)) {
			x.atNodePort(ref, to)
			return
		}
	}
	x.add(to, x.f.Port, target{service: -1})
}

// toAddress goes to what owns the address, or to the address.
func (x *expansion) toAddress(to model.Party) {
	if x.otherFamily(to) {
		return
	}
	to.Addr = to.Addr.Unmap()
	t := x.ix.addrs()
	if i, ok := t.cluster[to.Addr]; ok {
		x.toService(int(i))
		return
	}
	external := t.external[to.Addr]
	for _, i := range external {
		if j := findPort(&x.m.Services[i], x.f.Protocol, x.f.Port); j >= 0 {
			x.atExternal(portRef{i, int32(j)})
			return
		}
	}
	if i, ok := t.endpoints[to.Addr]; ok {
		x.toEndpoint(model.Party{Kind: model.PartyEndpoint, Index: int(i)})
		return
	}
	if len(external) > 0 {
		x.noPort(&x.m.Services[external[0]])
		return
	}
	x.add(to, x.f.Port, target{service: -1})
}

// otherFamily tells whether an address is not of the family that is asked for,
// and says so.
func (x *expansion) otherFamily(p model.Party) bool {
	if (p.Addr.Unmap().Is4()) == (x.family == algebra.IPv4) {
		return false
	}
	x.notInFamily(p.Addr.String()+" is not an "+x.family.String()+" address", nil)
	return true
}

// hasFamily tells whether an endpoint may have addresses of a family.
func hasFamily(e *model.Endpoint, f algebra.Family) bool {
	v4, v6 := e.Families()
	return f == algebra.IPv4 && v4 || f == algebra.IPv6 && v6
}

// serves tells whether a Service has an address of the family, as far as it
// says.
func (x *expansion) serves(service int) bool {
	fams := x.m.Services[service].Families
	return len(fams) == 0 || slices.Contains(fams, x.family)
}

// target is what the targets of one way have in common.
type target struct {
	service int
	snat    algebra.Tri
	reason  *model.Reason
	nodes   []int
	note    string
	via     *Via
	hairpin bool // the way translates the destination: the client may be picked
}

// add adds a connection to the route.
func (x *expansion) add(to model.Party, port uint16, t target) {
	self := to == x.f.From && to.Kind == model.PartyEndpoint
	x.route.Targets = append(x.route.Targets, Target{
		From: x.f.From, To: to, Protocol: x.f.Protocol, Port: port, Families: x.families, Weight: 1,
		SNAT: t.snat, SNATReason: t.reason, Nodes: t.nodes, Via: t.via, Service: t.service, Note: t.note,
		Hairpin: t.hairpin && self, Sibling: self && t.service >= 0 && x.from.Template,
	})
}

// deny ends the route: there is nowhere to go.
func (x *expansion) deny(seen model.Symptom, why string, o *model.Object, field string) {
	x.route.Symptom = seen
	x.route.Steps = append(x.route.Steps, model.Step{
		Kind: model.StepRoute, Point: "routing", Action: model.Deny, Match: algebra.Yes, Decides: true,
		Why: why, Origin: o.At(field),
	})
}

// notInFamily ends the route in this family.
func (x *expansion) notInFamily(why string, o *model.Object) {
	x.deny(model.NoSuchHost, why, o, "")
	x.route.NotInFamily = true
}

// note adds a sentence on what routing did.
func (x *expansion) note(text string) { x.route.Notes = append(x.route.Notes, text) }

// missing adds a fact that the snapshot does not have.
func (x *expansion) missing(text string, o *model.Object, field string) {
	x.route.Reasons = append(x.route.Reasons, model.Reason{
		Kind: model.MissingFact, Text: text, Confidence: model.Source, Origin: o.At(field),
	})
}
