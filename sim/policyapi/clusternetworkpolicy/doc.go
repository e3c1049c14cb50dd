// Package clusternetworkpolicy translates ClusterNetworkPolicy v1alpha2
// (policy.networking.k8s.io), one object for the Admin and the Baseline tier.
//
//	object ─► rulekit.Reader.Decode ─► spec.go ─► clusterkit.Translate
//
// Actions are Accept, Deny and Pass in both tiers; ports are given by protocol,
// or by name for any protocol. What all cluster policies share is in clusterkit.
package clusternetworkpolicy
