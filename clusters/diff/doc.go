// Package diff compares what was predicted with what was observed, flow by flow.
//
// [Compare] asks a simulator for every flow of a record of observations and puts
// the two answers beside each other with the rule that decides the prediction.
// What the simulator leaves undetermined and the cluster answers is resolved, not
// wrong; what the cluster did not answer is inconclusive and never denied.
// [Adapt] gives a snapshot the addresses that its pods had while they were
// observed, which are others where a mirror stood for them. [Across] lines up the
// observations of several clusters.
//
// It needs no cluster and knows no client.
package diff
