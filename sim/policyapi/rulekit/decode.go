package rulekit

import "github.com/netfate/netfate/sim/manifest"

// decode reads a node into a Go value. It is lenient, so that an unknown field
// comes back as a warning and can be told from a value of a wrong type.
func (r *Reader) decode(n *manifest.Node, into any) []manifest.Error {
	return r.Context.Decoder.Decode(r.Object.File, n, into, manifest.DecodeOptions{Lenient: true})
}
