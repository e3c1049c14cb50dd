// Package engine answers questions about a model fast and exactly.
//
// Endpoints that no rule can tell apart form one class. What a class accepts
// (ingress) or may reach (egress) is a row: the class indices and the external
// addresses split into runs, each with the connections that are allowed and
// those that may be. Classes selected by the same policies share a row. A pair
// of endpoints is the intersection of two runs, so a verdict is two binary
// searches, and a matrix is a merge of rows that never builds an N × N table.
//
// What the engine computes is written down in docs/evaluation.md; sim/oracle
// computes the same slowly and is the golden reference of this package.
//
// An Engine is immutable once compiled; With returns another one that shares
// what did not change.
//
// The way from a model to rows, by file:
//
//	scan, classes, order   endpoints to classes, in an order that keeps sets short
//	labels, selectors,     selectors and blocks to sets of classes
//	nodes, blocks
//	policies               policies to variants: peers with one set of connections
//	layout, program        the policies of one subject to entries in the order they act
//	sweep, valuer, eval,   entries to runs of classes and of addresses with one value
//	extsweep
//
// and from rows to answers: question (one connection), pairs and blocksof (sets
// of them), diff and whatif (changes). walk, match, local and record go through
// the rules once more for the evidence, trace and blockers hand it out.
package engine
