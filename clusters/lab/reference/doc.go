// Command reference is a node agent that enforces NetworkPolicy and
// ClusterNetworkPolicy (v1alpha2) with the engine of kube-network-policies: every
// verdict is the engine's, of sigs.k8s.io/kube-network-policies imported as a
// library. What brings packets to it is ours, because the data plane of that
// project needs nft's queue expression, which not every kernel has; here it is the
// NFQUEUE target of xtables.
//
//	packet ─► nftables (rules.go) ─► queue (queue.go) ─► judge (judge.go) ─► engine
//	policies, pods, namespaces, nodes ─► informers (watch.go) ─┘
//	                         └─ a change ─► connections judged again (live.go)
//
// What it does, and does not do:
//   - IPv4 only. TCP, UDP and ICMP; SCTP where the kernel tracks it.
//   - The first packet of a connection is judged; replies and related packets pass.
//     A packet that crosses two nodes is judged on both, for both directions each
//     time, as kube-network-policies does.
//   - Addresses are those after a Service's translation and before masquerading.
//   - Processes of user 0 on a node reach the pods of that node whatever the
//     policies say; those of other users are judged as the node's address.
//   - After a change the connections that exist are judged again, and those no longer
//     allowed are cut: their conntrack entry goes, and a TCP segment that opens no
//     connection is dropped. Connections from the node itself are left alone.
//   - It fails closed. Without a judge the queue drops; an address of the pod network
//     whose pod is not known yet is dropped until it is. (kube-network-policies fails
//     open by default.) A stop by SIGTERM removes the rules, so that uninstalling
//     leaves an open network; a crash leaves them in place.
//   - No domainNames peers: they match nothing, as no DNS answer is seen.
package main
