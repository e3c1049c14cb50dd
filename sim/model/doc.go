// Package model is the one language of netfate: every policy API is translated
// into it and every answer is computed from it.
//
// A [Model] holds who can talk (namespaces, endpoints, services) and the
// enforcement points that traffic passes. An enforcement point holds tiers in
// order, a tier holds policies, a policy has a subject, a direction, rules and
// what becomes of its subject's traffic that no rule matches. A rule matches
// peers and traffic and has an action.
//
// The package knows no Kubernetes type: translators (sim/policyapi/...) read
// those and produce the types here; the engine and the oracle evaluate them.
// What one implementation does differently from another is data in a [Profile].
package model
