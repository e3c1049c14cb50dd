package sim

import (
	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/mesh"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/routing"
)

// wire is what a connection carries besides its addresses, as the proxy at its
// destination sees it. A nil wire is a connection that no mesh looks at.
type wire struct {
	request   *model.Request
	opaque    bool // the request is inside the client's own TLS: proxies see a plain connection
	proxied   bool // the client's proxy opens the connection
	stream    bool // the client's proxy takes what it sends for a plain stream
	tls       model.ClientTLS
	principal string       // the client's identity, shown where mutual TLS is spoken
	peer      model.Party  // who opens it
	subset    model.Labels // only backends with these labels
	server    serverName   // what the client's proxy asks for in the mesh's mutual TLS
}

// serverName is a server name of the mesh's mutual TLS, in its parts.
type serverName struct {
	host   string
	port   uint16
	subset string
}

func (n *serverName) String() string { return mesh.ServerName(n.host, n.port, n.subset) }

// connect answers one connection at layers 3 and 4 and, where its destination
// has a proxy, what that proxy does with it.
func (s *Simulator) connect(f model.Flow, w *wire) model.Verdict {
	var parts []model.Verdict
	var fams []algebra.Family
	for _, fam := range s.families(&f) {
		v, inFamily := s.verdictIn(f, fam, w)
		if inFamily {
			parts = append(parts, v)
			fams = append(fams, fam)
		}
	}
	if len(parts) == 0 {
		return s.noCommonFamily(&f)
	}
	return mergeFamilies(parts, fams)
}

// inSubset drops the targets without the labels that a route asks for.
func (s *Simulator) inSubset(r *routing.Route, w *wire) {
	if w == nil || len(w.subset) == 0 || len(r.Targets) == 0 {
		return
	}
	kept := r.Targets[:0:0]
	for i := range r.Targets {
		t := &r.Targets[i]
		if t.To.Kind == model.PartyEndpoint && hasLabels(s.m.Endpoints[t.To.Index].Labels, w.subset) {
			kept = append(kept, *t)
		}
	}
	if r.Targets = kept; len(kept) == 0 {
		r.Symptom = model.Status(503)
		r.Steps = append(r.Steps, model.Step{Kind: model.StepRoute, Action: model.Deny, Match: algebra.Yes, Decides: true,
			Peer: algebra.Yes, Traffic: algebra.Yes, Why: "no backend has the labels " + w.subset.String() + " of the subset"})
	}
}

func hasLabels(have, want model.Labels) bool {
	for _, l := range want {
		if v, ok := have.Get(l.Key); !ok || v != l.Value {
			return false
		}
	}
	return true
}
