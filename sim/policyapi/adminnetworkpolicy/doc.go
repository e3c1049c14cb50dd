// Package adminnetworkpolicy translates AdminNetworkPolicy and
// BaselineAdminNetworkPolicy v1alpha1 (policy.networking.k8s.io).
//
//	object ─► rulekit.Reader.Decode ─► admin.go, baseline.go ─► clusterkit.Translate
//
// An AdminNetworkPolicy stands in the tier before NetworkPolicy and has a
// priority; its actions are Allow, Deny and Pass. The one
// BaselineAdminNetworkPolicy, named default, stands in the tier after
// NetworkPolicy; its actions are Allow and Deny. What all cluster policies
// share is in clusterkit.
package adminnetworkpolicy
