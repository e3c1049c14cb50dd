// Package mirror makes from a snapshot the objects of an empty cluster that behaves like it: every endpoint
// is a pod of the probe agent.
//
// A mirrored pod has its endpoint's namespace, name, labels, service account, node, host network and
// readiness, declares the same ports under the same names, and serves exactly these and one canary port that
// nothing declares. Namespaces have their labels, Services their selectors and ports; policies are as they are.
// [Build] returns what it made, in the order to apply it, with the way back from names of the snapshot
// to pods of the cluster. What cannot be mirrored is a problem that says what is lost.
//
// Own marks are annotations, since labels decide policies.
package mirror
