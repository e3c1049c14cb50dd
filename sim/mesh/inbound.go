package mesh

import (
	"strconv"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// Inbound is what the proxy of a destination does before policies.
type Inbound struct {
	Sidecar    algebra.Tri   // whether there is a proxy; Maybe for Reason
	Reason     *model.Reason // for Maybe
	Bypass     bool          // the port goes past the proxy
	BypassWhy  string
	Mode       model.MTLSMode // never unset
	ModeWhy    string
	ModeOrigin model.Origin
	Protocol   model.PortProtocol
	// ProtocolReason is why Protocol may be another; nil: it is known.
	ProtocolReason *model.Reason
	tokens         []model.TokenRule
}

// Inbound returns what stands before a port of an endpoint.
func (v *View) Inbound(endpoint int, port uint16) Inbound {
	p, has := v.sidecar(endpoint)
	in := Inbound{Sidecar: has}
	if has == algebra.No {
		return in
	}
	in.Reason = p.Reason
	if inRanges(p.ExcludeIn, port) {
		in.Bypass, in.BypassWhy = true, "port "+strconv.Itoa(int(port))+" of "+v.m.Endpoints[endpoint].ID()+" goes past its sidecar"
		return in
	}
	e := &v.m.Endpoints[endpoint]
	in.Mode, in.ModeWhy, in.ModeOrigin = v.modes.effective(e, port)
	in.Protocol, in.ProtocolReason = v.protocol(endpoint, port)
	in.tokens = v.tokensOf(e)
	return in
}

// protocol is what the Services before a port say that it speaks; a port that no
// Service names is looked at by the proxy.
func (v *View) protocol(endpoint int, port uint16) (model.PortProtocol, *model.Reason) {
	ids := v.ports[portKey{int32(endpoint), port}]
	if len(ids) == 0 {
		return model.PortDetect, nil
	}
	first := v.mesh.Protocols[ids[0]]
	for _, id := range ids[1:] {
		if v.mesh.Protocols[id] != first {
			a, b := &v.m.Services[ids[0].Service], &v.m.Services[id.Service]
			return model.PortDetect, &model.Reason{Kind: model.MissingFact, Confidence: model.Source,
				Text: "Services " + a.ID() + " and " + b.ID() + " say different protocols for the same port of the pods: the older one counts"}
		}
	}
	return first, nil
}
