// Package rulekit is what the translators of the Kubernetes policy APIs share:
// reading an object with positions, the API server's checks of selectors, ports
// and addresses, and the model's form of each.
//
//	object ──New──► Reader ──Decode──► Go value of the spec
//	                  │ Reject, Unknown          (Problems)
//	                  └ Root ─At.Key, At.Item──► Origins, beside the Go value
//
// A [Reader] is one object on its way through a translator. An [At] is a place
// in the object's tree; a translator steps it along while it walks the decoded
// value, so that no path is looked up twice. The check functions repeat the API
// server's validation and its words; nothing here decides a verdict.
//
// [Bound] makes the rules that stand for an object which cannot be read: they
// allow, deny and pass everything, each perhaps.
package rulekit
