package mesh

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/model"
)

// proxyless is what stands before a port of a workload that has no proxy and is of
// the mesh: its own server, which takes nothing but requests and one of mutual TLS
// and plaintext. It serves no port that no Service names.
func (v *View) proxyless(in Inbound, endpoint int, port uint16) Inbound {
	e, rules := &v.m.Endpoints[endpoint], &v.mesh.Proxyless
	in.Proxyless, in.Unannounced = true, !e.Proxy.Announced
	in.Unserved = len(v.ports[portKey{int32(endpoint), port}]) == 0
	in.Protocol, in.PeerOnly = model.PortHTTP, !rules.Forwarded
	in.Mode, in.ModeWhy, in.ModeOrigin = v.modes.effective(e, port)
	if in.Mode == model.MTLSPermissive {
		in.Mode = rules.Permissive
		why := "a workload without proxy serves plaintext alone where it does not announce mutual TLS"
		if e.Proxy.Announced {
			in.Mode, why = rules.PermissiveAnnounced, "a workload that announces mutual TLS and has no proxy serves nothing else"
		}
		in.ModeWhy += ", and " + why
	}
	for i := range rules.Refused {
		if rules.Refused[i].Subject.Matches(e, nil) {
			in.Refused = &rules.Refused[i].Reason
		}
	}
	if rules.Tokens {
		in.tokens = v.tokensOf(e)
	}
	if rules.Normalized {
		in.normalize = v
	}
	return in
}

// proxylessTLS is how a client without a proxy connects.
func (v *View) proxylessTLS(e *model.Endpoint, host string, port uint16, subset string) (model.ClientTLS, model.Origin) {
	otherwise := model.TLSNone
	if v.mesh.Proxyless.AutoTLS {
		otherwise = model.TLSAuto
	}
	tls, at := v.destinationTLS(e, host, port, subset, otherwise)
	if tls == model.TLSOwn && !v.mesh.Proxyless.OwnTLS {
		return model.TLSNone, at
	}
	return tls, at
}

// Proxyless tells whether an endpoint is of the mesh without a proxy; Maybe is not
// told apart from Yes.
func (v *View) Proxyless(endpoint int) bool {
	p, has := v.sidecar(endpoint)
	return has != algebra.No && p.Proxyless
}
