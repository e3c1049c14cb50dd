// Package networkpolicy translates NetworkPolicy v1 (networking.k8s.io/v1).
//
//	object ─► rulekit.Reader.Decode ─► spec ─► check (validate.go)   what the API server refuses
//	                                        └► translate             one policy per direction
//	                                             rules.go              peers and their traffic
//	                                             directions.go         policyTypes and what implementations
//	                                                                   make of rules it does not list
//
// The package follows the documentation of the API's fields. Where
// implementations differ it asks the profile and says which row of the
// divergence table the answer is.
package networkpolicy
