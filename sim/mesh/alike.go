package mesh

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// ServicesBefore returns the ports of Services behind which a port of an endpoint stands.
func (v *View) ServicesBefore(endpoint int, port uint16) []model.ServicePortID {
	return v.ports[portKey{int32(endpoint), port}]
}

// Host returns a Service's full name.
func (v *View) Host(service int) string { return v.hosts[service] }

// Tokens returns the kinds of token that the proxy validates.
func (in *Inbound) Tokens() []model.TokenRule { return in.tokens }

// Cuts adds to a list the ports at which what proxies do with connections to an
// endpoint may change: between two neighbours in order it is the same for all.
func (v *View) Cuts(endpoint int, cuts []uint32) []uint32 {
	for _, p := range v.fronted[int32(endpoint)] {
		cuts = cut(cuts, p, p)
	}
	e := &v.m.Endpoints[endpoint]
	if e.Proxy == nil {
		return cuts
	}
	cuts = cutRanges(cuts, e.Proxy.ExcludeIn)
	for _, w := range v.modes.workloads[e.Namespace] {
		if selects(w.Selector, e.Labels) {
			for p := range w.Ports {
				cuts = cut(cuts, p, p)
			}
		}
	}
	if s := v.scopeOf(e); s != nil {
		for _, p := range s.Serves {
			cuts = cut(cuts, p.Port, p.Port)
		}
	}
	return cuts
}

// ClientCuts are the ports at which what clients' proxies do may change, whatever
// the destination.
func (v *View) ClientCuts() []uint32 {
	var cuts []uint32
	for i := range v.m.Endpoints {
		if p := v.m.Endpoints[i].Proxy; p != nil {
			cuts = cutRanges(cutRanges(cuts, p.ExcludeOut), p.IncludeOut)
		}
	}
	for i := range v.mesh.Known {
		for _, p := range v.mesh.Known[i].Ports {
			cuts = cut(cuts, p.Port, p.Port)
		}
	}
	for i := range v.mesh.Scopes {
		for _, h := range v.mesh.Scopes[i].Hosts {
			if h.Port != 0 {
				cuts = cut(cuts, h.Port, h.Port)
			}
		}
	}
	slices.Sort(cuts)
	return slices.Compact(cuts)
}

func cut(cuts []uint32, low, high uint16) []uint32 {
	return append(cuts, uint32(low), uint32(high)+1)
}

func cutRanges(cuts []uint32, list []model.PortRange) []uint32 {
	for _, r := range list {
		cuts = cut(cuts, r.Low, r.High)
	}
	return cuts
}

// ClientKey is equal for clients whose proxies send to every destination alike,
// but for the identity that they show.
func (v *View) ClientKey(endpoint int) string {
	p, has := v.sidecar(endpoint)
	if p == nil {
		return ""
	}
	e := &v.m.Endpoints[endpoint]
	var b strings.Builder
	fmt.Fprint(&b, has, p.Gateway, p.Proxyless, p.ExcludeOut, p.IncludeOut, p.ExcludeOutAddrs)
	if p.Reason != nil {
		b.WriteString(p.Reason.Text)
	}
	if len(v.mesh.Destinations)+len(v.mesh.Scopes)+len(v.mesh.Exports)+len(v.mesh.Known) > 0 {
		b.WriteString("\x00" + e.Namespace)
	}
	if s := v.scopeOf(e); s != nil {
		b.WriteString("\x00" + s.Key + "\x00" + s.Namespace)
	}
	if slices.ContainsFunc(v.mesh.Destinations, func(d model.Destination) bool { return d.Selector != nil }) {
		b.WriteString("\x00" + e.Labels.String())
	}
	return b.String()
}

// ByAddress tells whether it depends on a destination's address what a client's
// proxy does.
func (v *View) ByAddress() bool {
	return len(v.mesh.Known) > 0 || slices.ContainsFunc(v.m.Endpoints, func(e model.Endpoint) bool {
		return e.Proxy != nil && !e.Proxy.ExcludeOutAddrs.Empty()
	})
}
