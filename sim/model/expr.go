package model

import (
	"slices"
	"strings"
)

// Op is the operator of an expression over labels.
type Op uint8

// The operators. NotIn and NotExists also match labels without the key, as the
// Kubernetes API defines.
const (
	OpIn Op = iota
	OpNotIn
	OpExists
	OpNotExists
	OpAnd
	OpOr
	OpNot
)

// Expr is a boolean expression over labels. A nil *Expr matches everything.
type Expr struct {
	Op     Op
	Key    string   // for In, NotIn, Exists, NotExists
	Values []string // for In and NotIn; sorted
	Args   []*Expr  // for And, Or, Not
}

// In returns key in (values).
func In(key string, values ...string) *Expr {
	v := slices.Clone(values)
	slices.Sort(v)
	return &Expr{Op: OpIn, Key: key, Values: slices.Compact(v)}
}

// NotIn returns key not in (values), which also matches labels without the key.
func NotIn(key string, values ...string) *Expr {
	e := In(key, values...)
	e.Op = OpNotIn
	return e
}

// Exists returns that the key is present.
func Exists(key string) *Expr { return &Expr{Op: OpExists, Key: key} }

// NotExists returns that the key is absent.
func NotExists(key string) *Expr { return &Expr{Op: OpNotExists, Key: key} }

// And returns the conjunction; of nothing it is nil, which matches everything.
func And(args ...*Expr) *Expr {
	kept := make([]*Expr, 0, len(args))
	for _, a := range args {
		if a != nil {
			kept = append(kept, a)
		}
	}
	switch len(kept) {
	case 0:
		return nil
	case 1:
		return kept[0]
	}
	return &Expr{Op: OpAnd, Args: kept}
}

// Or returns the disjunction; of nothing it matches nothing.
func Or(args ...*Expr) *Expr { return &Expr{Op: OpOr, Args: args} }

// Not returns the negation.
func Not(e *Expr) *Expr { return &Expr{Op: OpNot, Args: []*Expr{e}} }

// Matches tells whether the labels satisfy the expression.
func (e *Expr) Matches(l Labels) bool {
	if e == nil {
		return true
	}
	switch e.Op {
	case OpIn, OpNotIn:
		v, ok := l.Get(e.Key)
		return (ok && slices.Contains(e.Values, v)) == (e.Op == OpIn)
	case OpExists, OpNotExists:
		_, ok := l.Get(e.Key)
		return ok == (e.Op == OpExists)
	case OpAnd:
		return !slices.ContainsFunc(e.Args, func(a *Expr) bool { return !a.Matches(l) })
	case OpOr:
		return slices.ContainsFunc(e.Args, func(a *Expr) bool { return a.Matches(l) })
	default:
		return !e.Args[0].Matches(l)
	}
}

// String returns a canonical text: equal texts mean equal expressions.
func (e *Expr) String() string {
	var b strings.Builder
	e.write(&b)
	return b.String()
}

func (e *Expr) write(b *strings.Builder) {
	if e == nil {
		b.WriteString("*")
		return
	}
	switch e.Op {
	case OpIn, OpNotIn:
		e.writeIn(b)
	case OpExists:
		b.WriteString(e.Key)
	case OpNotExists:
		b.WriteString("!" + e.Key)
	case OpAnd, OpOr:
		sep := " && "
		if e.Op == OpOr {
			sep = " || "
		}
		b.WriteByte('(')
		for i, a := range e.Args {
			if i > 0 {
				b.WriteString(sep)
			}
			a.write(b)
		}
		b.WriteByte(')')
	default:
		b.WriteString("!(")
		e.Args[0].write(b)
		b.WriteByte(')')
	}
}

func (e *Expr) writeIn(b *strings.Builder) {
	b.WriteString(e.Key)
	if len(e.Values) == 1 {
		if e.Op == OpIn {
			b.WriteByte('=')
		} else {
			b.WriteString("!=")
		}
		b.WriteString(e.Values[0])
		return
	}
	if e.Op == OpIn {
		b.WriteString(" in (")
	} else {
		b.WriteString(" not in (")
	}
	for i, v := range e.Values {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(v)
	}
	b.WriteByte(')')
}
