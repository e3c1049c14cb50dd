package mesh

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

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
	// Proxyless: the workload does this itself. Unannounced: it takes mutual TLS of
	// clients that are told so, and of no others.
	Proxyless, Unannounced bool
	Refused                *model.Reason // it refuses its configuration: what it does is open
	Unserved               bool          // no Service names the port, and it is not served
	PeerOnly               bool          // forwarding headers do not tell the client's address
	normalize              *View         // normalizes paths; nil: policies see them as they are
	tokens                 []model.TokenRule
}

// Inbound returns what stands before a port of an endpoint.
func (v *View) Inbound(endpoint int, port uint16) Inbound {
	p, has := v.sidecar(endpoint)
	in := Inbound{Sidecar: has}
	if has == algebra.No || p.Gateway { // a gateway's listeners are not before its pod
		in.Sidecar = algebra.No
		return in
	}
	in.Reason = p.Reason
	if p.Proxyless {
		return v.proxyless(in, endpoint, port)
	}
	if inRanges(p.ExcludeIn, port) {
		in.Bypass, in.BypassWhy = true, "port "+strconv.Itoa(int(port))+" of "+v.m.Endpoints[endpoint].ID()+" goes past its sidecar"
		return in
	}
	e := &v.m.Endpoints[endpoint]
	in.Mode, in.ModeWhy, in.ModeOrigin = v.modes.effective(e, port)
	in.Protocol, in.ProtocolReason = v.protocol(endpoint, port)
	in.tokens = v.tokensOf(e)
	in.normalize = v
	return in
}

// Path is a request's path as policies see it.
func (in *Inbound) Path(path string) string {
	if in.normalize == nil {
		return path
	}
	return in.normalize.NormalizePath(path)
}

// AtGateway returns what the proxy of a gateway's pod does with what its listeners
// take: neither mutual TLS nor protocols of Services stand there.
func (v *View) AtGateway(endpoint int) Inbound {
	return Inbound{Sidecar: algebra.Yes, tokens: v.tokensOf(&v.m.Endpoints[endpoint]), normalize: v}
}

// protocol is what a port is said to speak: by the scope of the workload where it
// lists ports, else by the Services before the port, of which the oldest counts; a
// port that nothing names is looked at by the proxy (istio
// pilot/pkg/networking/core getFilterChainsByServicePort).
func (v *View) protocol(endpoint int, port uint16) (model.PortProtocol, *model.Reason) {
	if s := v.scopeOf(&v.m.Endpoints[endpoint]); s != nil && len(s.Serves) > 0 {
		for _, p := range s.Serves {
			if p.Port == port {
				return p.Protocol, nil
			}
		}
		return model.PortDetect, nil
	}
	ids := v.ports[portKey{int32(endpoint), port}]
	if len(ids) == 0 {
		return model.PortDetect, nil
	}
	first := v.mesh.Protocols[ids[0]]
	i := slices.IndexFunc(ids, func(id model.ServicePortID) bool { return v.mesh.Protocols[id] != first })
	if i < 0 {
		return first, nil
	}
	if slices.ContainsFunc(ids, func(id model.ServicePortID) bool { return v.mesh.Created[id.Service] == "" }) {
		return model.PortDetect, v.twoProtocols(ids[0].Service, ids[i].Service)
	}
	return v.mesh.Protocols[slices.MinFunc(ids, v.olderService)], nil
}

// olderService compares the Services of two ports by age, then by name.
func (v *View) olderService(a, b model.ServicePortID) int {
	return cmp.Or(strings.Compare(v.mesh.Created[a.Service], v.mesh.Created[b.Service]),
		strings.Compare(v.hosts[a.Service], v.hosts[b.Service]))
}

func (v *View) twoProtocols(x, y int) *model.Reason {
	a, b := &v.m.Services[x], &v.m.Services[y]
	out := &model.Reason{Kind: model.MissingFact, Confidence: model.Source,
		Text: "Services " + a.ID() + " and " + b.ID() + " say different protocols for the same port of the pods: the older one counts, and which one that is is not known"}
	if len(a.Ports) > 0 {
		out.Origin = a.Ports[0].Origin
	}
	return out
}
