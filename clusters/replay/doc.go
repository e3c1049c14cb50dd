// Package replay keeps what real clusters were seen to do and asks the simulator
// for the same, in ordinary tests and without a cluster.
//
// A [Case] is one txtar file: the manifests as the cluster had them, with the
// addresses and nodes of its pods, and a file "observed" of keys, an empty line
// and one flow a line:
//
//	network: cilium 1.20.2
//	profile: cilium
//	kubernetes: v1.34.4
//	date: 2026-11-23
//
//	t/c -> t/s TCP 8080 = denied
//
// A flow that the profile predicts otherwise says so, "= denied, predicted allowed" for a
// finding that no profile carries yet, "= denied, predicted undetermined" where it leaves
// the flow undetermined and has reason to; "why:" says which. The test that replays the case
// wants exactly these predictions, so that it fails on the day when they change.
//
// A case that a profile cannot predict yet says so, with "observed-only:" and
// why; the test that replays it fails on the day when every object of it is read.
package replay
