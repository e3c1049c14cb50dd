// Package lang holds exact sets of strings: the regular languages, and functions from strings to
// numbers with regular preimages.
//
// A [Lang] is a set of byte strings. It is kept as its minimal deterministic automaton, numbered in
// one fixed way, so equal sets have equal representations, whatever they were built from, and
// [Lang.Equal] compares a hash first. A [Map] is the same automaton with a number in each state
// instead of yes or no: it splits all strings into finitely many regular classes at once. Both are
// values that nothing changes after they were built, so they may be shared by goroutines.
//
//	patterns ──► nfa ──► determinize ──► minimize ──► canonical ──► Lang
//	Lang, Lang ──► product ──────────────┘
//
// # Strings
//
// Strings are bytes. What is written over characters, which regular expressions are, means their
// UTF-8 encodings: "." matches one whole encoded character and no byte of an invalid encoding, as
// RE2 does it. Go's package regexp reads an invalid byte as the character U+FFFD; the two differ on
// invalid UTF-8 and nowhere else.
//
// # Limits
//
// Some languages have no small automaton. A regular expression that would pass [MaxRegexpStates] states
// or [MaxRegexpWork] steps is an error of [Regexp]. An operation whose automaton would pass [MaxStates]
// states does not run on: its result carries a [LimitError] in [Lang.Err], as does each result computed
// from such a one. A Lang with an error answers false to every question, and has no witness: look at Err before
// a false is taken for an answer. Limits count steps and not seconds, so the same input always has
// the same answer.
//
// # Speed
//
// Operations are linear in the reachable pairs of states, times the logarithm of their number for
// minimisation. Transitions are kept as ranges of bytes, so a state of a literal has three of them
// and not 256. [UnionAll] halves, so that a thousand literals cost ten passes over their letters.
package lang
