// Package clusters reads live clusters with client-go.
//
//	kubeconfig ─► connection ─► discovery (one call) ─► plan ─► lists, page by page ─► Snapshot
//	(context,     (one HTTP      which of the kinds              item by item,           objects in the order
//	 in-cluster)   client)       the cluster serves              stripped at once        of the kinds; facts
//
// [Collect] lists the kinds that netfate reads and nothing else: Secrets and ConfigMaps are never asked
// for. An answer is decoded while it arrives and each object is stripped before the next one is read, so
// that a page is never in memory as a whole.
//
// What makes the whole reading impossible is the error of Collect: no kubeconfig, an unknown context, a
// cluster that cannot be reached, refused credentials, a cancelled context. What concerns one kind is a
// [model.Problem] that says what is lost and which rule of a ClusterRole would mend it; a policy kind
// that could not be read is also [model.Broken], so that the verdicts it might change are undetermined.
//
// [DetectNetwork] says which implementation enforces the policies, from the DaemonSets of a snapshot.
package clusters
