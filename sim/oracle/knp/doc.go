// Package knp compares netfate with the engine of kube-network-policies, the
// reference implementation of the network policy APIs, on random clusters.
//
//	generator ─► cluster (k8s.io/api objects, as the API server stores them)
//	                 │
//	    ┌────────────┴─────────────┐
//	spelling ─► manifest bytes   informer stores
//	    │                          │
//	collect ─► sim.New           networkpolicy.NewPolicyEngine
//	    │                          │
//	sim.Verdict      ◄─ flow ─►  EvaluatePacket
//	    └──────► difference ◄──────┘
//	                 │
//	         explained by a class (classes.go), or minimised and reported
//
// Both sides get the same objects. netfate gets them as people write them, with
// what the API server would fill in left out; the engine gets them as the API
// server hands them out. Two profiles are compared: kube-network-policies, which
// must agree, and the neutral one, kubernetes, which must agree wherever it is
// determined, except where the engine departs from the text of the APIs.
//
// A class explains a difference by a counterfactual: the engine is asked again
// with that one departure undone, and must then agree. So no class can hide a
// difference that has another cause.
//
// The module is of its own, so that users of netfate do not get its dependencies.
package knp
