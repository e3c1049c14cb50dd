package mesh

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/netfate/netfate/sim/model"
)

// modeTable holds the mutual TLS settings by level, the oldest first.
type modeTable struct {
	mesh       *model.PeerTLS
	namespaces map[string]*model.PeerTLS
	workloads  map[string][]*model.PeerTLS
	texts      [model.MTLSStrict + 1][3]string // what a mode for the workload, the namespace, the mesh is called
}

// newModeTable picks the oldest of each level (istio pilot/pkg/security/authn
// ComposePeerAuthentication); equally old ones go by name.
func newModeTable(m *model.Mesh) modeTable {
	t := modeTable{namespaces: map[string]*model.PeerTLS{}, workloads: map[string][]*model.PeerTLS{}}
	for mode := range t.texts {
		for level, whom := range []string{"workload", "namespace", "mesh"} {
			t.texts[mode][level] = said(model.MTLSMode(mode)) + " for the " + whom
		}
	}
	for i := range m.PeerTLS {
		p := &m.PeerTLS[i]
		switch {
		case p.Selector != nil:
			t.workloads[p.Namespace] = append(t.workloads[p.Namespace], p)
		case p.Namespace == "":
			t.mesh = older(t.mesh, p)
		default:
			t.namespaces[p.Namespace] = older(t.namespaces[p.Namespace], p)
		}
	}
	return t
}

// older returns the one that was created first.
func older(a, b *model.PeerTLS) *model.PeerTLS {
	switch {
	case a == nil:
		return b
	case cmp.Or(byAge(a.Created, b.Created), strings.Compare(a.Key, b.Key)) <= 0:
		return a
	}
	return b
}

// effective is the mode at a port: the workload's for the port, the workload's,
// the namespace's, the mesh's, and PERMISSIVE where nothing is said.
func (t *modeTable) effective(e *model.Endpoint, port uint16) (model.MTLSMode, string, model.Origin) {
	var w *model.PeerTLS
	for _, p := range t.workloads[e.Namespace] {
		if selects(p.Selector, e.Labels) {
			w = older(w, p)
		}
	}
	if w != nil {
		if mode := w.Ports[port]; mode != model.MTLSUnset {
			return mode, said(mode) + " for port " + strconv.Itoa(int(port)) + " of the workload", w.PortAt[port]
		}
		if w.Mode != model.MTLSUnset {
			return w.Mode, t.texts[w.Mode][0], w.Origin
		}
	}
	if p := t.namespaces[e.Namespace]; p != nil && p.Mode != model.MTLSUnset {
		return p.Mode, t.texts[p.Mode][1], p.Origin
	}
	if t.mesh != nil && t.mesh.Mode != model.MTLSUnset {
		return t.mesh.Mode, t.texts[t.mesh.Mode][2], t.mesh.Origin
	}
	return model.MTLSPermissive, "mutual TLS is PERMISSIVE where nothing is said", model.Origin{}
}

func said(m model.MTLSMode) string { return "mutual TLS is " + m.String() }
