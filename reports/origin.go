package reports

import "github.com/netfate/netfate/sim/model"

// originJSON is where something was written, in the JSON of every command.
type originJSON struct {
	Object     string `json:"object,omitempty"`
	APIVersion string `json:"apiVersion,omitempty"`
	File       string `json:"file,omitempty"`
	Line       uint32 `json:"line,omitempty"`
	Column     uint32 `json:"column,omitempty"`
	Field      string `json:"field,omitempty"`
}

// originOf returns nil for an origin that says nothing.
func originOf(o model.Origin) *originJSON {
	if o.Object == nil && o.Field == "" {
		return nil
	}
	out := &originJSON{File: o.File(), Line: o.Line, Column: o.Col, Field: o.Field}
	if o.Object != nil {
		out.Object, out.APIVersion = o.Object.String(), o.Object.APIVersion
	}
	return out
}
