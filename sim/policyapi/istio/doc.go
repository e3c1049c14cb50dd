// Package istio assembles Istio's APIs for workloads with sidecars into the
// model's mesh: who may do what (AuthorizationPolicy), mutual TLS
// (PeerAuthentication, DestinationRule), tokens (RequestAuthentication), what
// proxies know and how they route (Sidecar, ServiceEntry, VirtualService), the
// mesh's settings, and which pods have a sidecar.
//
//	objects ─► message.go (positions, unknown fields) ─► one file per kind ─► model.Mesh
//
// The rules are those of istiod 1.31 (pilot/pkg/security/authz, pilot/pkg/model,
// pilot/pkg/networking/core); what its webhook refuses has no effect. Types are
// those of istio.io/api.
package istio
