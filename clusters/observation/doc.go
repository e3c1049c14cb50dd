// Package observation is what live probes saw, as data that outlives the cluster.
//
// A file is JSON lines: the first line is the [Header] (the format's version, the cluster's facts, the
// digest of the snapshot), each further line one [Record]. [Write] and [Read] are its two ends; Read
// refuses what it does not know and names the line. The package knows no client of a cluster: reports,
// comparison and replay work from files alone.
package observation
