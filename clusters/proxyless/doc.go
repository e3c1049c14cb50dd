// Package proxyless runs cases against istiod and gRPC workloads without proxies in a cluster, and keeps what was
// observed as the cases of clusters/replay.
//
//	cluster.yaml ──► Fixture ──► pods of the lab's workload, with the addresses they got
//	a case       ──► Lab.Observe: policies applied, settled, calls made ──► records ──► the case again
//
// A case's flows are what is called; its policies are what is applied; both are read from the file that holds
// what was observed the last time, so that a run repeats all of it. The control is every flow without policies,
// before the first and after the last case.
//
// The cluster is one of "netfate live up --lab --network netd --mesh istio-proxyless"; clusters/lab/istio/run makes
// one, runs the cases and takes it away.
package proxyless
