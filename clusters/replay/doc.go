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
// A finding that no profile carries yet says so, with "disagrees:" and what it is; the
// test that replays it fails on the day when nothing of it disagrees any more.
//
// Flows that the profile leaves undetermined, and has reason to, are named by
// "resolves:" with that reason.
//
// A case that a profile cannot predict yet says so, with "observed-only:" and
// why; the test that replays it fails on the day when every object of it is read.
//
// A case whose flows depend on more than the snapshot holds says so with
// "left-open:" and why: every prediction must then be undetermined.
package replay
