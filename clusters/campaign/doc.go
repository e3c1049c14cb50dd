// Package campaign looks for disagreements between netfate and clusters.
//
// [Run] is a random campaign against one cluster: a stage of pods and Services is
// made once, then round after round a set of NetworkPolicies and
// ClusterNetworkPolicies is generated, predicted, applied and probed. A flow that
// contradicts its prediction is probed again until the contradiction is certain,
// and then made small. A seed gives the same rounds again.
//
// What holds a cluster is behind [Bench]; in the tests another profile is the
// cluster.
package campaign
