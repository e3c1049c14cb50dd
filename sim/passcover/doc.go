// Package passcover adds to a model what Cilium 1.20.2 makes of a Pass rule of the
// Baseline tier (row N51).
//
// Cilium keeps a Pass in a pod's policy map as an entry of its own, and as a deny that
// goes before everything else, until a rule of a later tier, the default one, is put in
// its place. That does not happen where an entry of an earlier tier covers it, that is
// for every peer or for this one, on its ports or more. Then the deny stays
// (pkg/policy/mapstate.go:1219-1393: bailPrecedence; types/entry.go:299:
// MaxDenyPrecedence; pkg/endpoint/bpf.go:1018 writes it). It is not so
//
//   - where both entries have one key, of this peer and these ports: they are merged
//   - where the pod's map has an entry of this peer on fewer ports, which is met first
//   - where an earlier rule of the Baseline tier took the Pass out
//
// [Add] compares each Pass with each rule of the earlier tiers. What it finds becomes rules
// of the tier before all others: a Deny where the deny certainly stays, a doubtful one
// where the model does not hold the keys exactly (ranges of ports beside single ones, peers
// of different kinds), and a doubtful Pass before it where a further rule may undo it.
package passcover
