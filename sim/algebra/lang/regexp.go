package lang

import (
	"fmt"
	"regexp/syntax"
	"unicode"
)

// What a regular expression may take.
const (
	MaxRegexpStates = 10_000     // of its automaton before minimisation
	MaxRegexpWork   = 20_000_000 // steps to make it, about a second
)

// Regexp returns the strings that a regular expression matches: as a whole when anchored, as Envoy's
// safe_regex does, and otherwise somewhere in them. The syntax is that of RE2 and of Go's package
// regexp, with all of its anchors, word boundaries and flags. An error names the expression: either it
// is no expression, or its automaton passes a limit (errors.As gives the [LimitError]).
func Regexp(pattern string, anchored bool) (Lang, error) {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return Lang{}, fmt.Errorf("regular expression %q: %w", pattern, err)
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return Lang{}, fmt.Errorf("regular expression %q: %w", pattern, err)
	}
	if len(prog.Inst) > MaxRegexpStates {
		limit := &LimitError{What: "instructions of a regular expression", Limit: MaxRegexpStates}
		return Lang{}, fmt.Errorf("regular expression %q: %w", pattern, limit)
	}
	m, err := fromProg(prog, anchored).determinize(bound{MaxRegexpStates, MaxRegexpWork})
	if err != nil {
		return Lang{}, fmt.Errorf("regular expression %q: %w", pattern, err)
	}
	return of(m), nil
}

// fromProg returns the automaton of a compiled expression. State i is instruction i.
func fromProg(prog *syntax.Prog, anchored bool) *nfa {
	n := &nfa{states: make([]nstate, len(prog.Inst)), start: int32(prog.Start)}
	for i := range prog.Inst {
		inst, at, out := &prog.Inst[i], int32(i), int32(prog.Inst[i].Out)
		switch inst.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			n.link(at, out, 0)
			n.link(at, int32(inst.Arg), 0)
		case syntax.InstCapture, syntax.InstNop:
			n.link(at, out, 0)
		case syntax.InstEmptyWidth:
			n.link(at, out, syntax.EmptyOp(inst.Arg))
		case syntax.InstMatch:
			n.states[at].final = true
			if !anchored {
				n.bytes(at, 0, 255, at)
			}
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			for _, r := range runes(inst) {
				n.encode(at, out, r[0], r[1])
			}
		}
	}
	if !anchored {
		n.start = n.state()
		n.link(n.start, int32(prog.Start), 0)
		if n.tests {
			// "\B" does not hold between the bytes of one character.
			n.encode(n.start, n.start, 0, unicode.MaxRune)
		} else {
			n.bytes(n.start, 0, 255, n.start)
		}
	}
	return n
}

// runes returns the ranges of characters that an instruction takes.
func runes(inst *syntax.Inst) [][2]rune {
	switch inst.Op {
	case syntax.InstRuneAny:
		return [][2]rune{{0, unicode.MaxRune}}
	case syntax.InstRuneAnyNotNL:
		return [][2]rune{{0, '\n' - 1}, {'\n' + 1, unicode.MaxRune}}
	}
	if len(inst.Rune) == 1 {
		r := inst.Rune[0]
		out := [][2]rune{{r, r}}
		if syntax.Flags(inst.Arg)&syntax.FoldCase != 0 {
			for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
				out = append(out, [2]rune{f, f})
			}
		}
		return out
	}
	var out [][2]rune
	for i := 0; i+1 < len(inst.Rune); i += 2 {
		out = append(out, [2]rune{inst.Rune[i], inst.Rune[i+1]})
	}
	return out
}
