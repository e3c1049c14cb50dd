// Package gatewayapi assembles the Gateway API: ways into the cluster
// (GatewayClass, Gateway, ListenerSet), what they route (HTTPRoute, GRPCRoute,
// TLSRoute, TCPRoute, UDPRoute), what may refer to what (ReferenceGrant), TLS to
// backends (BackendTLSPolicy), and routes for the clients of a mesh (routes whose
// parent is a Service).
//
//	objects ──read──► gateways, sets, routes ──attach──► listeners with their routes
//	                                                        │            │
//	                                      model.Gateway, ServiceRoutes   Status
//
// One computation, [compute], makes both the model and the status that an
// implementation would report: [Assembler.Assemble] and [Statuses] only read it.
//
// The rules are those of the Go types of sigs.k8s.io/gateway-api v1.6.3 and of its
// GEPs 1294 (mesh), 1713 (ListenerSet) and 1762 (names and labels of a gateway's
// pods); what they leave to implementations is data (sim/profile). Secrets and
// ConfigMaps are never read: one that a reference may use is taken to exist.
package gatewayapi
