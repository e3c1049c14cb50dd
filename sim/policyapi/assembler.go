package policyapi

import "github.com/netfate/netfate/sim/model"

// Assembler turns the objects of APIs that mean something only together, such as
// a gateway with its routes and grants, into the model's routes, proxies and
// tiers of proxies. Implementations hold no state.
type Assembler interface {
	// Info describes the API.
	Info() Info
	// Fields lists every field of the API's types with its support; a test
	// compares the list with the Go types.
	Fields() []model.FieldSupport
	// Assemble reads all objects of the API's kinds. An object that the API
	// server would refuse yields a Problem with Rejected set and has no effect;
	// what cannot be read exactly yields a Gap and bounds what it may do.
	Assemble(ctx *Context, in *Assembly) Assembled
}

// Assembly is what an assembler reads. Nothing of it may be changed.
type Assembly struct {
	Objects []*model.Object // of the assembler's kinds, of the local cluster, in the order they were read
	Broken  []model.Broken  // documents that could not be read and may be of its kinds
	Mesh    string          // the mesh asked for: a profile's name, "none", or "" for what the objects show
	// GatewayPods are the user's words on which pods carry a gateway's traffic,
	// "namespace/gateway" to "namespace/label=value,...".
	GatewayPods map[string]string
	Model       *model.Model // namespaces, endpoints and Services; gateways and mesh as earlier assemblers left them
}

// Assembled is what an assembler adds to the model.
type Assembled struct {
	Mesh          *model.Mesh          // nil: the API defines none
	Proxies       map[int]*model.Proxy // by index into Model.Endpoints
	Gateways      []model.Gateway
	ServiceRoutes []model.ServiceRoutes
	Problems      []model.Problem
	Gaps          []model.Gap
}
