package routing

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/netfate/netfate/sim/algebra"
	"github.com/netfate/netfate/sim/inventory"
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// load returns the model of a text of YAML documents.
func load(t testing.TB, text string) *model.Model {
	t.Helper()
	docs, errs := manifest.Parse("test.yaml", []byte(text), manifest.Limits{})
	if len(errs) > 0 {
		t.Fatalf("parse: %v", errs)
	}
	snap := &model.Snapshot{}
	for _, d := range docs {
		meta := d.Root.Get("metadata")
		snap.Objects = append(snap.Objects, &model.Object{
			Ref: model.Ref{
				APIVersion: d.Root.Get("apiVersion").Str(), Kind: d.Root.Get("kind").Str(),
				Namespace: meta.Get("namespace").Str(), Name: meta.Get("name").Str(),
			},
			File: d.File, Line: d.Root.Line, Col: d.Root.Col, Root: d.Root,
		})
	}
	r := inventory.Build(snap, inventory.Options{Decoder: manifest.NewDecoder()})
	for _, p := range r.Problems {
		t.Errorf("fixture: %v", p)
	}
	return &model.Model{Endpoints: r.Endpoints, Services: r.Services, Namespaces: r.Namespaces, V4: r.V4, V6: r.V6}
}

// party finds "name", "svc:name", "host:name" or an address.
func party(t testing.TB, m *model.Model, text string) model.Party {
	t.Helper()
	if name, ok := strings.CutPrefix(text, "svc:"); ok {
		for i := range m.Services {
			if m.Services[i].Name == name {
				return model.Party{Kind: model.PartyService, Index: i}
			}
		}
		t.Fatalf("no Service %s", name)
	}
	if host, ok := strings.CutPrefix(text, "host:"); ok {
		return model.Party{Kind: model.PartyHost, Host: host}
	}
	for i := range m.Endpoints {
		if m.Endpoints[i].Name == text {
			return model.Party{Kind: model.PartyEndpoint, Index: i}
		}
	}
	return model.Party{Kind: model.PartyAddress, Addr: netip.MustParseAddr(text)}
}

func show(m *model.Model, p model.Party) string {
	switch p.Kind {
	case model.PartyEndpoint:
		return m.Endpoints[p.Index].Name
	case model.PartyService:
		return "svc:" + m.Services[p.Index].Name
	case model.PartyAddress:
		return p.Addr.String()
	}
	return "host:" + p.Host
}

// text shows a route: its targets, then what else there is to say.
func text(m *model.Model, r *Route) string {
	var out []string
	for i := range r.Targets {
		t := &r.Targets[i]
		s := fmt.Sprintf("%s:%d", show(m, t.To), t.Port)
		if t.SNAT != algebra.No {
			s += " snat=" + t.SNAT.String()
			for _, n := range t.Nodes {
				s += "," + m.Endpoints[n].Name
			}
		}
		if t.Via != nil {
			s += fmt.Sprintf(" via=%s:%d", show(m, t.Via.To), t.Via.Port)
		}
		if t.Hairpin {
			s += " hairpin"
		}
		if t.Sibling {
			s += " sibling"
		}
		out = append(out, s)
	}
	for _, s := range r.Steps {
		out = append(out, "denied ("+string(r.Symptom)+"): "+s.Why)
	}
	for i := range r.Reasons {
		out = append(out, "? "+r.Reasons[i].String())
	}
	return strings.Join(out, "; ")
}
