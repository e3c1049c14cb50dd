// Package apply makes objects be there in a cluster, and not be there again.
//
// Everything is applied on the server side with the field manager [Manager] and
// labelled [OwnerLabel], so that what is ours can be told from what is not: [Client.Prune]
// removes nothing without that label. [Client.Wait] waits for workloads and says
// what holds them up.
package apply
