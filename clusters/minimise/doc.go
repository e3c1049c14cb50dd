// Package minimise makes a disagreement between netfate and a cluster small: it
// drops objects, rules, peers, labels and ports for as long as the prediction and
// the observation of one flow still contradict each other in the same way, and
// writes what is left as a feature that fails today and as a case for the
// recorded observations.
//
// It is delta debugging with two judges. Each candidate is predicted first, which
// costs nothing; only one that is still predicted as before is shown to the
// [Observer], which is a cluster or, in tests, another profile. The order of
// candidates is fixed by the input, a step only ever takes something away, and
// the number of probes is bounded by [Options].
package minimise
