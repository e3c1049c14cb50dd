package routing

import (
	"github.com/netfate/netfate/sim/model"
)

// headless goes to the pods behind a headless Service: its name resolves to
// their addresses, and the port is not translated.
func (x *expansion) headless(i int) {
	s := &x.m.Services[i]
	if !s.HasSelector && len(s.Backends) == 0 {
		x.noSlices(s)
		return
	}
	found := x.selected(i, func(*model.Endpoint) (uint16, bool) { return x.f.Port, true })
	for j := range s.Backends {
		if b := &s.Backends[j]; x.usable(s, b) {
			found = append(found, x.atAddress(b, x.f.Port))
		}
	}
	if len(found) == 0 {
		x.deny(model.NoSuchHost, "headless Service "+s.ID()+" has no ready backend, so its name has no address"+x.inFamily(), s.Object, "spec.selector")
		return
	}
	t := target{service: i, note: "headless Service " + s.ID() + " resolves to the addresses of its pods"}
	for _, b := range found {
		x.add(b.party, b.port, t)
	}
	x.warnUntranslated(s)
}

// warnUntranslated notes a port that the Service would translate if it were not
// headless.
func (x *expansion) warnUntranslated(s *model.Service) {
	j := findPort(s, x.f.Protocol, x.f.Port)
	if j < 0 {
		return
	}
	if p := &s.Ports[j]; p.TargetName != "" || p.TargetPort != p.Port {
		x.note("Service " + s.ID() + " is headless: port " + x.f.PortText() + " is not translated to its targetPort")
	}
}
