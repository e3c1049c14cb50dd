// Package clusterkit translates the cluster policies of network-policy-api:
// AdminNetworkPolicy and BaselineAdminNetworkPolicy v1alpha1, and
// ClusterNetworkPolicy v1alpha2. They differ in spelling and limits and mean the
// same, so their packages turn the Go types into a [Policy] and this package
// does the rest.
//
//	Go type ─► Policy, Rule, Peer (spec.go) ─► check.go   what the definition refuses
//	                                        └► build.go   subject, directions
//	                                             peers.go    peers, and the rules for peers that the
//	                                                         implementation does not know (N19 to N22, N40)
//
// A cluster policy isolates nobody: where none of its rules matches it does
// nothing.
package clusterkit
