// Package l7 evaluates what the model says of layer 7: conditions over requests,
// the tiers of proxies, and tables of routes. It knows no API's name.
//
//	Cond ──► Matcher  ──► yes, no or maybe, and why
//	Tier ──► Chain    ──► what a proxy lets in, with its trace and all blockers
//	RouteTable ──► Router ──► the rule that takes a request, or those that may
//
// Everything is compiled once and then safe for concurrent use; a decision does
// not allocate, a trace does.
//
// Files: pattern.go strings; language.go strings as sets; matcher.go conditions; why.go conditions in words;
// chain.go, chaintrace.go tiers; router.go, routerindex.go routes; rewrite.go what
// a route changes of a request.
package l7
