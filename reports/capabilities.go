package reports

import (
	"encoding/json"
	"io"
	"slices"
	"strings"

	"github.com/netfate/netfate/sim/inventory"
	"github.com/netfate/netfate/sim/model"
	"github.com/netfate/netfate/sim/policyapi"
	"github.com/netfate/netfate/sim/policyapi/all"
	"github.com/netfate/netfate/sim/profile"
)

// Capabilities are what this build reads, and how exactly.
type Capabilities struct {
	APIs     []policyapi.Info
	Kinds    []KindFields
	Profiles []*model.Profile
}

// KindFields are the fields of one kind with their support.
type KindFields struct {
	policyapi.Kind
	API    string // title of the policy API, "" for the inventory
	Fields []model.FieldSupport
}

// GatherCapabilities asks the translators, the inventory and the profiles.
func GatherCapabilities() Capabilities {
	out := Capabilities{Profiles: profile.All()}
	for _, tr := range all.All() {
		info := tr.Info()
		out.APIs = append(out.APIs, info)
		out.Kinds = append(out.Kinds, kindFields(info, tr.Fields())...)
	}
	for _, a := range all.Assemblers() {
		out.Kinds = append(out.Kinds, kindFields(a.Info(), a.Fields())...)
	}
	for _, k := range inventory.Kinds() {
		out.Kinds = append(out.Kinds, KindFields{Kind: k.Kind, Fields: k.Fields})
	}
	return out
}

// kindFields groups the fields of an API by kind. Of several versions of a kind,
// which have the same fields, the first stands for all.
func kindFields(info policyapi.Info, fields []model.FieldSupport) []KindFields {
	var out []KindFields
	for _, k := range info.Kinds {
		if slices.ContainsFunc(out, func(x KindFields) bool { return x.Kind.Kind == k.Kind }) {
			continue
		}
		kind := KindFields{Kind: k, API: info.Title}
		for _, f := range fields {
			if f.Kind == k.Kind {
				kind.Fields = append(kind.Fields, f)
			}
		}
		out = append(out, kind)
	}
	return out
}

// Only returns the capabilities of one kind, named in any case, and whether
// there is such a kind.
func (c Capabilities) Only(kind string) (Capabilities, bool) {
	var kinds []KindFields
	for _, k := range c.Kinds {
		if strings.EqualFold(k.Kind.Kind, kind) || strings.EqualFold(k.Resource, kind) {
			kinds = append(kinds, k)
		}
	}
	c.Kinds = kinds
	return c, len(kinds) > 0
}

// count returns how many fields of a kind have a support.
func (k *KindFields) count(s model.Support) int {
	n := 0
	for _, f := range k.Fields {
		if f.Support == s {
			n++
		}
	}
	return n
}

// CapabilitiesTable writes the fields as a table for people.
func CapabilitiesTable(w io.Writer, c Capabilities, p Palette) error {
	t := table{head: []string{"KIND", "FIELD", "SUPPORT", "NOTE"}}
	t.paint = func(row []string, column int, text string) string {
		switch {
		case column == 3:
			return p.Dim(text)
		case column == 2 && row[2] == model.Approximated.String():
			return p.Yellow(text)
		}
		return text
	}
	for _, k := range c.Kinds {
		name := k.Kind.Kind
		for _, f := range k.Fields {
			t.add(name, f.Path, f.Support.String(), f.Note)
			name = ""
		}
	}
	return t.write(w, p)
}

type capabilityJSON struct {
	API        string `json:"api,omitempty"`
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Field      string `json:"field"`
	Support    string `json:"support"`
	Note       string `json:"note,omitempty"`
}

// CapabilitiesJSON writes the fields as one JSON object a line.
func CapabilitiesJSON(w io.Writer, c Capabilities) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, k := range c.Kinds {
		for _, f := range k.Fields {
			line := capabilityJSON{API: k.API, APIVersion: k.APIVersion(), Kind: k.Kind.Kind, Field: f.Path, Support: f.Support.String(), Note: f.Note}
			if err := enc.Encode(line); err != nil {
				return err
			}
		}
	}
	return nil
}
