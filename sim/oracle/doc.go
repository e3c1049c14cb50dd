// Package oracle answers one concrete question about a model at a time, slowly
// and plainly: it is the golden reference that sim/engine is compared with.
//
// It holds no index, no class and no set of endpoints, and it remembers nothing
// from one question to the next. Each answer walks the tiers from the first to
// the last, in the order that docs/evaluation.md writes down, and where the
// model leaves something open it follows every possibility. Prefer a longer way
// that is evidently right to a shorter one: nothing here has to be fast.
//
// Package random, below this one, generates models and questions to compare with.
package oracle
