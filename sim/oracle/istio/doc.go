// Package istio compares netfate with what istiod makes of the same objects, on
// random meshes.
//
//	generator ─► mesh (namespaces, pods, Services, Istio's objects)
//	                 │
//	    ┌────────────┴─────────────┐
//	manifest bytes             istiod's stores, without what its webhook refuses
//	    │                          │
//	collect ─► sim.New         core.BuildListeners ─► the listener of a sidecar
//	    │                          │
//	sim.Verdict      ◄─ flow ─►  filter chains, jwt_authn, RBAC, ext_authz (envoy*.go)
//	    └──────► difference ◄──────┘
//	                 │
//	         explained by a class (classes.go), or minimised and reported
//
// istiod's half is Istio's own code: validation, the choice of policies, mutual
// TLS and its filter chains, tokens, authorization. What Envoy does with that
// configuration is a small evaluator here, written from Envoy's API: it fails on
// any filter, matcher or field that it does not know, so that nothing is passed
// over in silence.
//
// The client's side is short: a sidecar speaks mutual TLS to a Service unless
// istiod says that the port's mode is DISABLE, and plaintext to an address.
//
// The module is of its own, so that users of netfate do not get its dependencies.
package istio
