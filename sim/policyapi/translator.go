// Package policyapi turns policy objects into the model's policies. Each API is
// one package below this one; All lists them.
package policyapi

import (
	"github.com/netfate/netfate/sim/manifest"
	"github.com/netfate/netfate/sim/model"
)

// Kind is a kind of object that a translator reads.
type Kind struct {
	Group, Version, Kind string
	Resource             string // plural, as in REST paths
	Namespaced           bool
	// Only is the one name of objects that are read; "" is every object.
	Only string
}

// APIVersion returns "group/version", or the version alone for the core group.
func (k Kind) APIVersion() string {
	if k.Group == "" {
		return k.Version
	}
	return k.Group + "/" + k.Version
}

// Info describes a translator.
type Info struct {
	Name   string // as in Profile.APIs: "networkpolicy", "adminnetworkpolicy", ...
	Title  string // "NetworkPolicy v1"
	Kinds  []Kind
	Source string // where the API is defined
}

// Context is what a translator may look at besides the objects.
type Context struct {
	Profile *model.Profile
	Decoder *manifest.Decoder
	Lenient bool // unknown fields are warnings
}

// Output is what a translator makes of objects.
type Output struct {
	Policies []model.Placed
	Problems []model.Problem
	Gaps     []model.Gap
}

// Translator turns the objects of one API into policies. It must treat each
// object on its own: the output for several objects is the concatenation of the
// outputs for each. Implementations hold no state.
type Translator interface {
	// Info describes the API.
	Info() Info
	// Fields lists every field of the API's types with its support; a test
	// compares the list with the Go types.
	Fields() []model.FieldSupport
	// Translate returns the policies of one object. An object that the API
	// server would refuse yields a Problem with Rejected set and no policy; one
	// with unknown fields yields Problems and policies marked Uncertain.
	Translate(ctx *Context, o *model.Object) Output
	// Broken returns policies that bound what a document of this API which
	// could not be read may do.
	Broken(ctx *Context, b *model.Broken) []model.Placed
}
