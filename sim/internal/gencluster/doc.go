// Package gencluster makes large clusters for benchmarks and tests of growth:
// the same cluster as a model, for the engine alone, and as manifests, for the
// whole way.
//
// The clusters are regular on purpose. Namespaces share labels of environment
// and team, workloads those of application, tier and version, and policies come
// in ten kinds in turn, as they do in real clusters: default denies, the own
// namespace, DNS, tiers, teams, address blocks, expressions, named ports, ranges
// of ports and single applications. A size and a seed give one cluster.
package gencluster
