// Package profile holds what is known of each implementation of the policy
// APIs, as data with evidence.
//
// One file describes one implementation; [All] lists them, [Get] finds one by
// name and [Parse] also takes a version and the flags that flip verdicts, as in
// "cilium@1.20{policyCIDRMatchMode=pods}". Every choice carries the row of the
// divergence table it answers, how well it is known, and one sentence that says
// it; the sentence is what a person reads when a verdict hangs on it.
//
// The profile "kubernetes" is the text of the APIs. Where the text leaves
// something to the implementation, its value is the undefined one.
//
// [Divergence] is the table of all rows and profiles, from the same data.
package profile
