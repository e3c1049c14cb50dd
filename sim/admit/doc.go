// Package admit computes what the proxies of a mesh let in as exact sets: which
// requests, and whether plain connections, one client gets through to each port of
// one endpoint. It is to one request's verdict what the matrix is to one connection's.
//
//	Cond, tiers of policies ──► Bounds (sets of requests), the client's attributes put in
//	client, endpoint, port  ──► the ways to get there ──► what is let in by any of them
//
// # What is said
//
// A [Passage] speaks of what arrives at the endpoint's proxy from the client, or from
// its proxy, whatever address it was sent to: that of any Service before the port, and
// that of the pod. Mutual TLS, the validation of tokens and the tiers of policies are
// applied. Routes of the client's proxy (VirtualService, HTTPRoute for Services) are
// not: they rewrite and distribute requests and give the destination's proxy no rule.
// So a set's requests are as they arrive, with their path normalised as the proxy
// does it before its policies look at it; a path that no normalisation makes is in
// no set, or in the set of all. Requests within TLS of the client's own are
// plain connections to every proxy.
//
// What is not known is bounded from both sides: [Bounds.Sure] holds what gets through
// for certain, [Bounds.May] what may. A request is in Sure exactly where the
// chain's Decide says allowed, and outside of May where it says denied; header
// x-forwarded-for is the exception (condition on the remote address), of which only
// single values are settled.
//
// # Classes
//
// Nothing is computed per pair. Endpoints whose proxies do the same at the same
// ports are one destination; clients whose proxies send alike are one group, and
// within a destination clients for which all conditions on principals and addresses
// agree have one signature. The answer for a destination, a group and a signature is
// made once and interned: equal answers of one Table have equal IDs.
//
// Files: space.go requests; bounds.go, cond.go, leaf.go, tiers.go from conditions to
// sets; dest.go, client.go classes; ways.go how a client gets to a port; pass.go what
// a proxy lets in; table.go answers.
package admit
