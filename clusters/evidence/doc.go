// Package evidence shows cases to a cluster and records what it does.
//
//	case (manifests, flows) ─► pods ─► control probes ─► policies, with the pods' own ─► probes until they ─► control ─► recorded case
//	                                                     addresses in their blocks       are steady            again      (clusters/replay)
//
// A case is a golden case of the simulator (sim/testdata/divergence: what its
// "questions" ask for is probed, what they answer is not looked at), one of this
// package's own, whose file "flows" lists a flow a line, or one that was recorded
// before, on this or another network. What cannot be probed (ends
// outside the cluster, protocols without ports) is left out and said.
package evidence
