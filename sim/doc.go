// Package sim predicts what becomes of traffic in a Kubernetes cluster.
//
//	files, charts, git refs ─┐
//	live clusters ───────────┴─► collect ─► Snapshot ─► policyapi/* ─► Model ─► engine ─► verdict + trace
//	                                                       ▲                       │      matrix
//	                                                    profile                    │      delta (what-if)
//	                                              (one implementation's            ▼
//	                                                behaviour, as data)        reports ◄── scenarios (Gherkin)
//
// [New] translates a snapshot under a profile and compiles it; the [Simulator]
// answers: [Simulator.Verdict] for one flow with its trace, [Simulator.Matrix]
// for all connections, [Simulator.Apply] and [Plan] for what a change opens and
// closes, [Compare] for where implementations differ.
//
// Packages below import in one direction only: algebra ← model ← {collect,
// inventory, policyapi/*, profile, routing, engine, oracle} ← sim.
package sim
